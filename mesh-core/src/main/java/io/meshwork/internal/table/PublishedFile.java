package io.meshwork.internal.table;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.columnar.ColumnMismatchException;
import io.meshwork.internal.columnar.MalformedFileException;
import io.meshwork.internal.columnar.ParquetReader;
import io.meshwork.internal.runtime.ThreadInterruption;
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
   * The exception for a write that must read the file first and cannot: DATA_DAMAGED, or
   * BACKEND_FAILED if a retry may succeed.
   */
  public static BackendException unreadable(
      DataFile file, MeshAction action, RuntimeException failure) {
    if (ThreadInterruption.isCauseOf(failure)) {
      return ThreadInterruption.ofChange(action, failure);
    }
    String what = "the data file " + name(file) + " ";
    Failure failed = Failure.of(action).state("Nothing was committed.").cause(failure);
    return failure instanceof UncheckedIOException
        ? failed
            .because(what + "could not be read")
            .fix("Try again.")
            .passing(ErrorCode.BACKEND_FAILED)
        : failed
            .because(what + state(failure))
            .fix(
                "Restore the file from a backup in which doctorWithChecksums() reports no damage."
                    + " Run doctorWithChecksums() on the mesh to list all damaged files.")
            .lasting(ErrorCode.DATA_DAMAGED);
  }

  /** The name alone: folders carry values of partitions. */
  private static String name(DataFile file) {
    return file.location().substring(file.location().lastIndexOf('/') + 1);
  }
}
