package io.meshwork.internal.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.RuntimeIOException;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.PositionOutputStream;

/** An Iceberg output file on a local disk. Immutable. */
final class LocalOutputFile implements OutputFile {
  private final String location;
  private final Path path;
  private final DiskCalls disk;

  LocalOutputFile(String location, Path path, DiskCalls disk) {
    this.disk = disk;
    this.location = location;
    this.path = path;
  }

  /** Fails if the file exists; {@code close()} also fails if it was created meanwhile. */
  @Override
  public PositionOutputStream create() {
    if (Files.exists(path)) {
      throw new AlreadyExistsException("File '%s' already exists; it was not changed", path);
    }
    return open(false);
  }

  @Override
  public PositionOutputStream createOrOverwrite() {
    return open(true);
  }

  @Override
  public String location() {
    return location;
  }

  @Override
  public InputFile toInputFile() {
    return new LocalInputFile(location, path);
  }

  @Override
  public String toString() {
    return path.toString();
  }

  private PositionOutputStream open(boolean overwrite) {
    try {
      return LocalOutputStream.create(disk, path, overwrite);
    } catch (IOException e) {
      throw new RuntimeIOException(e, "Cannot create file '%s'", path);
    }
  }
}
