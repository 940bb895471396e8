package io.meshwork.internal.conformance.maintenance;

import io.meshwork.internal.table.CanonicalLocation;
import java.io.IOException;
import java.util.Map;
import org.apache.iceberg.exceptions.RuntimeIOException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.SupportsPrefixOperations;
import org.jspecify.annotations.Nullable;

/** Files of which one folder can become unavailable. Thread-safe. */
final class UnavailableFolder implements SupportsPrefixOperations {
  private static final long serialVersionUID = 1L;

  private final FileIO real;
  private volatile @Nullable String folder;

  UnavailableFolder(FileIO real) {
    this.real = real;
  }

  /** Makes all calls fail for files below a folder. */
  void unavailable(String location) {
    folder = location;
  }

  void available() {
    folder = null;
  }

  private FileIO check(String location) {
    String failing = folder;
    if (failing != null && CanonicalLocation.leadsBelow(failing, location)) {
      throw new RuntimeIOException(new IOException("no answer"), "The store does not answer");
    }
    return real;
  }

  @Override
  public InputFile newInputFile(String location) {
    return check(location).newInputFile(location);
  }

  @Override
  public InputFile newInputFile(String location, long length) {
    return check(location).newInputFile(location, length);
  }

  @Override
  public OutputFile newOutputFile(String location) {
    return check(location).newOutputFile(location);
  }

  @Override
  public void deleteFile(String location) {
    check(location).deleteFile(location);
  }

  @Override
  public Iterable<FileInfo> listPrefix(String prefix) {
    return ((SupportsPrefixOperations) check(prefix)).listPrefix(prefix);
  }

  @Override
  public void deletePrefix(String prefix) {
    ((SupportsPrefixOperations) check(prefix)).deletePrefix(prefix);
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
