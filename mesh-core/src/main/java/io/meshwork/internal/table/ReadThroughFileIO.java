package io.meshwork.internal.table;

import java.util.Map;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;

/** Delegates reads to other files; subclasses define writes and deletes. */
abstract class ReadThroughFileIO implements FileIO {
  private static final long serialVersionUID = 1L;

  final FileIO files;

  ReadThroughFileIO(FileIO files) {
    this.files = files;
  }

  /** Called before a file is opened to read it. */
  void reading(String location) {
    // Any location can be read.
  }

  @Override
  public final InputFile newInputFile(String location) {
    reading(location);
    return files.newInputFile(location);
  }

  @Override
  public final InputFile newInputFile(String location, long length) {
    reading(location);
    return files.newInputFile(location, length);
  }

  @Override
  public final InputFile newInputFile(DataFile file) {
    reading(file.location());
    return files.newInputFile(file);
  }

  @Override
  public final InputFile newInputFile(DeleteFile file) {
    reading(file.location());
    return files.newInputFile(file);
  }

  @Override
  public final InputFile newInputFile(ManifestFile manifest) {
    reading(manifest.path());
    return files.newInputFile(manifest);
  }

  @Override
  public final Map<String, String> properties() {
    return files.properties();
  }

  /** Does nothing: the mesh closes the files. */
  @Override
  public final void close() {}
}
