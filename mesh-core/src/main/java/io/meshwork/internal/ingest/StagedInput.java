package io.meshwork.internal.ingest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.ingest.file.ColumnTarget;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.StoredConstant;
import io.meshwork.internal.rows.RecordShredder;
import io.meshwork.internal.rows.RecordShredders;
import io.meshwork.internal.rows.TypeViolations;
import io.meshwork.internal.rows.TypeViolations.Violation;
import io.meshwork.internal.table.QuarantineReason;
import io.meshwork.internal.table.QuarantineTable;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a staged publish in the order in which they were offered: rows that fit their columns,
 * whose values are checked against the current contract, and rows that did not fit, with their
 * earlier violations. Not thread-safe.
 */
final class StagedInput extends ColumnarInput {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Instead of the row of a malformed one. */
  private static final int FITS = -1;

  private final Iterator<VectorBatch> fitting;
  private final Iterator<VectorBatch> malformed;
  private final long total;
  private final Runnable onClose;
  private final RecordShredder shredder;
  private final VectorBatch placeholders;
  private final TypeViolations ignored = new TypeViolations();
  private final int[] replacedRows = new int[VectorBatch.ROWS];

  /**
   * For each row of the last batch the row of {@link #malformedRows} that it is, or a fitting one.
   */
  private final int[] malformedRow = new int[VectorBatch.ROWS];

  private @Nullable VectorBatch fittingRows;
  private @Nullable VectorBatch malformedRows;
  private @Nullable LongVector malformedNumbers;
  private int nextFitting;
  private int nextMalformed;

  StagedInput(
      Iterator<VectorBatch> fitting,
      Iterator<VectorBatch> malformed,
      long total,
      Runnable onClose,
      ColumnTarget target) {
    super(target);
    this.fitting = fitting;
    this.malformed = malformed;
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
    if (fittingRows == null || nextFitting == fittingRows.rows()) {
      fittingRows = fitting.hasNext() ? fitting.next() : null;
      nextFitting = 0;
    }
    if (malformedRows == null || nextMalformed == malformedRows.rows()) {
      malformedRows = malformed.hasNext() ? malformed.next() : null;
      malformedNumbers = malformedRows == null ? null : numbers(malformedRows);
      nextMalformed = 0;
    }
    if (fittingRows == null && malformedRows == null) {
      return null;
    }
    int rows = takeRows();
    VectorBatch batch = checked(placeholderRows(rows), violations);
    for (int row = 0; row < rows; row++) {
      if (!fits(row)) {
        addViolations(row, violations);
      }
    }
    return batch;
  }

  /** Takes rows in the order of their numbers, until one of both batches ends. */
  private int takeRows() {
    int rows = 0;
    while (rows < VectorBatch.ROWS
        && (fittingRows == null || nextFitting < fittingRows.rows())
        && (malformedRows == null || nextMalformed < malformedRows.rows())) {
      boolean takesMalformed =
          malformedRows != null
              && (fittingRows == null || malformedNumber() <= rowsRead() + rows + 1);
      malformedRow[rows] = takesMalformed ? nextMalformed++ : FITS;
      replacedRows[rows++] = takesMalformed ? 0 : nextFitting++;
    }
    return rows;
  }

  private long malformedNumber() {
    return Objects.requireNonNull(malformedNumbers).get(nextMalformed);
  }

  private static LongVector numbers(VectorBatch stored) {
    return (LongVector) column(stored, QuarantineTable.ROW_NUMBER).flat();
  }

  private static Vector column(VectorBatch stored, String name) {
    return stored.vector(stored.schema().columns().indexOf(QuarantineTable.SCHEMA.findField(name)));
  }

  /** The values of malformed rows are never used: they belong to another row, or are missing. */
  private VectorBatch placeholderRows(int rows) {
    VectorBatch fits = fittingRows;
    if (fits == null) {
      placeholders.reset();
      ignored.clear();
      for (int row = 0; row < rows; row++) {
        shredder.shred(Map.of(), placeholders, ignored);
      }
      return placeholders;
    }
    boolean whole = rows == fits.rows() && nextFitting == rows && allFit(rows);
    return whole ? fits : fits.gather(Arrays.copyOf(replacedRows, rows)).flat();
  }

  private boolean allFit(int rows) {
    return Arrays.stream(malformedRow, 0, rows).allMatch(each -> each == FITS);
  }

  private void addViolations(int row, TypeViolations violations) {
    boolean first = true;
    for (JsonNode stored : violations(text(QuarantineTable.RULES, row))) {
      StagedRows.StagedViolation read =
          DocumentCodec.of(StagedRows.StagedViolation.class).read(stored);
      FindingCode code = StoredConstant.of(FindingCode.class, read.code(), "the staged rows");
      if (first) {
        violations.set(row, new Violation(read.column(), code, read.reason()));
      } else {
        violations.add(row, read.column(), code, read.reason());
      }
      first = false;
    }
  }

  private boolean fits(int row) {
    return malformedRow[row] == FITS;
  }

  @Override
  public boolean hasOtherValues(int row) {
    return fits(row);
  }

  @Override
  public String json(int row) {
    return fits(row) ? super.json(row) : text(QuarantineTable.ROW, row);
  }

  /** The place of a malformed row, from the end of its reason; other places are not stored. */
  @Override
  public String place(int row) {
    return fits(row) ? "" : QuarantineReason.parse(text(QuarantineTable.REASON, row)).place();
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

  private String text(String column, int row) {
    VectorBatch stored = Objects.requireNonNull(malformedRows);
    BytesVector texts = (BytesVector) column(stored, column).flat();
    return new String(texts.get(malformedRow[row]), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    onClose.run();
  }
}
