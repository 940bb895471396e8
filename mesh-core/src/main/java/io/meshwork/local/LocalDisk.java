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

/** Judges and prepares the place of a registry's file: a disk of this machine, private folders. */
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

  /** What stands behind {@code fuse.} when files come over the network. */
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
   * True if a file system of this type lies behind a network, where SQLite's locks and shared
   * memory do not hold (sqlite.org/useovernet.html).
   */
  static boolean isNetwork(String type) {
    String lower = type.toLowerCase(Locale.ROOT);
    if (lower.startsWith("fuse.")) {
      String behind = lower.substring("fuse.".length());
      return NETWORK_OVER_FUSE.contains(behind) || NETWORK.contains(behind);
    }
    return NETWORK.contains(lower);
  }

  /**
   * Refuses a network file system, before anything is made there.
   *
   * @throws InvalidRequestException if the file would lie on one
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

  /** The same for a file on a file system of a type. */
  static void requireLocal(Path file, String type) {
    if (isNetwork(type) || file.toString().startsWith("\\\\")) {
      throw Failure.of(MeshAction.of(Verb.OPEN, "the registry '" + file + "'"))
          .because("it lies on a network file system (" + type + "), where locks do not hold")
          .state("Nothing was made.")
          .fix("Use a disk of this machine, or a registry that is a service.")
          .invalidRequest(ErrorCode.CONFIG_INVALID);
    }
  }

  /**
   * Refuses a registry that this account may read at most.
   *
   * @throws BackendException if the file or its folder may not be written
   */
  static void requireWritable(Path file) {
    Path folder = file.getParent();
    if (Files.isWritable(file) && (folder == null || Files.isWritable(folder))) {
      return;
    }
    throw Failure.of(MeshAction.of(Verb.OPEN, "the registry '" + file + "'"))
        .because(
            "this account may not write to it and to its folder. Even reading needs that, since SQLite keeps its locks in files there (-wal, -shm)")
        .fix("Give the account the right to write there, or run as the one that made the mesh.")
        .lasting(ErrorCode.STORAGE_UNWRITABLE);
  }

  /** Makes the folders of a file that are missing, for the owner alone, and synced. */
  static void makeFolders(Path file) {
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
   * Takes a new file away from all but its owner. The file is never opened here: closing another
   * descriptor of it would drop the locks that this process holds through SQLite.
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
    for (Path place = file; place != null; place = place.getParent()) {
      if (Files.exists(place)) {
        return place;
      }
    }
    return file;
  }

  private static boolean isPosix(Path file) {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  private static BackendException unusable(Path file, IOException cause) {
    return Failure.of(MeshAction.of(Verb.OPEN, "the registry '" + file + "'"))
        .because("its folder cannot be made or used (" + cause.getClass().getSimpleName() + ")")
        .fix("Give a folder that this process may write to.")
        .cause(cause)
        .lasting(ErrorCode.STORAGE_UNWRITABLE);
  }
}
