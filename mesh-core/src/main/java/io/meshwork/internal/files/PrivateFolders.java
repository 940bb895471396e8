package io.meshwork.internal.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** Makes folders and files for their owner alone, whose names survive a loss of power. */
public final class PrivateFolders {
  private PrivateFolders() {}

  /**
   * Makes a folder and those above it that are missing, with rights 0700 where the file system
   * knows owners, and syncs the folder that each is named in. Folders that are there stay as they
   * are. Thread-safe, also among processes.
   *
   * @throws IOException if a folder cannot be made or synced, or a file is in its place
   */
  public static void make(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    Path above = folder.getParent();
    if (above != null) {
      make(above);
    }
    try {
      Files.createDirectory(folder, permissions(folder, "rwx------"));
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(folder)) {
        throw e;
      }
    }
    if (above != null) {
      sync(above);
    }
  }

  /**
   * Writes a folder's names to the disk, where the system lets folders be opened.
   *
   * @throws IOException if the disk refuses
   */
  public static void sync(Path folder) throws IOException {
    if (!isPosix(folder)) {
      return;
    }
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Rights 0600 for a file about to be made, where the file system knows owners. */
  static FileAttribute<?>[] privateFile(Path file) {
    return permissions(file, "rw-------");
  }

  private static FileAttribute<?>[] permissions(Path path, String rights) {
    return isPosix(path)
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(rights))
        }
        : new FileAttribute<?>[0];
  }

  private static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}
