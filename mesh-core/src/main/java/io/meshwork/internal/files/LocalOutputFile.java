package io.meshwork.internal.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.RuntimeIOException;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.PositionOutputStream;

/** An Iceberg output file on a local disk. Immutable. */
final class LocalOutputFile implements LocalFileIO.ReplaceableFile {
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
    return open(LocalOutputStream.TargetName.NEW);
  }

  @Override
  public PositionOutputStream createOrOverwrite() {
    return open(LocalOutputStream.TargetName.SYNCED);
  }

  @Override
  public PositionOutputStream replace() {
    return open(LocalOutputStream.TargetName.NOT_SYNCED);
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

  private PositionOutputStream open(LocalOutputStream.TargetName name) {
    try {
      return LocalOutputStream.create(disk, path, name);
    } catch (IOException e) {
      throw new RuntimeIOException(e, "Cannot create file '%s'", path);
    }
  }
}
