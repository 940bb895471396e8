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
  private final LocalOutputStream.TargetName newName;

  /**
   * A file.
   *
   * @param newName what the name is if the file is new
   */
  LocalOutputFile(
      String location, Path path, DiskCalls disk, LocalOutputStream.TargetName newName) {
    this.disk = disk;
    this.newName = newName;
    this.location = location;
    this.path = path;
  }

  /** Fails if the file exists; {@code close()} also fails if it was created meanwhile. */
  @Override
  public PositionOutputStream create() {
    if (Files.exists(path)) {
      throw new AlreadyExistsException("File '%s' already exists; it was not changed", path);
    }
    return open(newName);
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
