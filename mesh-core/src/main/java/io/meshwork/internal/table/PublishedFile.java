package io.meshwork.internal.table;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.parquet.read.ParquetReader;
import io.meshwork.internal.parquet.schema.ColumnMismatchException;
import io.meshwork.internal.parquet.schema.UnreadableFileException;
import io.meshwork.internal.parquet.schema.UnreadableFileException.Reason;
import io.meshwork.internal.runtime.ThreadInterruption;
import java.io.UncheckedIOException;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.io.FileIO;

/** Opens the data files of a snapshot, and checks that they are unchanged since the publish. */
public final class PublishedFile {
  private PublishedFile() {}

  /**
   * Opens the file and compares its length and number of rows with those in the snapshot.
   *
   * @throws UnreadableFileException if they differ, or it is not a Parquet file
   * @throws org.apache.iceberg.exceptions.NotFoundException if it does not exist
   */
  public static ParquetReader open(FileIO io, DataFile file) {
    return ParquetReader.open(
        io.newInputFile(file.location()), file.fileSizeInBytes(), file.recordCount());
  }

  /**
   * The state of an unreadable file, for a message: "is missing", "is damaged" and why, or "cannot
   * be read" and why.
   */
  public static String state(RuntimeException failure) {
    if (failure instanceof UnreadableFileException unreadable) {
      return (unreadable.reason() == Reason.CORRUPT ? "is damaged: " : "cannot be read: ")
          + unreadable.whatAndWhere();
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
    Failure unreadable = Failure.of(action).state("Nothing was committed.").cause(failure);
    return failure instanceof UncheckedIOException
        ? unreadable
            .because(what + "could not be read")
            .fix("Try again.")
            .passing(ErrorCode.BACKEND_FAILED)
        : unreadable
            .because(what + state(failure))
            .fix(
                "Restore the file from a backup in which doctorWithChecksums() reports no damage."
                    + " Run doctorWithChecksums() on the mesh to list all damaged files.")
            .lasting(ErrorCode.DATA_DAMAGED);
  }

  /** The file name only, because folders contain partition values. */
  private static String name(DataFile file) {
    return file.location().substring(file.location().lastIndexOf('/') + 1);
  }
}
