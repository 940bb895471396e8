package io.meshwork.internal.scan;

import java.io.IOException;
import org.apache.iceberg.Files;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.SeekableInputStream;

/** Files on disk that count opened files and bytes read. */
final class CountedFiles implements FileIO {
  private static final long serialVersionUID = 1L;

  int opened;
  long bytes;

  /** The reads that did not continue where the one before it ended. */
  int seeks;

  void reset() {
    opened = 0;
    bytes = 0;
    seeks = 0;
  }

  @Override
  public InputFile newInputFile(String path) {
    InputFile file = Files.localInput(path);
    return new InputFile() {
      @Override
      public long getLength() {
        return file.getLength();
      }

      @Override
      public SeekableInputStream newStream() {
        opened++;
        return new CountedStream(file.newStream());
      }

      @Override
      public String location() {
        return path;
      }

      @Override
      public boolean exists() {
        return file.exists();
      }
    };
  }

  @Override
  public OutputFile newOutputFile(String path) {
    return Files.localOutput(path);
  }

  @Override
  public void deleteFile(String path) {
    throw new UnsupportedOperationException("nothing is deleted here");
  }

  private final class CountedStream extends SeekableInputStream {
    private final SeekableInputStream in;

    CountedStream(SeekableInputStream in) {
      this.in = in;
    }

    @Override
    public long getPos() throws IOException {
      return in.getPos();
    }

    @Override
    public void seek(long position) throws IOException {
      seeks += position == in.getPos() ? 0 : 1;
      in.seek(position);
    }

    @Override
    public int read() throws IOException {
      int read = in.read();
      bytes += read >= 0 ? 1 : 0;
      return read;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
      int read = in.read(target, from, length);
      bytes += Math.max(0, read);
      return read;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
