package io.meshwork.internal.ingest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.rows.RecordShredder;
import io.meshwork.internal.rows.RecordShredders;
import io.meshwork.internal.rows.TypeViolations;
import io.meshwork.internal.table.QuarantineTable;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.VectorBatch;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a staged publish: first those that fit their columns, whose values are checked against
 * the current contract, then those that did not fit when they were offered. Not thread-safe.
 */
final class StagedInput extends ColumnarInput {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Iterator<VectorBatch> fitting;
  private final Iterator<VectorBatch> unfit;
  private final long total;
  private final Runnable onClose;
  private final RecordShredder shredder;
  private final VectorBatch placeholders;
  private final TypeViolations ignored = new TypeViolations();
  private @Nullable VectorBatch stored;

  StagedInput(
      Iterator<VectorBatch> fitting,
      Iterator<VectorBatch> unfit,
      long total,
      Runnable onClose,
      ColumnTarget target) {
    super(target);
    this.fitting = fitting;
    this.unfit = unfit;
    this.total = total;
    this.onClose = onClose;
    this.shredder = RecordShredders.forRecords(target.declared(), target.schema(), target.action());
    this.placeholders = VectorBatch.empty(target.schema());
  }

  @Override
  public OptionalLong total() {
    return OptionalLong.of(total);
  }

  @Override
  @Nullable VectorBatch nextBatch(TypeViolations violations) {
    stored = null;
    if (fitting.hasNext()) {
      return checked(fitting.next(), violations);
    }
    return unfit.hasNext() ? unfit(unfit.next(), violations) : null;
  }

  /** The values of these rows are never used, so that each row has those of an empty record. */
  private VectorBatch unfit(VectorBatch batch, TypeViolations violations) {
    stored = batch;
    placeholders.reset();
    ignored.clear();
    for (int row = 0; row < batch.rows(); row++) {
      shredder.shred(Map.of(), placeholders, ignored);
      for (JsonNode violation : violations(text(batch, QuarantineTable.RULES, row))) {
        violations.add(
            row,
            violation.path(StagedRows.COLUMN).asText(),
            FindingCode.valueOf(violation.path(StagedRows.CODE).asText()),
            violation.path(StagedRows.REASON).asText());
      }
    }
    return placeholders;
  }

  @Override
  public String json(int row) {
    return stored == null ? super.json(row) : text(stored, QuarantineTable.ROW, row);
  }

  /** That of an unfit row, which its reason ends with; those of other rows are not stored. */
  @Override
  public String place(int row) {
    String reason = stored == null ? "" : text(stored, QuarantineTable.REASON, row);
    int place = reason.indexOf(QuarantineTable.PLACE);
    return place < 0
        ? ""
        : reason.substring(place + QuarantineTable.PLACE.length(), reason.length() - 1);
  }

  private JsonNode violations(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw Failure.of(target().action())
          .because("the violations of a staged row are damaged")
          .state("Nothing was published.")
          .fix("Discard the staged publish, and stage the rows again.")
          .lasting(ErrorCode.DATA_DAMAGED);
    }
  }

  private static String text(VectorBatch batch, String column, int row) {
    int at = batch.schema().columns().indexOf(QuarantineTable.SCHEMA.findField(column));
    BytesVector texts = (BytesVector) batch.vector(at).flat();
    return new String(texts.get(row), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    onClose.run();
  }
}
