package io.meshwork.testkit;

import io.meshwork.testkit.Faults.Port;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.PositionOutputStream;

/** A file to write before another one, which meets faults. */
final class FaultyOutputFile implements OutputFile {
  private final FileIO store;
  private final OutputFile real;
  private final Faults faults;

  FaultyOutputFile(FileIO store, OutputFile real, Faults faults) {
    this.store = store;
    this.real = real;
    this.faults = faults;
  }

  @Override
  public PositionOutputStream create() {
    return new FaultyOutputStream(
        meeting(real::create), location(), faults, () -> store.deleteFile(location()));
  }

  @Override
  public PositionOutputStream createOrOverwrite() {
    return new FaultyOutputStream(meeting(real::createOrOverwrite), location(), faults, null);
  }

  @Override
  public String location() {
    return real.location();
  }

  @Override
  public InputFile toInputFile() {
    faults.requireAlive();
    return new FaultyInputFile(real.toInputFile(), faults);
  }

  @Override
  public String toString() {
    return real.toString();
  }

  private PositionOutputStream meeting(
      Faults.Effect<PositionOutputStream, RuntimeException> effect) {
    return faults.call(
        Port.FILE_WRITE, location(), effect, () -> FaultyFileIO.failed("write", location()));
  }
}
