package io.meshwork.conformance;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.SeekableInputStream;
import org.apache.iceberg.io.SupportsPrefixOperations;

/** Files in memory that count how often each is opened. Thread-safe. */
final class CountedFiles implements SupportsPrefixOperations {
  private static final long serialVersionUID = 1L;

  private final FileIO real;
  private final Map<String, Integer> opened;

  /** Counts in the map, by location. */
  CountedFiles(FileIO real, ConcurrentHashMap<String, Integer> opened) {
    this.real = real;
    this.opened = opened;
  }

  /** Returns how often each manifest and manifest list was opened. */
  static Map<String, Integer> manifests(Map<String, Integer> opened) {
    Map<String, Integer> manifests = new TreeMap<>(opened);
    manifests.keySet().removeIf(location -> !location.endsWith(".avro"));
    return manifests;
  }

  @Override
  public InputFile newInputFile(String location) {
    InputFile file = real.newInputFile(location);
    return new InputFile() {
      @Override
      public long getLength() {
        return file.getLength();
      }

      @Override
      public SeekableInputStream newStream() {
        opened.merge(location, 1, Integer::sum);
        return file.newStream();
      }

      @Override
      public String location() {
        return file.location();
      }

      @Override
      public boolean exists() {
        return file.exists();
      }
    };
  }

  @Override
  public OutputFile newOutputFile(String location) {
    return real.newOutputFile(location);
  }

  @Override
  public void deleteFile(String location) {
    real.deleteFile(location);
  }

  @Override
  public Iterable<FileInfo> listPrefix(String prefix) {
    return ((SupportsPrefixOperations) real).listPrefix(prefix);
  }

  @Override
  public void deletePrefix(String prefix) {
    ((SupportsPrefixOperations) real).deletePrefix(prefix);
  }
}
