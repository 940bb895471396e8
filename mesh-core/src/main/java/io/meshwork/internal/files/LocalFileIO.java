package io.meshwork.internal.files;

import io.meshwork.internal.disk.DesktopFiles;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.table.MeshTables.LinkedFiles;
import io.meshwork.internal.table.UnsyncedFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.iceberg.exceptions.RuntimeIOException;
import org.apache.iceberg.io.BulkDeletionFailureException;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.PositionOutputStream;
import org.apache.iceberg.io.SupportsBulkOperations;
import org.apache.iceberg.io.SupportsPrefixOperations;
import org.jspecify.annotations.Nullable;

/**
 * Iceberg's {@code FileIO} for local disks. With {@link #below}, locations start with {@link #ROOT}
 * and refer to files below one folder; the folder can be moved, copied, or mounted elsewhere, and
 * files outside it cannot be addressed. Without a folder, locations are absolute paths; a leading
 * {@code file:} is dropped, and nothing is decoded, because Hadoop's paths are not encoded either.
 * Thread-safe, and serializable for engines.
 *
 * <p>A new file is written as {@code .<name>.tmp} in its folder, synced, and linked to its final
 * name when it is closed; then its folder is synced. A writer that crashes leaves at most the
 * {@code .tmp}, which {@link #listPrefix} lists. The syncs of an unsynced file wait for {@link
 * #sync}.
 */
