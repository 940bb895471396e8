package io.meshwork.testkit;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.PositionOutputStream;
import org.apache.iceberg.io.SeekableInputStream;
import org.apache.iceberg.io.SupportsBulkOperations;
import org.apache.iceberg.io.SupportsPrefixOperations;

/** Files that record in the current step of a process what it reads and writes. */
final class TracedFileIO implements SupportsPrefixOperations, SupportsBulkOperations {
  private static final long serialVersionUID = 1L;

  private final MemoryFileIO real;
  private final transient Supplier<Accesses> step;

  TracedFileIO(MemoryFileIO real, Supplier<Accesses> step) {
    this.real = real;
    this.step = step;
  }

  @Override
  public InputFile newInputFile(String location) {
    return new TracedInputFile(real.newInputFile(location), step);
  }

  @Override
  public OutputFile newOutputFile(String location) {
    return new TracedOutputFile(real.newOutputFile(location), step);
  }

  @Override
  public void deleteFile(String location) {
    step.get().writeFile(location);
    real.deleteFile(location);
  }

  @Override
  public void deleteFiles(Iterable<String> locations) {
    locations.forEach(this::deleteFile);
  }

  @Override
  public Iterable<FileInfo> listPrefix(String prefix) {
    step.get().listFiles(prefix);
    return real.listPrefix(prefix);
  }

  @Override
  public void deletePrefix(String prefix) {
    List<FileInfo> below = new ArrayList<>();
    listPrefix(prefix).forEach(below::add);
    below.forEach(file -> deleteFile(file.location()));
  }

  @Override
  public Map<String, String> properties() {
    return real.properties();
  }

  @Override
  public void close() {
    real.close();
  }

  private record TracedInputFile(InputFile real, Supplier<Accesses> step) implements InputFile {
    @Override
    public long getLength() {
      step.get().readFile(location());
      return real.getLength();
    }

    /** A stream in memory has the content that the file had when it was opened. */
    @Override
    public SeekableInputStream newStream() {
      step.get().readFile(location());
      return real.newStream();
    }

    @Override
    public String location() {
      return real.location();
    }

    @Override
    public boolean exists() {
      step.get().readFile(location());
      return real.exists();
    }
  }

  private record TracedOutputFile(OutputFile real, Supplier<Accesses> step) implements OutputFile {
    @Override
    public PositionOutputStream create() {
      step.get().readFile(location());
      return new TracedOutputStream(real.create(), location(), step);
    }

    @Override
    public PositionOutputStream createOrOverwrite() {
      return new TracedOutputStream(real.createOrOverwrite(), location(), step);
    }

    @Override
    public String location() {
      return real.location();
    }

    @Override
    public InputFile toInputFile() {
      return new TracedInputFile(real.toInputFile(), step);
    }
  }

  /** A file in memory is written when its stream is closed. */
  private static final class TracedOutputStream extends PositionOutputStream {
    private final PositionOutputStream real;
    private final String location;
    private final Supplier<Accesses> step;

    TracedOutputStream(PositionOutputStream real, String location, Supplier<Accesses> step) {
      this.real = real;
      this.location = location;
      this.step = step;
    }

    @Override
    public long getPos() throws IOException {
      return real.getPos();
    }

    @Override
    public void write(int value) throws IOException {
      real.write(value);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
      real.write(source, offset, length);
    }

    @Override
    public void close() throws IOException {
      step.get().writeFile(location);
      real.close();
    }
  }
}
