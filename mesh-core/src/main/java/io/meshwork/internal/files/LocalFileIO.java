package io.meshwork.internal.files;

import io.meshwork.internal.table.LinkedFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.exceptions.RuntimeIOException;
import org.apache.iceberg.io.BulkDeletionFailureException;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.SupportsBulkOperations;
import org.apache.iceberg.io.SupportsPrefixOperations;

/**
 * Iceberg's files on local disks. {@link #below} takes locations that begin with {@link #ROOT} and
 * mean files below one folder, so that the folder may be moved, copied or mounted elsewhere, and
 * nothing outside of it can be named. Made without a folder, locations are absolute paths; a
 * leading {@code file:} is dropped, and nothing is decoded, as Hadoop's paths are not encoded
 * either. Thread-safe, and serializable for engines.
 *
 * <p>A new file is written beside its place as {@code .<name>.tmp}, synced, and linked to its final
 * name when it is closed; then its folder is synced. A writer that dies leaves at most the {@code
 * .tmp}, which {@link #listPrefix} shows.
 */
public final class LocalFileIO
    implements SupportsPrefixOperations, SupportsBulkOperations, LinkedFiles {
  private static final long serialVersionUID = 1L;

  /** What locations below a folder begin with, and the root that tables are given. */
  public static final String ROOT = "mesh:";

  private final LocalPath paths;
  private final DiskCalls disk;

  /** Files anywhere; for engines too, which make it by its name. */
  public LocalFileIO() {
    this(LocalPath.anywhere(), DiskCalls.ofSystem());
  }

  private LocalFileIO(LocalPath paths, DiskCalls disk) {
    this.paths = paths;
    this.disk = disk;
  }

  /**
   * Files below this folder alone: locations begin with {@link #ROOT}, or are absolute paths there.
   */
  public static LocalFileIO below(Path folder) {
    return below(folder, DiskCalls.ofSystem());
  }

  /** The same on a disk that a test stands in for. */
  public static LocalFileIO below(Path folder, DiskCalls disk) {
    return new LocalFileIO(LocalPath.below(folder), disk);
  }

  /**
   * The absolute path that a location means now, for programs that read files themselves.
   *
   * @throws io.meshwork.error.InvalidRequestException if it leads out of the folder
   */
  public String address(String location) {
    return paths.of(location).toString();
  }

  @Override
  public String target(String location) {
    return paths.target(location);
  }

  @Override
  public InputFile newInputFile(String location) {
    Path path = paths.of(location);
    return new LocalInputFile(paths.locationOf(path), path);
  }

  /** The same; the length given is not trusted, since asking the disk costs little. */
  @Override
  public InputFile newInputFile(String location, long length) {
    return newInputFile(location);
  }

  @Override
  public OutputFile newOutputFile(String location) {
    Path path = paths.of(location);
    return new LocalOutputFile(paths.locationOf(path), path, disk);
  }

  /** Deletes a file; one that is not there is no error. */
  @Override
  public void deleteFile(String location) {
    Path file = paths.of(location);
    try {
      if (Files.isDirectory(file)) {
        throw new IOException("It is a folder");
      }
      disk.delete(file);
    } catch (IOException e) {
      throw new RuntimeIOException(e, "Could not delete the file '%s'", file);
    }
  }

  @Override
  public void deleteFiles(Iterable<String> locations) {
    int failed = 0;
    for (String location : locations) {
      try {
        deleteFile(location);
      } catch (UncheckedIOException e) {
        failed++;
      }
    }
    if (failed > 0) {
      throw new BulkDeletionFailureException(failed);
    }
  }

  /**
   * Lists the files of a folder and all below it, hidden and unfinished ones too; a file lists
   * itself, and what is not there lists nothing. Below a folder of a mesh, folders that are links
   * to another place are a part of it; files that are links are not listed.
   */
  @Override
  public Iterable<FileInfo> listPrefix(String prefix) {
    List<FileInfo> files = new ArrayList<>();
    Path start = paths.of(prefix);
    Path root = paths.root();
    if (root == null) {
      visit(start, files);
      return files;
    }
    try {
      MeshTree.visit(
          root,
          start,
          (file, attributes) -> {
            if (!Files.isSymbolicLink(file)) {
              files.add(info(file, attributes));
            }
          });
    } catch (IOException e) {
      throw unwalkable(start, e);
    }
    return files;
  }

  private void visit(Path start, List<FileInfo> files) {
    visit(
        start,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile()) {
              files.add(info(file, attributes));
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException failure)
              throws IOException {
            return unlessGone(failure);
          }
        });
  }

  private FileInfo info(Path file, BasicFileAttributes attributes) {
    return new FileInfo(
        paths.locationOf(file), attributes.size(), attributes.lastModifiedTime().toMillis());
  }

  /** Deletes a folder and all below it, or a file. Links are deleted and not followed. */
  @Override
  public void deletePrefix(String prefix) {
    visit(
        paths.of(prefix),
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            disk.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException failure)
              throws IOException {
            return unlessGone(failure);
          }

          @Override
          public FileVisitResult postVisitDirectory(
              Path folder, @org.jspecify.annotations.Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            disk.delete(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static void visit(Path start, SimpleFileVisitor<Path> visitor) {
    try {
      Files.walkFileTree(start, visitor);
    } catch (IOException e) {
      throw unwalkable(start, e);
    }
  }

  private static RuntimeIOException unwalkable(Path start, IOException cause) {
    return new RuntimeIOException(cause, "Could not walk through '%s'", start);
  }

  private static FileVisitResult unlessGone(IOException failure) throws IOException {
    if (failure instanceof NoSuchFileException) {
      return FileVisitResult.CONTINUE;
    }
    throw failure;
  }
}
