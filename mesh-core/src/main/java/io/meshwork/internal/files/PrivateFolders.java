package io.meshwork.internal.files;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Makes folders for their owner alone, whose names survive a loss of power. */
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
    make(folder, DiskCalls.ofSystem());
  }

  static void make(Path folder, DiskCalls disk) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    Path above = folder.getParent();
    if (above != null) {
      make(above, disk);
    }
    try {
      disk.makeFolder(folder);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(folder)) {
        throw e;
      }
    }
    if (above != null) {
      disk.syncFolder(above);
    }
  }

  /**
   * Writes a folder's names to the disk, where the system lets folders be opened.
   *
   * @throws IOException if the disk refuses
   */
  public static void sync(Path folder) throws IOException {
    DiskCalls.ofSystem().syncFolder(folder);
  }
}
