package io.meshwork.internal.files;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Creates folders that only their owner can access, and whose names survive a power failure. */
public final class PrivateFolders {
  private PrivateFolders() {}

  /**
   * Creates a folder and its missing parents, with mode 0700 on POSIX file systems, and syncs the
   * parent of each. Existing folders are not changed. Thread-safe, also between processes.
   *
   * @throws IOException if a folder cannot be created or synced, or a file has its name
   */
  public static void create(Path folder) throws IOException {
    create(folder, DiskCalls.ofSystem());
  }

  static void create(Path folder, DiskCalls disk) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    Path parent = folder.getParent();
    if (parent != null) {
      create(parent, disk);
    }
    try {
      disk.createFolder(folder);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(folder)) {
        throw e;
      }
    }
    if (parent != null) {
      disk.syncFolder(parent);
    }
  }
}
