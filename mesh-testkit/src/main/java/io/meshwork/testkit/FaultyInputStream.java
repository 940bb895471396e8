package io.meshwork.testkit;

import io.meshwork.testkit.Faults.Port;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.IntFunction;
import org.apache.iceberg.io.FileRange;
import org.apache.iceberg.io.RangeReadable;
import org.apache.iceberg.io.SeekableInputStream;

/** An input stream with faults, which delegates to another stream. Used by one thread. */
class FaultyInputStream extends SeekableInputStream {
  private final SeekableInputStream real;
  private final String location;
  private final Faults faults;
  private boolean closed;

  FaultyInputStream(SeekableInputStream real, String location, Faults faults) {
    this.real = real;
    this.location = location;
    this.faults = faults;
    faults.streamOpened(location);
  }

  @Override
  public long getPos() throws IOException {
    return real.getPos();
  }

  @Override
  public void seek(long position) throws IOException {
    faults.requireAlive();
    real.seek(position);
  }

  @Override
  public int read() throws IOException {
    return withFaults(real::read);
  }

  @Override
  public int read(byte[] target) throws IOException {
    return read(target, 0, target.length);
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    return withFaults(() -> real.read(target, offset, length));
  }

  @Override
  public long skip(long count) throws IOException {
    faults.requireAlive();
    return real.skip(count);
  }

  @Override
  public int available() throws IOException {
    faults.requireAlive();
    return real.available();
  }

  /** Releases resources even after a crash, as the operating system does. */
  @Override
  public void close() throws IOException {
    if (!closed) {
      closed = true;
      faults.streamClosed(location);
    }
    real.close();
  }

  final <T> T withFaults(Faults.Effect<T, IOException> effect) throws IOException {
    return faults.call(Port.FILE_READ, location, effect, FaultyFileIO::failure);
  }

  /** An input stream with faults that can read ranges. */
  static final class RangedStream extends FaultyInputStream implements RangeReadable {
    private final RangeReadable ranges;

    RangedStream(SeekableInputStream real, RangeReadable ranges, String location, Faults faults) {
      super(real, location, faults);
      this.ranges = ranges;
    }

    @Override
    public void readFully(long position, byte[] target, int offset, int length) throws IOException {
      withFaults(
          () -> {
            ranges.readFully(position, target, offset, length);
            return target;
          });
    }

    @Override
    public void readFully(long position, byte[] target) throws IOException {
      readFully(position, target, 0, target.length);
    }

    @Override
    public int readTail(byte[] target, int offset, int length) throws IOException {
      return withFaults(() -> ranges.readTail(target, offset, length));
    }

    @Override
    public int readTail(byte[] target) throws IOException {
      return readTail(target, 0, target.length);
    }

    @Override
    public void readVectored(List<FileRange> requested, IntFunction<ByteBuffer> allocate)
        throws IOException {
      withFaults(
          () -> {
            ranges.readVectored(requested, allocate);
            return requested;
          });
    }
  }
}
