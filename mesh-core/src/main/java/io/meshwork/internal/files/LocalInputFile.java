package io.meshwork.internal.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.exceptions.RuntimeIOException;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.SeekableInputStream;

/** An Iceberg input file on a local disk. Immutable. */
final class LocalInputFile implements InputFile {
  private final String location;
  private final Path path;

  LocalInputFile(String location, Path path) {
    this.location = location;
    this.path = path;
  }

  @Override
  public long getLength() {
    try {
      return Files.size(path);
    } catch (IOException e) {
      throw isMissing(e)
          ? missing(e)
          : new RuntimeIOException(e, "Cannot read the length of file '%s'", path);
    }
  }

  @Override
  public SeekableInputStream newStream() {
    try {
      return new LocalInputStream(path);
    } catch (IOException e) {
      throw isMissing(e) ? missing(e) : new RuntimeIOException(e, "Cannot open file '%s'", path);
    }
  }

  @Override
  public String location() {
    return location;
  }

  @Override
  public boolean exists() {
    return Files.exists(path);
  }

  @Override
  public String toString() {
    return path.toString();
  }

  /** A file also does not exist if one of its folders is a file, which is another failure. */
  private boolean isMissing(IOException failure) {
    if (failure instanceof NoSuchFileException) {
      return true;
    }
    for (Path folder = path.getParent(); folder != null; folder = folder.getParent()) {
      if (Files.exists(folder)) {
        return Files.isRegularFile(folder);
      }
    }
    return false;
  }

  private NotFoundException missing(IOException cause) {
    return new NotFoundException(cause, "File '%s' does not exist", path);
  }
}
