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
 * A disk that forgets at a loss of power what was not synced: bytes of files, and names in folders
 * that were made, given or taken away. It works on real files, takes down what was not synced yet,
 * and takes it back when power is lost: all of it, or of each name any number of the last changes,
 * as a disk may write in any order.
 *
 * <p>What it cannot show is a disk that says that it synced and did not. Thread-safe.
 */
final class ForgetfulDisk implements DiskCalls {
  private static final long serialVersionUID = 1L;

  private final transient Path graves;
  private final transient Random random;
  private final transient DiskCalls real = DiskCalls.ofSystem();
  private final transient List<Change> changes = new ArrayList<>();
  private final transient Set<Object> unwritten = new HashSet<>();
  private transient int buried;

  /**
   * A disk.
   *
   * @param graves a folder on the same file system, where deleted files are kept until they are
   *     gone for good
   * @param seed what is forgotten when; 0 forgets all that was not synced
   */
  ForgetfulDisk(Path graves, long seed) {
    this.graves = graves;
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
   * A change of a name that may be forgotten.
   *
   * @param name the name
   * @param grave the file that had the name before; null if it was free
   */
  private record Change(Path name, @Nullable Path grave) {}

  @Override
  public synchronized void createFolder(Path folder) throws IOException {
    real.createFolder(folder);
    changes.add(new Change(folder, null));
  }

  @Override
  public synchronized FileChannel createFile(Path file) throws IOException {
    FileChannel channel = real.createFile(file);
    changes.add(new Change(file, null));
    unwritten.add(key(file));
    return channel;
  }

  @Override
  public synchronized void syncFile(Path file, FileChannel channel) throws IOException {
    unwritten.remove(key(file));
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
    Path grave = null;
    if (Files.isRegularFile(path)) {
      grave = graves.resolve("grave-" + ++buried);
      Files.createLink(grave, path);
    }
    real.delete(path);
    changes.add(new Change(path, grave));
  }

  @Override
  public synchronized void syncFolder(Path folder) {
    changes.removeIf(change -> folder.equals(change.name().getParent()));
  }

  /** Power is lost. What was not synced is forgotten, from now on for good. */
  synchronized void losePower(Path folder) throws IOException {
    Map<Path, Integer> kept = new HashMap<>();
    Map<Path, Integer> seen = new HashMap<>();
    for (Change change : changes) {
      seen.merge(change.name(), 1, Integer::sum);
    }
    for (Path name : changes.stream().map(Change::name).distinct().toList()) {
      kept.put(name, random.nextInt(seen.getOrDefault(name, 0) + 1));
    }
    for (int i = changes.size() - 1; i >= 0; i--) {
      Change change = changes.get(i);
      int left = seen.merge(change.name(), -1, Integer::sum);
      if (left >= kept.getOrDefault(change.name(), 0)) {
        undo(change);
      }
    }
    changes.clear();
    emptyWhatWasNotWritten(folder);
  }

  private static void undo(Change change) throws IOException {
    if (change.grave() == null) {
      if (Files.exists(change.name())) {
        FolderPlace.delete(change.name());
      }
    } else if (Files.notExists(change.name())
        && Files.isDirectory(Objects.requireNonNull(change.name().getParent()))) {
      Files.createLink(change.name(), change.grave());
    }
  }

  private void emptyWhatWasNotWritten(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        if (unwritten.contains(key(path))) {
          try (FileChannel channel =
              FileChannel.open(path, java.nio.file.StandardOpenOption.WRITE)) {
            channel.truncate(random.nextInt((int) Math.max(1, channel.size())));
          }
        }
      }
    }
    unwritten.clear();
  }

  /** What tells a file from others, whatever its names. */
  private static Object key(Path file) throws IOException {
    Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    return key == null ? file : key;
  }
}
