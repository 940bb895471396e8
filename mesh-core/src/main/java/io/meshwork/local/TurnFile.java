package io.meshwork.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The file {@code registry/turns.lock}, of which a process locks a byte while it is its turn to
 * change a partition. Linux gives a lock to the process that has waited longest, and the system
 * releases it when a process ends. Thread-safe.
 */
final class TurnFile {
  /** The name of the file, next to the registry of the mesh. */
  static final String NAME = "turns.lock";

  /**
   * Never closed: a lock belongs to the process, and closing any channel of the file releases it.
   */
  private static final Map<Path, FileChannel> CHANNELS = new HashMap<>();

  private final Path registry;

  TurnFile(Path registry) {
    this.registry = registry;
  }

  /**
   * Returns the lock of a partition, once no other process has it; empty if that takes too long, or
   * if the file system has no locks.
   *
   * @param always false for a lock only if the file exists, because processes took turns before
   */
  Optional<FileLock> await(String partition, boolean always, Duration atMost)
      throws InterruptedException {
    try {
      Path file = registry.toRealPath().resolveSibling(NAME);
      if (!always && Files.notExists(file)) {
        return Optional.empty();
      }
      FileChannel channel = channel(file);
      long position = Integer.toUnsignedLong(partition.hashCode());
      FileLock free = channel.tryLock(position, 1, false);
      return free == null ? await(channel, position, atMost) : Optional.of(free);
    } catch (IOException | OverlappingFileLockException e) {
      return Optional.empty(); // no commit depends on the order
    }
  }

  private static FileChannel channel(Path file) throws IOException {
    synchronized (CHANNELS) {
      FileChannel channel = CHANNELS.get(file);
      if (channel == null) {
        boolean created = Files.notExists(file);
        channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        CHANNELS.put(file, channel);
        if (created) {
          LocalDisk.makePrivate(file);
        }
      }
      return channel;
    }
  }

  /** A thread waits, since only a blocking lock preserves the order, and it has no time limit. */
  private static Optional<FileLock> await(FileChannel channel, long position, Duration atMost)
      throws InterruptedException {
    CompletableFuture<FileLock> locked = new CompletableFuture<>();
    Thread waiting =
        new Thread(
            () -> {
              try {
                FileLock lock = channel.lock(position, 1, false);
                if (!locked.complete(lock)) {
                  lock.release();
                }
              } catch (IOException | RuntimeException e) {
                locked.completeExceptionally(e);
              }
            },
            "mesh-turn");
    waiting.setDaemon(true);
    waiting.start();
    try {
      return Optional.of(locked.get(atMost.toMillis(), TimeUnit.MILLISECONDS));
    } catch (ExecutionException | TimeoutException e) {
      locked.cancel(false);
      return Optional.empty();
    } catch (InterruptedException e) {
      if (!locked.cancel(false)) {
        release(locked);
      }
      throw e;
    }
  }

  private static void release(CompletableFuture<FileLock> locked) {
    FileLock lock = locked.getNow(null);
    if (lock != null) {
      release(lock);
    }
  }

  static void release(FileLock lock) {
    try {
      lock.release();
    } catch (IOException e) {
      // The channel is closed, which releases it.
    }
  }
}
