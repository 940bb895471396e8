package io.meshwork.local;

import io.meshwork.internal.files.DiskCalls;
import io.meshwork.internal.files.MeshTree;
import io.meshwork.internal.files.PrivateFolders;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.function.Predicate;

/** Copies files of one folder to the same names in another, each once, and counts them. */
final class FolderCopy {
  private final Path folder;
  private final Path target;
  private final DiskCalls disk;
  private final BytesMeter meter;
  private long files;
  private long bytes;

  FolderCopy(Path folder, Path target, DiskCalls disk, BytesMeter meter) {
    this.folder = folder;
    this.target = target;
    this.disk = disk;
    this.meter = meter;
  }

  /** Returns the number of files that were copied. */
  long files() {
    return files;
  }

  /** Returns the total length of the files that were copied, in bytes. */
  long bytes() {
    return bytes;
  }

  /** Copies all files below a folder that are not excluded. */
  void copyBelow(Path part, Predicate<Path> isExcluded) throws IOException {
    MeshTree.visit(
        folder,
        part,
        (file, attributes) -> {
          if (attributes.isRegularFile() && !isExcluded.test(file)) {
            copy(file);
          }
        });
  }

  /** Copies a file unless it was copied before; returns false if it does not exist. */
  boolean copy(Path file) throws IOException {
    Path copy = target.resolve(folder.relativize(file).toString());
    if (Files.exists(copy)) {
      return true;
    }
    PrivateFolders.create(folderOf(copy));
    try (FileChannel from = FileChannel.open(file, StandardOpenOption.READ);
        FileChannel into = disk.createFile(copy)) {
      long length = from.size();
      for (long copied = 0; copied < length; ) {
        long more = from.transferTo(copied, length - copied, into);
        if (more <= 0) {
          throw new EOFException(file + " was truncated while it was copied");
        }
        copied += more;
      }
      disk.syncFile(copy, into);
    } catch (NoSuchFileException e) {
      return false;
    }
    // Maintenance uses the time if a file's name does not contain one.
    Files.setLastModifiedTime(copy, Files.getLastModifiedTime(file));
    count(copy);
    meter.add(Files.size(copy));
    return true;
  }

  /** Syncs a file that was written to the target. */
  void sync(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      disk.syncFile(file, channel);
    }
  }

  /** Counts a file that was written to the target. */
  void count(Path file) throws IOException {
    files++;
    bytes += Files.size(file);
  }

  /** Returns the folder of a file of a mesh. */
  static Path folderOf(Path file) {
    return Objects.requireNonNull(file.getParent(), "a file of a mesh is in a folder");
  }
}
