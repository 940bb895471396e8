package io.meshwork.testkit;

import io.meshwork.testkit.Faults.Port;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.RangeReadable;
import org.apache.iceberg.io.SeekableInputStream;

/** A file to read before another one, which meets faults. */
final class FaultyInputFile implements InputFile {
  private final InputFile real;
  private final Faults faults;

  FaultyInputFile(InputFile real, Faults faults) {
    this.real = real;
    this.faults = faults;
  }

  @Override
  public long getLength() {
    return meeting(real::getLength);
  }

  @Override
  public SeekableInputStream newStream() {
    SeekableInputStream stream = meeting(real::newStream);
    return stream instanceof RangeReadable ranges
        ? new FaultyInputStream.Ranged(stream, ranges, location(), faults)
        : new FaultyInputStream(stream, location(), faults);
  }

  @Override
  public String location() {
    return real.location();
  }

  @Override
  public boolean exists() {
    return meeting(real::exists);
  }

  @Override
  public String toString() {
    return real.toString();
  }

  private <T> T meeting(Faults.Effect<T, RuntimeException> effect) {
    return faults.call(
        Port.FILE_READ, location(), effect, () -> FaultyFileIO.failed("read", location()));
  }
}
