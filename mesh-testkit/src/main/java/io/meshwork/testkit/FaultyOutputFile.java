package io.meshwork.testkit;

import io.meshwork.testkit.Faults.Port;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.function.Supplier;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.PositionOutputStream;

/** An output file with faults, which delegates to another file. */
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
    return open(real::create);
  }

  @Override
  public PositionOutputStream createOrOverwrite() {
    return open(real::createOrOverwrite);
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

  private PositionOutputStream open(Supplier<PositionOutputStream> opening) {
    InjectedFault fault = faults.meet(Port.FILE_WRITE, location(), 1);
    boolean isNew = !real.toInputFile().exists();
    Supplier<Runnable> undo =
        () -> isNew ? () -> store.deleteFile(location()) : restoring(content());
    PositionOutputStream stream =
        fault.does() ? new FaultyOutputStream(opening.get(), location(), faults, undo) : null;
    if (stream != null && fault.kind() == InjectedFault.Kind.NONE) {
      return stream;
    }
    if (stream instanceof FaultyOutputStream started && !fault.kills()) {
      started.rollBack();
    }
    Faults.throwCrash(fault);
    throw FaultyFileIO.failed("write", location());
  }

  private byte[] content() {
    try (InputStream in = real.toInputFile().newStream()) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Runnable restoring(byte[] before) {
    return () -> {
      try (OutputStream out = store.newOutputFile(location()).createOrOverwrite()) {
        out.write(before);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    };
  }
}
