package io.meshwork.testkit;

import io.meshwork.testkit.Faults.Port;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.function.Supplier;
import org.apache.iceberg.io.PositionOutputStream;

/**
 * A stream before another one, whose writes and end meet faults. What the store failed to write
 * never becomes a file, as the ports promise. Whoever is thrown out while he writes may close the
 * stream and so make a torn file of it, and of what was killed the other stream is left as it is.
 * For one thread.
 */
final class FaultyOutputStream extends PositionOutputStream {
  private final PositionOutputStream real;
  private final String location;
  private final Faults faults;
  private final Supplier<Runnable> undoing;
  private boolean failed;
  private boolean closed;
  private boolean ended;

  /**
   * A stream that was opened.
   *
   * @param undoing asked before the file ends; what it gives then takes the file back, or writes
   *     again what was there before
   */
  FaultyOutputStream(
      PositionOutputStream real, String location, Faults faults, Supplier<Runnable> undoing) {
    this.real = real;
    this.location = location;
    this.faults = faults;
    this.undoing = undoing;
    faults.streamOpened(location);
  }

  @Override
  public long getPos() throws IOException {
    return real.getPos();
  }

  @Override
  public long storedLength() throws IOException {
    faults.requireAlive();
    return real.storedLength();
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] source) throws IOException {
    write(source, 0, source.length);
  }

  @Override
  public void write(byte[] source, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, source.length);
    requireWhole();
    InjectedFault mishap = faults.meet(Port.FILE_WRITE, location, length);
    if (mishap.tears()) {
      real.write(source, offset, mishap.part(length));
    }
    settle(mishap, () -> real.write(source, offset, length));
  }

  @Override
  public void flush() throws IOException {
    requireWhole();
    settle(faults.meet(Port.FILE_WRITE, location, 1), real::flush);
  }

  /** Gives the file its name, unless something failed. */
  @Override
  public void close() throws IOException {
    if (ended) {
      return;
    }
    ended = true;
    if (failed) {
      faults.requireAlive();
      throw FaultyFileIO.failure();
    }
    closed = true;
    faults.streamClosed(location);
    settle(faults.meet(Port.FILE_CLOSE, location, 1), real::close);
  }

  /** Something that a stream does. */
  private interface Step {
    void take() throws IOException;
  }

  private void settle(InjectedFault mishap, Step step) throws IOException {
    try {
      Faults.call(
          mishap,
          () -> {
            step.take();
            return location;
          },
          FaultyFileIO::failure);
    } catch (IOException | RuntimeException e) {
      failed = true;
      if (!mishap.kills() && !(closed && mishap.does())) {
        takeBack();
      }
      throw e;
    }
  }

  /** A store that fails clears up after itself, and has no other way here than to end the file. */
  void takeBack() {
    failed = true;
    if (!closed) {
      closed = true;
      faults.streamClosed(location);
    }
    Runnable undo = undoing.get();
    try {
      real.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    undo.run();
  }

  private void requireWhole() throws IOException {
    if (failed) {
      faults.requireAlive();
      throw FaultyFileIO.failure();
    }
  }
}
