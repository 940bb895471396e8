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
import org.jspecify.annotations.Nullable;

/** Checks and prepares the folder of a registry's file: a local disk, private folders. */
final class LocalDisk {
  private static final String FUSE = "fuse.";

  /** How the message of the JDK begins if a folder belongs to none of the mounts. */
  private static final String NO_MOUNT = "Mount point not found";

  /** Types as {@link FileStore#type()} names them on Linux and macOS. */
  private static final Set<String> NETWORK =
      Set.of(
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

  /** Types of folders that a host shares with a container or a virtual machine. */
  private static final Set<String> SHARED =
      Set.of(
          "9p",
          "drvfs",
          "fakeowner",
          "grpcfuse",
          "osxfs",
          "prl_fs",
          "vboxsf",
          "virtiofs",
          "vmhgfs",
          "vmhgfs-fuse");

  /** Types of file systems in user space that name no other. */
  private static final Set<String> USER_SPACE =
      Set.of("fuse", "fusefs", "macfuse", "osxfuse", "osxfusefs", "fuse-t");

  /** Types after {@code fuse.} whose files are on a local disk; all others are refused. */
  private static final Set<String> LOCAL_OVER_FUSE =
      Set.of(
          "apfs-fuse",
          "bindfs",
          "cryfs",
          "encfs",
          "exfat",
          "exfat-fuse",
          "ext2",
          "ext4",
          "fuse-overlayfs",
          "fuse2fs",
          "gocryptfs",
          "mergerfs",
          "ntfs",
          "ntfs-3g",
          "shfs",
          "veracrypt",
          "zfs");

  private LocalDisk() {}

  /**
   * Returns why SQLite's locks and shared memory may not work on a file system of a type
   * (sqlite.org/useovernet.html); null for a local disk.
   */
  static @Nullable String unsafety(String type) {
    String lower = type.toLowerCase(Locale.ROOT);
    boolean isOverFuse = lower.startsWith(FUSE);
    String name = isOverFuse ? lower.substring(FUSE.length()) : lower;
    if (SHARED.contains(name)) {
      return "it is in a folder that a host shares with this container or virtual machine ("
          + type
          + "), where locks do not work";
    }
    if (NETWORK.contains(name)) {
      return "it is on a network file system (" + type + "), where locks do not work";
    }
    if (USER_SPACE.contains(name) || (isOverFuse && !LOCAL_OVER_FUSE.contains(name))) {
      return "it is on a file system in user space (" + type + "), where locks may not work";
    }
    return null;
  }

  /**
   * Rejects all but local disks, before anything is created there.
   *
   * @throws InvalidRequestException if the file would be on another one
   * @throws BackendException if that cannot be found out
   */
  static void requireLocal(Path file) {
    requireLocal(file, type(file, path -> Files.getFileStore(path).type()));
  }

  /** Reads the type of the file system of a path. */
  interface TypeReader {
    String read(Path path) throws IOException;
  }

  /**
   * Returns the type of the file system of a file; empty if it is not known, such as in a chroot,
   * whose root folder has no entry among the mounts.
   *
   * @throws BackendException if it cannot be read
   */
  static String type(Path file, TypeReader reader) {
    try {
      return reader.read(nearestExisting(file.toAbsolutePath()));
    } catch (IOException e) {
      if (String.valueOf(e.getMessage()).startsWith(NO_MOUNT)) {
        return "";
      }
      throw unusable(file, e);
    }
  }

  /** Rejects a file on a file system of another type. */
  static void requireLocal(Path file, String type) {
    String unsafety = unsafety(file.toString().startsWith("\\\\") ? "smb" : type);
    if (unsafety != null) {
      throw Failure.of(MeshAction.of(Verb.OPEN, "the registry '" + file + "'"))
          .because(unsafety)
          .state("Nothing was created.")
          .fix(
              "Use a local disk; in a container, a volume such as one of docker volume create; in WSL"
                  + " or a virtual machine, a folder on its own disk such as the home folder.")
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
