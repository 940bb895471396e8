package io.meshwork.testkit;

import io.meshwork.testkit.Faults.Port;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.RangeReadable;
import org.apache.iceberg.io.SeekableInputStream;

/** An input file with faults, which delegates to another file. */
final class FaultyInputFile implements InputFile {
  private final InputFile real;
  private final Faults faults;

  FaultyInputFile(InputFile real, Faults faults) {
    this.real = real;
    this.faults = faults;
  }

  @Override
  public long getLength() {
    return withFaults(real::getLength);
  }

  @Override
  public SeekableInputStream newStream() {
    SeekableInputStream stream = withFaults(real::newStream);
    return stream instanceof RangeReadable ranges
        ? new FaultyInputStream.RangedStream(stream, ranges, location(), faults)
        : new FaultyInputStream(stream, location(), faults);
  }

  @Override
  public String location() {
    return real.location();
  }

  @Override
  public boolean exists() {
    return withFaults(real::exists);
  }

  @Override
  public String toString() {
    return real.toString();
  }

  private <T> T withFaults(Faults.Effect<T, RuntimeException> effect) {
    return faults.call(
        Port.FILE_READ, location(), effect, () -> FaultyFileIO.failed("read", location()));
  }
}
