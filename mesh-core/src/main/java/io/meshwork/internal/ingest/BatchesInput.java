package io.meshwork.internal.ingest;

import io.meshwork.columnar.ColumnBatch;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.ingest.file.ColumnTarget;
import io.meshwork.internal.rows.TypeViolations;
import io.meshwork.internal.runtime.CallerException;
import io.meshwork.internal.vector.VectorBatch;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import org.apache.iceberg.Schema;
import org.jspecify.annotations.Nullable;

/** Rows of batches that a read returned, which stay columns. The batches are not modified. */
final class BatchesInput extends ColumnarInput {
  private final Iterator<? extends ColumnBatch> batches;
  private @Nullable Schema offered;
  private @Nullable BatchColumns columns;
  private long batchesRead;

  BatchesInput(Iterator<? extends ColumnBatch> batches, ColumnTarget target) {
    super(target);
    this.batches = batches;
  }

  @Override
  public OptionalLong total() {
    return OptionalLong.empty();
  }

  /** Does nothing: the batches belong to the caller. */
  @Override
  public void close() {}

  @Override
  @Nullable VectorBatch nextBatch(TypeViolations violations) {
    for (ColumnBatch next = read(); next != null; next = read()) {
      if (next.rows() > 0) {
        VectorBatch batch = readable(next);
        return checked(columnsOf(batch).convert(batch), violations);
      }
    }
    return null;
  }

  /** The next batch of the caller's iterator; null at the end. */
  private @Nullable ColumnBatch read() {
    try {
      if (!batches.hasNext()) {
        return null;
      }
      ColumnBatch next = batches.next();
      batchesRead++;
      if (next == null) {
        throw unreadable("is null", "Remove it.");
      }
      return next;
    } catch (RuntimeException e) {
      throw CallerException.isKnown(e)
          ? e
          : RecordsInput.failed(target().action(), rowsRead(), "the source of batches", e);
    }
  }

  private VectorBatch readable(ColumnBatch batch) {
    if (!(batch instanceof VectorBatch vectors)) {
      throw unreadable(
          "is of class " + batch.getClass().getName() + ", which no read returns",
          "Pass what batches() of a read or a poll returns, or call records(..).");
    }
    if (vectors.isExpired()) {
      throw unreadable(
          "has expired, because the batch after it was requested",
          "Pass the iterator of batches() itself instead of collecting its batches.");
    }
    return vectors;
  }

  private RuntimeException unreadable(String what, String fix) {
    return Failure.of(target().action())
        .because("batch " + batchesRead + " " + what)
        .state("Nothing was published.")
        .fix(fix)
        .invalidRequest(ErrorCode.INVALID_ARGUMENT);
  }

  /** The columns of the batch, the same as in the one before unless two reads are joined. */
  @SuppressWarnings("ReferenceEquality") // a schema that is the same has the same columns
  private BatchColumns columnsOf(VectorBatch batch) {
    if (columns == null || offered != batch.schema()) {
      columns = checked(batch.schema());
      offered = batch.schema();
    }
    return columns;
  }

  private BatchColumns checked(Schema batch) {
    BatchColumns compared = new BatchColumns(batch, target().schema(), target().declared());
    MeshAction from = target().action().on("from a batch");
    compared.names().check(from, "batch", batch, target().ignoringUnknownColumns());
    List<Finding> mismatches = compared.mismatches();
    if (!mismatches.isEmpty()) {
      Finding first = mismatches.get(0);
      int more = mismatches.size() - 1;
      throw Failure.of(from)
          .because(first.what() + (more == 0 ? "" : " (and " + more + " more, see findings())"))
          .state("Nothing was published.")
          .fix("To fix it: " + first.fix() + ".")
          .findings(mismatches)
          .contractViolation(ErrorCode.SCHEMA_MISMATCH);
    }
    return compared;
  }
}