public final class LocalFileIO
    implements SupportsPrefixOperations, SupportsBulkOperations, LinkedFiles, UnsyncedFiles {
  private static final long serialVersionUID = 1L;

  /** The prefix of locations below a folder, and the root location of tables. */
  public static final String ROOT = "mesh:";

  /** The prefix of locations in a folder that may only be read; its name follows. */
  public static final String READ_ONLY_ROOT = "root:";

  /** True for a location in a folder that may only be read, such as of another program. */
  public static boolean isReadOnly(String location) {
    return location.startsWith(READ_ONLY_ROOT);
  }

  /**
   * Returns the path that a user names, as a path or as a URI with {@code file:}, which may be
   * encoded. A name that really has the percent signs wins.
   *
   * @throws io.meshwork.error.InvalidRequestException if it cannot be a path on this system
   */
  public static Path path(String location) {
    return PathText.named(location);
  }

  /** True for the text of an absolute path of this system. */
  public static boolean isAbsolutePath(String text) {
    return PathText.isAbsolute(text);
  }

  /** A file whose content may be replaced at a lower cost than by {@link #createOrOverwrite}. */
  public interface ReplaceableFile extends OutputFile {
    /**
     * Creates the file or replaces its content as a whole. After a loss of power, the file has the
     * old or the new content, or is missing if it was new.
     */
    PositionOutputStream replace();
  }

  private final LocalPath paths;
  private final DiskCalls disk;

  /** Creates an instance for absolute paths; engines also call this, by the class name. */
  public LocalFileIO() {
    this(LocalPath.anywhere(), DiskCalls.ofSystem());
  }

  private LocalFileIO(LocalPath paths, DiskCalls disk) {
    this.paths = paths;
    this.disk = disk;
  }

  /**
   * Returns an instance for files below this folder only: locations start with {@link #ROOT}, or
   * are absolute paths in the folder.
   */
  public static LocalFileIO below(Path folder) {
    return below(folder, DiskCalls.ofSystem());
  }

  /** Returns an instance for files below this folder, with other system calls. */
  public static LocalFileIO below(Path folder, DiskCalls disk) {
    return new LocalFileIO(LocalPath.below(folder), disk);
  }

  /**
   * Adds a folder whose files can be read, and never written or deleted: their locations are {@link
   * #READ_ONLY_ROOT}, the name, and the path in the folder. Their absolute paths lead to them too.
   * The folder may be a link; a link below it must not lead out of it.
   *
   * @throws io.meshwork.error.InvalidRequestException if it is in the mesh's folder or another one,
   *     or around it, or if its path has the value of a column, such as {@code dt=2026-01-01}
   */
  public LocalFileIO reading(String name, Path folder) {
    Path added = MeshTree.real(folder.toAbsolutePath().normalize());
    Path root = paths.root();
    if (root == null || ReadOnlyFolderCheck.overlap(MeshTree.real(root), added)) {
      throw ArgumentChecks.refused(
          "dataFolders",
          "names the folder '" + added + "', which is in the mesh's folder or around it",
          "Name a folder with files of other programs only.");
    }
    if (paths.overlapsReadable(added)) {
      throw ArgumentChecks.refused(
          "dataFolders",
          "names the folder '" + added + "', which is in another one or around it",
          "Name each folder once, so that each file has one location.");
    }
    if (added.toString().indexOf('=') >= 0) {
      throw ArgumentChecks.refused(
          "dataFolders",
          "names the folder '"
              + added
              + "', and a folder such as dt=2026-01-01 has a column's value",
          "Name the folder around it, so that the value is part of each location.");
    }
    return new LocalFileIO(paths.reading(name, added), disk);
  }

  /**
   * Returns the current absolute path of a location, for programs that read files directly.
   *
   * @throws io.meshwork.error.InvalidRequestException if it is outside the folder
   */
  public String address(String location) {
    return paths.ofReadable(location).toString();
  }

  /** Returns none. Iceberg asks at each manifest, and the default throws an exception each time. */
  @Override
  public Map<String, String> properties() {
    return Map.of();
  }

  @Override
  public String target(String location) {
    return paths.target(location);
  }

  @Override
  public Object identity(String location) {
    try {
      Object key =
          Files.readAttributes(paths.ofReadable(location), BasicFileAttributes.class).fileKey();
      return key == null ? location : key;
    } catch (IOException e) {
      return location;
    }
  }

  @Override
  public Optional<String> nearestAbove(String location, List<String> names) {
    return paths.folderBehindLinks(location).flatMap(folder -> nearest(folder, names));
  }

  private static Optional<String> nearest(Path start, List<String> names) {
    for (Path folder = start; folder != null; folder = folder.getParent()) {
      for (String name : names) {
        Path file = folder.resolve(name);
        if (Files.notExists(file)) {
          continue; // most folders have none, and an exception would take longer
        }
        try {
          return Optional.of(Files.readString(file));
        } catch (IOException e) {
          continue; // it does not exist, or this process may not read it
        }
      }
    }
    return Optional.empty();
  }

  @Override
  public InputFile newInputFile(String location) {
    Path path = paths.ofReadable(location);
    return new LocalInputFile(paths.locationOf(path), path);
  }

  /** Ignores the given length; the disk returns it quickly. */
  @Override
  public InputFile newInputFile(String location, long length) {
    return newInputFile(location);
  }

  @Override
  public OutputFile newOutputFile(String location) {
    return newFile(location, LocalOutputStream.TargetName.NEW);
  }

  @Override
  public OutputFile newUnsyncedFile(String location) {
    return newFile(location, LocalOutputStream.TargetName.UNSYNCED);
  }

  private OutputFile newFile(String location, LocalOutputStream.TargetName name) {
    Path path = paths.of(location);
    return new LocalOutputFile(paths.locationOf(path), path, disk, name);
  }

  @Override
  public void sync(Collection<String> locations) {
    List<Path> files = locations.stream().map(paths::of).toList();
    try {
      disk.syncFiles(files);
      for (Path folder :
          files.stream().map(Path::getParent).filter(Objects::nonNull).distinct().toList()) {
        disk.syncFolder(folder);
      }
    } catch (IOException e) {
      throw new RuntimeIOException(e, "Cannot sync files of '%s'", locations);
    }
  }

  /** Deletes a file, if it exists. */
  @Override
  public void deleteFile(String location) {
    Path file = paths.of(location);
    try {
      if (Files.isDirectory(file)) {
        throw new IOException("it is a folder");
      }
      disk.delete(file);
    } catch (IOException e) {
      throw new RuntimeIOException(e, "Cannot delete file '%s'", file);
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
   * Lists all files below a folder, including hidden and unfinished ones. For a file, lists the
   * file itself; for a missing path, nothing. In a mesh's folder, it follows links to folders
   * elsewhere, and lists files that are links. In a folder that may only be read, it rejects links,
   * and folders to which links in the mesh's folder lead; of {@link DesktopFiles}, it ignores links
   * and what it cannot read.
   *
   * @throws io.meshwork.error.InvalidRequestException for such a link or folder
   */
  @Override
  public Iterable<FileInfo> listPrefix(String prefix) {
    Path start = paths.ofReadable(prefix);
    return list(
        prefix,
        (path, failure) -> {
          if (!isOfSystem(start, path)) {
            throw failure;
          }
        });
  }

  @Override
  public Iterable<FileInfo> listReadable(String folder, Consumer<String> unreadable) {
    Path start = paths.ofReadable(folder);
    return list(
        folder,
        (path, failure) -> {
          if (path.equals(start)) {
            throw failure;
          }
          unreadable.accept(paths.locationOf(path));
        });
  }

  /** True for a file or folder of an operating system below a folder of another program. */
  private static boolean isOfSystem(Path folder, Path path) {
    return path.startsWith(folder)
        && DesktopFiles.contain(folder.relativize(path).toString().replace('\\', '/'));
  }

  /** Receives the folders that cannot be read, and why. */
  private interface Unreadable {
    void accept(Path path, IOException failure) throws IOException;
  }

  private List<FileInfo> list(String prefix, Unreadable unreadable) {
    List<FileInfo> files = new ArrayList<>();
    Path start = paths.ofReadable(prefix);
    Path root = paths.root();
    try {
      if (root == null || !start.startsWith(root)) {
        if (root != null && Files.notExists(start)) {
          return files;
        } else if (root != null) {
          ReadOnlyFolderCheck.requireForeign(start, root);
        }
        visit(start, new FileVisitor(start, files, root != null, unreadable));
        return files;
      }
      MeshTree.visit(root, start, (file, attributes) -> files.add(info(file, attributes)));
    } catch (IOException e) {
      throw cannotList(start, e);
    }
    return files;
  }

  /** Collects regular files, and rejects links in a folder that may only be read. */
  private final class FileVisitor extends SimpleFileVisitor<Path> {
    private final Path start;
    private final List<FileInfo> files;
    private final boolean granted;
    private final Unreadable unreadable;

    FileVisitor(Path start, List<FileInfo> files, boolean granted, Unreadable unreadable) {
      this.start = start;
      this.files = files;
      this.granted = granted;
      this.unreadable = unreadable;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      if (attributes.isRegularFile()) {
        files.add(info(file, attributes));
      } else if (granted && attributes.isSymbolicLink() && !isOfSystem(start, file)) {
        ReadOnlyFolderCheck.requireNoData(file);
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path path, IOException failure) throws IOException {
      if (!(failure instanceof NoSuchFileException)) {
        boolean isFolder = Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
        Path parent = path.getParent();
        unreadable.accept(isFolder || parent == null ? path : parent, failure);
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
        throws IOException {
      if (failure != null) {
        unreadable.accept(folder, failure);
      }
      return FileVisitResult.CONTINUE;
    }
  }

  private FileInfo info(Path file, BasicFileAttributes attributes) {
    return new FileInfo(
        paths.locationOf(file),
        attributes.isSymbolicLink() ? 0 : attributes.size(), // of a file that cannot be reached
        attributes.lastModifiedTime().toMillis());
  }

  /** Deletes a folder with its content, or a file. Links are deleted, not followed. */
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
            return ignoreMissing(failure);
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
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
      throw cannotList(start, e);
    }
  }

  private static RuntimeIOException cannotList(Path start, IOException cause) {
    return new RuntimeIOException(cause, "Cannot list '%s'", start);
  }

  private static FileVisitResult ignoreMissing(IOException failure) throws IOException {
    if (failure instanceof NoSuchFileException) {
      return FileVisitResult.CONTINUE;
    }
    throw failure;
  }
}
