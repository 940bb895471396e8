package io.meshwork.internal.scan;

import java.io.EOFException;
import java.io.IOException;
import org.apache.iceberg.Files;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.RangeReadable;
import org.apache.iceberg.io.SeekableInputStream;

/** Files on disk that count opened and closed files and bytes read. Thread-safe. */
final class CountedFiles implements FileIO {
  private static final long serialVersionUID = 1L;

  int opened;
  int closed;
  long bytes;

  /** Whether closing a file fails, once it is closed. */
  boolean failToClose;

  /** The reads that did not continue where the one before it ended. */
  int seeks;

  /** The reads of any length. */
  int reads;

  void reset() {
    opened = 0;
    closed = 0;
    bytes = 0;
    seeks = 0;
    reads = 0;
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
        countOpened();
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

  private synchronized void countOpened() {
    opened++;
  }

  private synchronized void countClosed() {
    closed++;
  }

  private synchronized void countRead(int count) {
    bytes += Math.max(0, count);
    reads++;
  }

  private synchronized void countSeek(int count) {
    seeks += count;
  }

  private final class CountedStream extends SeekableInputStream implements RangeReadable {
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
      countSeek(position == in.getPos() ? 0 : 1);
      in.seek(position);
    }

    @Override
    public int read() throws IOException {
      int read = in.read();
      countRead(read >= 0 ? 1 : 0);
      return read;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
      int read = in.read(target, from, length);
      countRead(read);
      return read;
    }

    @Override
    public void readFully(long position, byte[] target, int from, int length) throws IOException {
      countSeek(1);
      countRead(length);
      synchronized (this) {
        in.seek(position);
        if (in.readNBytes(target, from, length) < length) {
          throw new EOFException("the file ends earlier");
        }
      }
    }

    @Override
    public int readTail(byte[] target, int from, int length) {
      throw new UnsupportedOperationException("no reader needs it");
    }

    @Override
    public void close() throws IOException {
      countClosed();
      in.close();
      if (failToClose) {
        throw new IOException("the store is gone");
      }
    }
  }
}
