package io.meshwork.internal.ingest;

import io.meshwork.internal.ingest.file.ColumnTarget;
import io.meshwork.internal.parquet.read.BatchReader;
import io.meshwork.internal.parquet.read.ParquetReader;
import io.meshwork.internal.parquet.read.ParquetReader.ColumnMatch;
import io.meshwork.internal.rows.TypeViolations;
import io.meshwork.internal.vector.VectorBatch;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The rows of one file after another, as a scan of the table reads them. Not thread-safe. */
final class ExistingRows extends ColumnarInput {
  private String location = "";
  private @Nullable BatchReader batches;

  ExistingRows(ColumnTarget target) {
    super(target);
  }

  /**
   * Continues with the rows of another file, which the caller closes.
   *
   * @param fileLocation its location
   */
  void begin(String fileLocation, ParquetReader file) {
    close();
    location = fileLocation;
    batches = file.readOffered(target().schema(), ColumnMatch.BY_FIELD_ID);
  }

  @Override
  @Nullable VectorBatch nextBatch(TypeViolations violations) {
    return checked(batches == null ? null : batches.next(), violations);
  }

  /** The file of a row of the last batch, and its number in the file, from 1. */
  @Override
  public String place(int row) {
    return batches == null ? location : location + ", row " + (batches.firstRow() + row + 1);
  }

  @Override
  String placeInFindings(int row) {
    return place(row);
  }

  @Override
  public OptionalLong total() {
    return OptionalLong.empty();
  }

  @Override
  public void close() {
    if (batches != null) {
      batches.close();
      batches = null;
    }
  }
}
