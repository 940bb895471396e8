package io.meshwork.internal.files;

import java.io.IOException;
import java.io.Serializable;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;

/**
 * The system calls with which {@link LocalFileIO} changes files. A test can replace them to
 * simulate a disk that loses unsynced writes. Thread-safe.
 */
public interface DiskCalls extends Serializable {
  /** Returns the calls of the operating system. */
  static DiskCalls ofSystem() {
    return SystemCalls.INSTANCE;
  }

  /**
   * Creates a folder that only its owner can access.
   *
   * @throws java.nio.file.FileAlreadyExistsException if the name exists
   */
  void createFolder(Path folder) throws IOException;

  /**
   * Creates a file that only its owner can access, and opens it for writing.
   *
   * @throws java.nio.file.FileAlreadyExistsException if the name exists
   */
  FileChannel createFile(Path file) throws IOException;

  /** Syncs the content of a file to the disk, but not its name. */
  void syncFile(Path file, FileChannel channel) throws IOException;

  /** Syncs the content of closed files, at the same time if the system can, but not their names. */
  default void syncFiles(Collection<Path> files) throws IOException {
    for (Path file : files) {
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        syncFile(file, channel);
      }
    }
  }

  /**
   * Creates a hard link to a file.
   *
   * @throws java.nio.file.FileAlreadyExistsException if the name exists
   * @throws UnsupportedOperationException if the file system has no hard links
   */
  void link(Path name, Path file) throws IOException;

  /** Renames a file, and replaces an existing file with the new name. */
  void move(Path from, Path to) throws IOException;

  /** Deletes a file or an empty folder, if it exists. */
  void delete(Path path) throws IOException;

  /** Syncs the names in a folder to the disk, if the system can open folders. */
  void syncFolder(Path folder) throws IOException;
}
