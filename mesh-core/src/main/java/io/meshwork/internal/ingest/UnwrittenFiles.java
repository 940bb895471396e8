package io.meshwork.internal.ingest;

import java.util.Map;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.PositionOutputStream;

/**
 * Files that are read where they are and never written: bytes are counted and dropped, and nothing
 * is deleted. For a publish that is only planned.
 */
public final class UnwrittenFiles implements FileIO {
  private final FileIO real;

  /** Reads through another one, which stays the caller's. */
  public UnwrittenFiles(FileIO real) {
    this.real = real;
  }

  @Override
  public InputFile newInputFile(String location) {
    return real.newInputFile(location);
  }

  @Override
  public InputFile newInputFile(String location, long length) {
    return real.newInputFile(location, length);
  }

  @Override
  public OutputFile newOutputFile(String location) {
    return new OutputFile() {
      @Override
      public PositionOutputStream create() {
        return new DroppedBytes();
      }

      @Override
      public PositionOutputStream createOrOverwrite() {
        return create();
      }

      @Override
      public String location() {
        return location;
      }

      @Override
      public InputFile toInputFile() {
        return real.newInputFile(location);
      }
    };
  }

  @Override
  public void deleteFile(String location) {
    // There is no such file.
  }

  @Override
  public Map<String, String> properties() {
    return real.properties();
  }

  /** Counts bytes, as a file's footer names places in it. */
  private static final class DroppedBytes extends PositionOutputStream {
    private long position;

    @Override
    public long getPos() {
      return position;
    }

    @Override
    public void write(int oneByte) {
      position++;
    }

    @Override
    public void write(byte[] bytes, int start, int length) {
      position += length;
    }
  }
}
