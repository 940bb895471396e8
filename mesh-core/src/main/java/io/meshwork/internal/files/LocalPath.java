package io.meshwork.internal.files;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** Turns locations into paths, and makes private folders that survive a loss of power. */
final class LocalPath {
  private static final String SCHEME = "file:";

  private LocalPath() {}

  /**
   * The path of a location.
   *
   * @throws InvalidRequestException if it is not absolute, or of another scheme than file
   */
  static Path of(String location) {
    String text = location;
    if (text.startsWith(SCHEME)) {
      text = text.substring(SCHEME.length());
      if (text.startsWith("//")) {
        text = text.substring(2);
      }
    }
    Path path = Path.of(text);
    if (!path.isAbsolute() || path.getNameCount() == 0) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_ARGUMENT,
          "Cannot use the location '"
              + location
              + "' as a local file: it is no absolute path below the root. Give one such as"
              + " /data/mesh/file.");
    }
    return path;
  }

  /** Rights of a new file: for its owner alone, where the file system knows owners. */
  static FileAttribute<?>[] privateFile(Path file) {
    return permissions(file, "rw-------");
  }

  /** Makes the missing folders above a file and syncs the folder of each. */
  static void makeFolders(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    Path above = folder.getParent();
    if (above != null) {
      makeFolders(above);
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

  /** Writes a folder's names to the disk, where the system lets folders be opened. */
  static void sync(Path folder) throws IOException {
    if (!isPosix(folder)) {
      return;
    }
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
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
