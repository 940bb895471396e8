package io.meshwork.internal.table;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.internal.columnar.ColumnMismatchException;
import io.meshwork.internal.columnar.MalformedFileException;
import io.meshwork.internal.columnar.ParquetReader;
import java.io.UncheckedIOException;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.io.FileIO;

/** A data file that a snapshot names: what is opened must be what was published. */
public final class PublishedFile {
  private PublishedFile() {}

  /**
   * Opens the file and compares its length and rows with those that the snapshot says.
   *
   * @throws MalformedFileException if it was changed since, or is no Parquet file
   * @throws org.apache.iceberg.exceptions.NotFoundException if it is gone
   */
  public static ParquetReader open(FileIO io, DataFile file) {
    return ParquetReader.open(
        io.newInputFile(file.location()), file.fileSizeInBytes(), file.recordCount());
  }

  /** What happened to a file that could not be read, for a message: "is missing", or why not. */
  public static String state(RuntimeException failure) {
    if (failure instanceof MalformedFileException malformed) {
      return "is damaged: " + malformed.whatAndWhere();
    }
    return failure instanceof ColumnMismatchException mismatch
        ? "is damaged: " + mismatch.getMessage()
        : "is missing";
  }

  /**
   * What a write that has to read the file first is refused with, instead of what the reader threw:
   * DATA_DAMAGED, or BACKEND_FAILED where another try may help.
   */
  public static BackendException unreadable(DataFile file, String doing, RuntimeException failure) {
    String what = "Could not " + doing + ": the data file " + name(file) + " ";
    return failure instanceof UncheckedIOException
        ? BackendException.passing(
            ErrorCode.BACKEND_FAILED,
            what + "could not be read. Nothing was committed. Try again.",
            failure)
        : BackendException.lasting(
            ErrorCode.DATA_DAMAGED,
            what
                + state(failure)
                + ". Nothing was committed. Restore the file from a backup;"
                + " doctor() on the mesh lists what else is.",
            failure);
  }

  /** The name alone: folders carry values of partitions. */
  private static String name(DataFile file) {
    return file.location().substring(file.location().lastIndexOf('/') + 1);
  }
}
