package io.meshwork.internal.files;

import java.io.IOException;
import java.io.Serializable;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * What {@link LocalFileIO} asks of the system to change files. A test may stand in for a disk that
 * forgets what was not synced. Thread-safe.
 */
public interface DiskCalls extends Serializable {
  /** The system itself. */
  static DiskCalls ofSystem() {
    return SystemCalls.INSTANCE;
  }

  /**
   * Makes one folder for its owner alone.
   *
   * @throws java.nio.file.FileAlreadyExistsException if something has its name
   */
  void makeFolder(Path folder) throws IOException;

  /**
   * Makes a file for its owner alone, to be written.
   *
   * @throws java.nio.file.FileAlreadyExistsException if something has its name
   */
  FileChannel makeFile(Path file) throws IOException;

  /** Writes a file's bytes to the disk; its name is another matter. */
  void syncFile(Path file, FileChannel channel) throws IOException;

  /**
   * Gives a file another name.
   *
   * @throws java.nio.file.FileAlreadyExistsException if something has that name
   * @throws UnsupportedOperationException if the file system has no links
   */
  void link(Path name, Path file) throws IOException;

  /** Gives a file another name instead of its own, over whatever has that name. */
  void move(Path from, Path to) throws IOException;

  /** Deletes a file or an empty folder, if it is there. */
  void delete(Path path) throws IOException;

  /** Writes the names in a folder to the disk, where the system lets folders be opened. */
  void syncFolder(Path folder) throws IOException;
}
