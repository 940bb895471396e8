package io.meshwork.internal.ingest;

import io.meshwork.error.Finding;
import io.meshwork.internal.ingest.file.ColumnTarget;
import io.meshwork.internal.materializers.RowMaterializer;
import io.meshwork.internal.materializers.RowMaterializers;
import io.meshwork.internal.rows.JsonRow;
import io.meshwork.internal.rows.TypeViolations;
import io.meshwork.internal.rows.TypeViolations.Violation;
import io.meshwork.internal.rows.VectorChecks;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.VectorBatch;
import java.util.List;
import java.util.Objects;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * Rows that the source has as columns. Their values are checked column by column, with the results
 * that the same rows have as records. Not thread-safe.
 */
abstract class ColumnarInput implements RowInput {
  private final ColumnTarget target;
  private final VectorChecks checks;
  private final TypeViolations violations = new TypeViolations();
  private final FailureTally tally = new FailureTally();
  private final JsonRow json = new JsonRow();
  private @Nullable RowMaterializer<GenericRecord> records;
  private @Nullable VectorBatch last;
  private long rowsRead;

  ColumnarInput(ColumnTarget target) {
    this.target = target;
    this.checks = VectorChecks.of(target.declared(), target.schema());
  }

  /** What the columns are matched with. */
  final ColumnTarget target() {
    return target;
  }

  /**
   * The next rows with the table's columns; null at the end.
   *
   * @param violations empty; gets the values that do not fit their columns
   */
  abstract @Nullable VectorBatch nextBatch(TypeViolations violations);

  /** True if the checks of values may change them. */
  final boolean changesValues() {
    return checks.changeValues();
  }

  /** Where findings say that a row is, in addition to its number; empty if their reasons say it. */
  String placeInFindings(int row) {
    return "";
  }

  /**
   * Checks the values of rows that another program wrote. A value with a unit that the contract
   * truncates may be modified.
   */
  final @Nullable VectorBatch checked(@Nullable VectorBatch batch, TypeViolations violations) {
    if (batch != null) {
      checks.find(batch, violations);
    }
    return batch;
  }

  @Override
  public final @Nullable VectorBatch next() {
    violations.clear();
    last = nextBatch(violations);
    if (last != null) {
      RowMask failures = violations.rows();
      for (int row = failures.next(0); row >= 0; row = failures.next(row + 1)) {
        int failing = row;
        tally.add(rowsRead + row, violations.at(row), () -> placeInFindings(failing));
      }
      rowsRead += last.rows();
    }
    return last;
  }

  @Override
  public final VectorBatch batch() {
    return last == null ? VectorBatch.empty(target.schema()) : last;
  }

  @Override
  public final Object record(int row) {
    if (records == null) {
      records = RowMaterializers.asAvro(target.schema(), target.declared());
    }
    return records.row(Objects.requireNonNull(last), row);
  }

  @Override
  public final RowMask failures() {
    return violations.rows();
  }

  @Override
  public final List<Violation> failuresOf(int row) {
    return violations.at(row);
  }

  @Override
  public final List<Finding> failureFindings() {
    return tally.findings();
  }

  @Override
  public String json(int row) {
    if (last == null) {
      throw new IllegalStateException("no batch was read");
    }
    return json.of(last, row);
  }

  @Override
  public final long rowsRead() {
    return rowsRead;
  }
}
