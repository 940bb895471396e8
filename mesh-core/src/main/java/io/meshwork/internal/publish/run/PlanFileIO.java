package io.meshwork.internal.publish.run;

import io.meshwork.internal.ingest.DiscardedOutput;
import java.util.Map;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.PositionOutputStream;

/** Reads files and discards writes and deletions. For the plan of a publish. */
final class PlanFileIO implements FileIO {
  private final FileIO real;

  /** Reads from a file IO, which this one does not close. */
  PlanFileIO(FileIO real) {
    this.real = real;
  }

  @Override
  public InputFile newInputFile(String location) {
    return real.newInputFile(location);
  }

  @Override
  public InputFile newInputFile(String location, long length) {
    return real.newInputFile(location, length);
  }

  @Override
  public OutputFile newOutputFile(String location) {
    return new OutputFile() {
      @Override
      public PositionOutputStream create() {
        return new DiscardedOutput();
      }

      @Override
      public PositionOutputStream createOrOverwrite() {
        return create();
      }

      @Override
      public String location() {
        return location;
      }

      @Override
      public InputFile toInputFile() {
        return real.newInputFile(location);
      }
    };
  }

  @Override
  public void deleteFile(String location) {
    // No file was written.
  }

  @Override
  public Map<String, String> properties() {
    return real.properties();
  }
}
