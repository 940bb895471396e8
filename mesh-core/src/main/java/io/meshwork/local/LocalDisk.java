package io.meshwork.local;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.files.PrivateFolders;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Set;

/** Checks and prepares the folder of a registry's file: a local disk, private folders. */
final class LocalDisk {
  /** Types as {@link FileStore#type()} names them on Linux and macOS. */
  private static final Set<String> NETWORK =
      Set.of(
          "9p",
          "afpfs",
          "afs",
          "beegfs",
          "ceph",
          "cifs",
          "coda",
          "davfs",
          "gpfs",
          "glusterfs",
          "lustre",
          "ncpfs",
          "nfs",
          "nfs3",
          "nfs4",
          "ocfs2",
          "smb",
          "smb2",
          "smb3",
          "smbfs",
          "webdav");

  /** Types after {@code fuse.} of network file systems. */
  private static final Set<String> NETWORK_OVER_FUSE =
      Set.of(
          "azcopy",
          "blobfuse",
          "blobfuse2",
          "ceph-fuse",
          "curlftpfs",
          "gcsfuse",
          "goofys",
          "google-drive-ocamlfuse",
          "httpfs",
          "juicefs",
          "mount-s3",
          "mountpoint-s3",
          "rclone",
          "s3fs",
          "s3ql",
          "seaweedfs",
          "sshfs",
          "weed",
          "wdfs");

  private LocalDisk() {}

  /**
   * Returns true for the type of a network file system, where SQLite's locks and shared memory do
   * not work (sqlite.org/useovernet.html).
   */
  static boolean isNetwork(String type) {
    String lower = type.toLowerCase(Locale.ROOT);
    if (lower.startsWith("fuse.")) {
      String fuseType = lower.substring("fuse.".length());
      return NETWORK_OVER_FUSE.contains(fuseType) || NETWORK.contains(fuseType);
    }
    return NETWORK.contains(lower);
  }

  /**
   * Rejects a network file system, before anything is created there.
   *
   * @throws InvalidRequestException if the file would be on one
   */
  static void requireLocal(Path file) {
    String type;
    try {
      type = Files.getFileStore(nearestExisting(file)).type();
    } catch (IOException e) {
      throw unusable(file, e);
    }
    requireLocal(file, type);
  }

  /** Rejects a file on a file system of a network type. */
  static void requireLocal(Path file, String type) {
    if (isNetwork(type) || file.toString().startsWith("\\\\")) {
      throw Failure.of(MeshAction.of(Verb.OPEN, "the registry '" + file + "'"))
          .because("it is on a network file system (" + type + "), where locks do not work")
          .state("Nothing was created.")
          .fix("Use a local disk.")
          .invalidRequest(ErrorCode.CONFIG_INVALID);
    }
  }

  /**
   * Rejects a registry that this account may not write.
   *
   * @throws BackendException if the file or its folder is not writable
   */
  static void requireWritable(Path file) {
    Path folder = file.getParent();
    if (Files.isWritable(file) && (folder == null || Files.isWritable(folder))) {
      return;
    }
    throw Failure.of(MeshAction.of(Verb.OPEN, "the registry '" + file + "'"))
        .because(
            "this account may not write to it and to its folder, which even reading requires, because SQLite stores its locks there (-wal, -shm)")
        .fix("Grant the account write permission, or run as the account that created the mesh.")
        .lasting(ErrorCode.STORAGE_UNWRITABLE);
  }

  /** Creates the missing folders of a file, private to the owner, and syncs them. */
  static void createFolders(Path file) {
    Path folder = file.getParent();
    if (folder == null) {
      return;
    }
    try {
      PrivateFolders.create(folder);
    } catch (IOException e) {
      throw unusable(file, e);
    }
  }

  /**
   * Makes a new file private to its owner. Does not open the file: closing another descriptor of it
   * would release the locks that this process holds through SQLite.
   */
  static void makePrivate(Path file) {
    if (!isPosix(file)) {
      return;
    }
    try {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    } catch (IOException e) {
      throw unusable(file, e);
    }
  }

  private static Path nearestExisting(Path file) {
    for (Path path = file; path != null; path = path.getParent()) {
      if (Files.exists(path)) {
        return path;
      }
    }
    return file;
  }

  private static boolean isPosix(Path file) {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  private static BackendException unusable(Path file, IOException cause) {
    return Failure.of(MeshAction.of(Verb.OPEN, "the registry '" + file + "'"))
        .because("its folder cannot be created or used (" + cause.getClass().getSimpleName() + ")")
        .fix("Use a folder that this process may write to.")
        .cause(cause)
        .lasting(ErrorCode.STORAGE_UNWRITABLE);
  }
}
