package io.meshwork.testkit;

import io.meshwork.testkit.Faults.Port;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.function.Supplier;
import org.apache.iceberg.io.PositionOutputStream;

/**
 * An output stream with faults in its writes and its close, which delegates to another stream.
 * After a failed write, no file is created, as the port requires. After {@code THROW}, the program
 * may close the stream and so create a torn file; after {@code KILL}, the other stream is not
 * closed. Used by one thread.
 */
final class FaultyOutputStream extends PositionOutputStream {
  private final PositionOutputStream real;
  private final String location;
  private final Faults faults;
  private final Supplier<Runnable> undo;
  private boolean failed;
  private boolean closed;
  private boolean ended;

  /**
   * Creates a stream.
   *
   * @param undo requested before the file is closed; its result then deletes the file or restores
   *     the previous one
   */
  FaultyOutputStream(
      PositionOutputStream real, String location, Faults faults, Supplier<Runnable> undo) {
    this.real = real;
    this.location = location;
    this.faults = faults;
    this.undo = undo;
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
    requireIntact();
    InjectedFault fault = faults.meet(Port.FILE_WRITE, location, length);
    if (fault.tears()) {
      real.write(source, offset, fault.part(length));
    }
    settle(fault, () -> real.write(source, offset, length));
  }

  @Override
  public void flush() throws IOException {
    requireIntact();
    settle(faults.meet(Port.FILE_WRITE, location, 1), real::flush);
  }

  /** Makes the file visible, unless a call failed. */
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

  /** A step of the stream. */
  private interface Step {
    void run() throws IOException;
  }

  private void settle(InjectedFault fault, Step step) throws IOException {
    try {
      Faults.call(
          fault,
          () -> {
            step.run();
            return location;
          },
          FaultyFileIO::failure);
    } catch (IOException | RuntimeException e) {
      failed = true;
      if (!fault.kills() && !(closed && fault.does())) {
        rollBack();
      }
      throw e;
    }
  }

  /** Removes the file, as a store does after a failure; the file must be closed first. */
  void rollBack() {
    failed = true;
    if (!closed) {
      closed = true;
      faults.streamClosed(location);
    }
    Runnable rollback = undo.get();
    try {
      real.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    rollback.run();
  }

  private void requireIntact() throws IOException {
    if (failed) {
      faults.requireAlive();
      throw FaultyFileIO.failure();
    }
  }
}
