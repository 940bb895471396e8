package io.meshwork.internal.ingest;

import io.meshwork.contract.Contract;
import io.meshwork.internal.parquet.read.BatchReader;
import io.meshwork.internal.parquet.read.ParquetReader;
import io.meshwork.internal.parquet.read.ParquetReader.ColumnMatch;
import io.meshwork.internal.vector.VectorBatch;
import java.util.OptionalLong;
import org.apache.iceberg.Schema;
import org.jspecify.annotations.Nullable;

/** The rows of one file after another, as a scan of the table reads them. Not thread-safe. */
final class ExistingRows extends ColumnarInput {
  private final Schema schema;
  private @Nullable BatchReader batches;

  ExistingRows(Contract contract, Schema schema) {
    super(contract, schema);
    this.schema = schema;
  }

  /** Continues with the rows of another file, which the caller closes. */
  void begin(ParquetReader file) {
    close();
    batches = file.read(schema, ColumnMatch.BY_FIELD_ID);
  }

  @Override
  @Nullable VectorBatch nextBatch() {
    return batches == null ? null : batches.next();
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
