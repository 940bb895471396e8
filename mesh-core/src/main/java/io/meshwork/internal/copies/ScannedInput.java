package io.meshwork.internal.copies;

import io.meshwork.error.Finding;
import io.meshwork.internal.ingest.RowInput;
import io.meshwork.internal.materializers.RowMaterializer;
import io.meshwork.internal.rows.JsonRow;
import io.meshwork.internal.rows.TypeViolations.Violation;
import io.meshwork.internal.scan.SnapshotScan;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.VectorBatch;
import java.util.List;
import java.util.OptionalLong;
import org.apache.iceberg.Schema;
import org.jspecify.annotations.Nullable;

/** The rows of a published data file. Closes the scan. Not thread-safe. */
public final class ScannedInput implements RowInput {
  private final SnapshotScan scan;
  private final RowMaterializer<?> records;
  private final VectorBatch empty;
  private final long rows;
  private final JsonRow json = new JsonRow();
  private @Nullable VectorBatch last;
  private long rowsRead;

  /**
   * Creates an input.
   *
   * @param columns the columns of the file that are read
   * @param records creates the records that a mapping receives
   * @param rows the number of rows of the file
   */
  public ScannedInput(SnapshotScan scan, Schema columns, RowMaterializer<?> records, long rows) {
    this.scan = scan;
    this.empty = VectorBatch.empty(columns);
    this.records = records;
    this.rows = rows;
  }

  @Override
  public @Nullable VectorBatch next() {
    last = scan.next();
    rowsRead += batch().rows();
    return last;
  }

  @Override
  public VectorBatch batch() {
    return last == null ? empty : last;
  }

  @Override
  public Object record(int row) {
    return records.row(batch(), row);
  }

  @Override
  public RowMask failures() {
    return new RowMask(0);
  }

  @Override
  public List<Violation> failuresOf(int row) {
    return List.of();
  }

  @Override
  public List<Finding> failureFindings() {
    return List.of();
  }

  @Override
  public String json(int row) {
    return json.of(batch(), row);
  }

  @Override
  public OptionalLong total() {
    return OptionalLong.of(rows);
  }

  @Override
  public long rowsRead() {
    return rowsRead;
  }

  @Override
  public void close() {
    scan.close();
  }
}
