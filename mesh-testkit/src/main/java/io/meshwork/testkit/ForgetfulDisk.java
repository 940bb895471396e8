package io.meshwork.testkit;

import io.meshwork.internal.files.DiskCalls;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A disk that loses unsynced changes when power is lost: bytes of files, and names in folders that
 * were created, moved or deleted. It works on real files, records unsynced changes, and undoes them
 * when power is lost: all of them, or for each name any number of the last changes, because a disk
 * may write in any order.
 *
 * <p>It does not simulate a disk that reports a sync without performing it. Thread-safe.
 */
final class ForgetfulDisk implements DiskCalls {
  private static final long serialVersionUID = 1L;

  private final transient Path backups;
  private final transient Random random;
  private final transient DiskCalls real = DiskCalls.ofSystem();
  private final transient List<Change> changes = new ArrayList<>();
  private final transient Set<Object> unsynced = new HashSet<>();
  private transient int backupCount;

  /**
   * Creates a disk.
   *
   * @param backups a folder on the same file system for deleted files, until their deletion is
   *     synced
   * @param seed selects the lost changes; 0 loses all unsynced changes
   */
  ForgetfulDisk(Path backups, long seed) {
    this.backups = backups;
    this.random =
        new Random(seed) {
          private static final long serialVersionUID = 1L;

          @Override
          public int nextInt(int bound) {
            return seed == 0 ? 0 : super.nextInt(bound);
          }
        };
  }

  /**
   * An unsynced change of a name.
   *
   * @param backup the file that had the name before; null if none
   */
  private record Change(Path name, @Nullable Path backup) {}

  @Override
  public synchronized void createFolder(Path folder) throws IOException {
    real.createFolder(folder);
    changes.add(new Change(folder, null));
  }

  @Override
  public synchronized FileChannel createFile(Path file) throws IOException {
    FileChannel channel = real.createFile(file);
    changes.add(new Change(file, null));
    unsynced.add(key(file));
    return channel;
  }

  @Override
  public synchronized void syncFile(Path file, FileChannel channel) throws IOException {
    unsynced.remove(key(file));
  }

  @Override
  public synchronized void link(Path name, Path file) throws IOException {
    real.link(name, file);
    changes.add(new Change(name, null));
  }

  @Override
  public synchronized void move(Path from, Path to) throws IOException {
    if (Files.exists(to)) {
      delete(to);
    }
    real.link(to, from);
    changes.add(new Change(to, null));
    delete(from);
  }

  @Override
  public synchronized void delete(Path path) throws IOException {
    if (!Files.exists(path)) {
      return;
    }
    Path backup = null;
    if (Files.isRegularFile(path)) {
      backup = backups.resolve("backup-" + ++backupCount);
      Files.createLink(backup, path);
    }
    real.delete(path);
    changes.add(new Change(path, backup));
  }

  @Override
  public synchronized void syncFolder(Path folder) {
    changes.removeIf(change -> folder.equals(change.name().getParent()));
  }

  /** Simulates a loss of power: undoes unsynced changes permanently. */
  synchronized void losePower(Path folder) throws IOException {
    Map<Path, Integer> retained = new HashMap<>();
    Map<Path, Integer> changeCounts = new HashMap<>();
    for (Change change : changes) {
      changeCounts.merge(change.name(), 1, Integer::sum);
    }
    for (Path name : changes.stream().map(Change::name).distinct().toList()) {
      retained.put(name, random.nextInt(changeCounts.getOrDefault(name, 0) + 1));
    }
    for (int i = changes.size() - 1; i >= 0; i--) {
      Change change = changes.get(i);
      int index = changeCounts.merge(change.name(), -1, Integer::sum);
      if (index >= retained.getOrDefault(change.name(), 0)) {
        undo(change);
      }
    }
    changes.clear();
    truncateUnsynced(folder);
  }

  private static void undo(Change change) throws IOException {
    if (change.backup() == null) {
      if (Files.exists(change.name())) {
        FolderPlace.delete(change.name());
      }
    } else if (Files.notExists(change.name())
        && Files.isDirectory(Objects.requireNonNull(change.name().getParent()))) {
      Files.createLink(change.name(), change.backup());
    }
  }

  private void truncateUnsynced(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        if (unsynced.contains(key(path))) {
          try (FileChannel channel =
              FileChannel.open(path, java.nio.file.StandardOpenOption.WRITE)) {
            channel.truncate(random.nextInt((int) Math.max(1, channel.size())));
          }
        }
      }
    }
    unsynced.clear();
  }

  /** Returns the identity of a file, which does not depend on its names. */
  private static Object key(Path file) throws IOException {
    Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    return key == null ? file : key;
  }
}
