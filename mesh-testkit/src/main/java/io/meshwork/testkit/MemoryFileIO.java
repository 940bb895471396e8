package io.meshwork.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.PositionOutputStream;
import org.apache.iceberg.io.SeekableInputStream;
import org.apache.iceberg.io.SupportsBulkOperations;
import org.apache.iceberg.io.SupportsPrefixOperations;

/**
 * Files in memory, under any location. Thread-safe. Serialization copies the files.
 *
 * <p>Iceberg's {@code InMemoryFileIO} shares one map among all objects, cannot list, and fails when
 * a missing file is checked or deleted, so it does not pass {@code FileIOConformance}.
 */
final class MemoryFileIO implements SupportsPrefixOperations, SupportsBulkOperations {
  private static final long serialVersionUID = 1L;

  private final ConcurrentSkipListMap<String, byte[]> files = new ConcurrentSkipListMap<>();

  MemoryFileIO copy() {
    MemoryFileIO copy = new MemoryFileIO();
    copy.files.putAll(files);
    return copy;
  }

  /** Returns all files, by location. The bytes must not be changed. */
  SortedMap<String, byte[]> contents() {
    return Collections.unmodifiableSortedMap(files);
  }

  @Override
  public InputFile newInputFile(String location) {
    return new MemoryInput(this, location);
  }

  @Override
  public OutputFile newOutputFile(String location) {
    return new MemoryOutput(this, location);
  }

  @Override
  public void deleteFile(String location) {
    files.remove(location);
  }

  @Override
  public void deleteFiles(Iterable<String> locations) {
    locations.forEach(this::deleteFile);
  }

  /** Lists a folder with its subfolders, or a file; files have no times. */
  @Override
  public Iterable<FileInfo> listPrefix(String prefix) {
    String folder = prefix.endsWith("/") ? prefix : prefix + "/";
    List<FileInfo> matching = new ArrayList<>();
    files.forEach(
        (location, content) -> {
          if (location.equals(prefix) || location.startsWith(folder)) {
            matching.add(new FileInfo(location, content.length, 0));
          }
        });
    return matching;
  }

  @Override
  public void deletePrefix(String prefix) {
    listPrefix(prefix).forEach(file -> deleteFile(file.location()));
  }

  /** Returns none. Iceberg asks at each manifest, and the default throws an exception each time. */
  @Override
  public Map<String, String> properties() {
    return Map.of();
  }

  /** Has no effect; the object can still be used. */
  @Override
  public void close() {}

  private byte[] content(String location) {
    byte[] content = files.get(location);
    if (content == null) {
      throw new NotFoundException("File '%s' does not exist", location);
    }
    return content;
  }

  private static AlreadyExistsException alreadyExists(String location) {
    return new AlreadyExistsException("File '%s' already exists; it was not changed", location);
  }

  private record MemoryInput(MemoryFileIO io, String location) implements InputFile {
    @Override
    public long getLength() {
      return io.content(location).length;
    }

    @Override
    public SeekableInputStream newStream() {
      return new MemoryInputStream(io.content(location));
    }

    @Override
    public boolean exists() {
      return io.files.containsKey(location);
    }
  }

  private record MemoryOutput(MemoryFileIO io, String location) implements OutputFile {
    @Override
    public PositionOutputStream create() {
      if (io.files.containsKey(location)) {
        throw alreadyExists(location);
      }
      return new MemoryOutputStream(io, location, false);
    }

    @Override
    public PositionOutputStream createOrOverwrite() {
      return new MemoryOutputStream(io, location, true);
    }

    @Override
    public InputFile toInputFile() {
      return new MemoryInput(io, location);
    }
  }

  private static final class MemoryOutputStream extends PositionOutputStream {
    private final MemoryFileIO io;
    private final String location;
    private final boolean overwrite;
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();
    private boolean closed;

    MemoryOutputStream(MemoryFileIO io, String location, boolean overwrite) {
      this.io = io;
      this.location = location;
      this.overwrite = overwrite;
    }

    @Override
    public long getPos() {
      return content.size();
    }

    @Override
    public void write(int value) throws IOException {
      requireOpen();
      content.write(value);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
      requireOpen();
      content.write(source, offset, length);
    }

    @Override
    public void close() {
      if (closed) {
        return;
      }
      closed = true;
      byte[] bytes = content.toByteArray();
      if (overwrite) {
        io.files.put(location, bytes);
      } else if (io.files.putIfAbsent(location, bytes) != null) {
        throw alreadyExists(location);
      }
    }

    private void requireOpen() throws IOException {
      if (closed) {
        throw new IOException("The file '" + location + "' was closed before");
      }
    }
  }
}
