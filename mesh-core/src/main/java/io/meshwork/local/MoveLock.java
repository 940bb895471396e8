package io.meshwork.local;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The lock by which one move at a time changes a folder: a lock on the file {@code
 * registry/move.lock}. The system releases it when the process ends. The file is never deleted,
 * because another process may be about to lock it.
 */
final class MoveLock implements AutoCloseable {
  /** The name of the file, next to the registry of the mesh. */
  static final String NAME = "move.lock";

  /**
   * The files that this process locked. A lock belongs to the process, and closing another channel
   * of the file would release it.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final FileChannel channel;

  private MoveLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Locks a folder.
   *
   * @param folder the folder of an existing mesh
   * @param action what is to be done, for messages
   * @throws io.meshwork.error.ConflictException if another move has the lock
   * @throws io.meshwork.error.BackendException if the file cannot be created or locked
   */
  static MoveLock acquire(Path folder, MeshAction action) {
    try {
      Path registry = MeshFolder.registryFile(folder).toRealPath();
      Path file = registry.resolveSibling(NAME);
      if (!HELD.add(file)) {
        throw busy(action);
      }
      boolean isLocked = false;
      try {
        FileChannel channel = lock(file);
        if (channel == null) {
          throw busy(action);
        }
        isLocked = true;
        return new MoveLock(file, channel);
      } finally {
        if (!isLocked) {
          HELD.remove(file);
        }
      }
    } catch (IOException e) {
      throw Failure.of(action)
          .because(
              "the file "
                  + NAME
                  + " beside its registry cannot be locked ("
                  + e.getClass().getSimpleName()
                  + ")")
          .fix("Check the permissions of the folder and the free disk space.")
          .cause(e)
          .lasting(ErrorCode.STORAGE_UNWRITABLE);
    }
  }

  /** Returns the locked file; null if another process has the lock. */
  private static @Nullable FileChannel lock(Path file) throws IOException {
    boolean created = Files.notExists(file);
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    boolean isLocked = false;
    try {
      if (created) {
        LocalDisk.makePrivate(file);
      }
      FileLock lock = channel.tryLock();
      isLocked = lock != null;
      return isLocked ? channel : null;
    } finally {
      if (!isLocked) {
        channel.close();
      }
    }
  }

  private static RuntimeException busy(MeshAction action) {
    return Failure.of(action)
        .because("another move of this folder is running, in this or another process")
        .fix("Wait until it has ended. The lock of a process ends with it.")
        .conflict(ErrorCode.CONFLICT);
  }

  /** Releases the lock. */
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException ignored) {
      // The system releases the lock with the process at the latest.
    } finally {
      HELD.remove(file);
    }
  }
}
