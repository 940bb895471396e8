package io.meshwork.conformance;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.SupportsPrefixOperations;

/**
 * A {@code FileIO} that records all written files, so it can list them even if the store cannot.
 * Where each principal has other files, all of them are recorded by the first ones. Thread-safe.
 */
final class WatchedFiles implements SupportsPrefixOperations {
  private static final long serialVersionUID = 1L;

  /**
   * The folder of files for other tools, which are written after commits and belong to no publish.
   */
  private static final String OWN_FOLDER = "/_metadata/";

  private final FileIO real;
  private final WatchedFiles first;
  private final ConcurrentSkipListSet<String> written = new ConcurrentSkipListSet<>();
  private final transient AtomicInteger writes = new AtomicInteger();
  private final transient AtomicInteger dataFilesAsked = new AtomicInteger();
  private final transient ConcurrentHashMap<String, Integer> asked = new ConcurrentHashMap<>();
  private transient volatile IntConsumer beforeWrite = write -> {};
  private transient volatile Runnable beforeOwnWrite = () -> {};

  WatchedFiles(FileIO real) {
    this.real = real;
    this.first = this;
  }

  private WatchedFiles(FileIO real, WatchedFiles first) {
    this.real = real;
    this.first = first;
  }

  /** Returns the files of another principal of the same mesh. */
  WatchedFiles of(FileIO other) {
    return new WatchedFiles(other, this);
  }

  /** Sets a listener that runs before each write with the number of the write, from 1. */
  void beforeEachWrite(IntConsumer listener) {
    first.writes.set(0);
    first.beforeWrite = listener;
  }

  /** Sets a listener that runs before each write to {@link #OWN_FOLDER}. */
  void beforeEachOwnWrite(Runnable listener) {
    first.beforeOwnWrite = listener;
  }

  /** Returns how many times data files were opened for reading while the action ran. */
  int dataFilesAsked(Runnable action) {
    int before = first.dataFilesAsked.get();
    action.run();
    return first.dataFilesAsked.get() - before;
  }

  /** Returns how many times each file was opened for reading since the last call. */
  SortedMap<String, Integer> asked() {
    SortedMap<String, Integer> counts = new TreeMap<>(first.asked);
    first.asked.clear();
    return counts;
  }

  private void asked(String location) {
    first.asked.merge(location, 1, Integer::sum);
    if (location.endsWith(".parquet")) {
      first.dataFilesAsked.incrementAndGet();
    }
  }

  /** Returns the existing files with their lengths. */
  SortedMap<String, Long> present() {
    SortedMap<String, Long> present = new TreeMap<>();
    for (String location : first.written) {
      InputFile file = real.newInputFile(location);
      if (file.exists()) {
        present.put(location, file.getLength());
      }
    }
    return present;
  }

  @Override
  public InputFile newInputFile(String location) {
    asked(location);
    return real.newInputFile(location);
  }

  @Override
  public InputFile newInputFile(String location, long length) {
    asked(location);
    return real.newInputFile(location, length);
  }

  @Override
  public OutputFile newOutputFile(String location) {
    if (location.contains(OWN_FOLDER)) {
      first.beforeOwnWrite.run();
      return real.newOutputFile(location);
    }
    first.written.add(location);
    first.beforeWrite.accept(first.writes.incrementAndGet());
    return real.newOutputFile(location);
  }

  @Override
  public void deleteFile(String location) {
    real.deleteFile(location);
  }

  @Override
  public Iterable<FileInfo> listPrefix(String prefix) {
    if (real instanceof SupportsPrefixOperations listing) {
      return listing.listPrefix(prefix);
    }
    return present().entrySet().stream()
        .filter(file -> file.getKey().startsWith(prefix))
        .map(file -> new FileInfo(file.getKey(), file.getValue(), 0))
        .toList();
  }

  @Override
  public void deletePrefix(String prefix) {
    listPrefix(prefix).forEach(file -> deleteFile(file.location()));
  }

  @Override
  public Map<String, String> properties() {
    return real.properties();
  }

  @Override
  public void close() {
    real.close();
  }
}
