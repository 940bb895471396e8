package io.meshwork.internal.ingest;

import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.rows.JsonRow;
import io.meshwork.internal.rows.TypeViolations.Violation;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.VectorBatch;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The rows of another input in the form of another major version, column by column. Each call of
 * {@link #next} converts the batch that the other input returned last. Not thread-safe.
 */
final class ConvertedInput implements RowInput {
  private static final List<Violation> MALFORMED =
      List.of(
          new Violation(
              "",
              FindingCode.ROW_UNMAPPED,
              "the row does not fit the version that it is offered to"));

  private final RowInput source;
  private final UnaryOperator<VectorBatch> conversion;
  private final RowExclusion absent;
  private final JsonRow json = new JsonRow();
  private VectorBatch converted;
  private RowMask excluded = new RowMask(0);
  private final boolean readingSource;

  /**
   * Creates an input.
   *
   * @param source the rows as the leading major version has them
   * @param conversion converts a batch, row by row
   * @param empty an empty batch of this version
   * @param absent the rows that this version does not have
   * @param readingSource true to read the source too: each call of {@link #next} reads its next
   *     batch first
   */
  ConvertedInput(
      RowInput source,
      UnaryOperator<VectorBatch> conversion,
      VectorBatch empty,
      RowExclusion absent,
      boolean readingSource) {
    this.source = source;
    this.conversion = conversion;
    this.converted = empty;
    this.absent = absent;
    this.readingSource = readingSource;
  }

  @Override
  public @Nullable VectorBatch next() {
    if (readingSource && source.next() == null) {
      return null;
    }
    excluded = absent.of(source);
    converted = conversion.apply(source.batch());
    return converted;
  }

  /** A converted batch is new, but may share vectors with the source's batch. */
  @Override
  public boolean retainBatch() {
    return !readingSource || source.retainBatch();
  }

  @Override
  public VectorBatch batch() {
    return converted;
  }

  @Override
  public RowMask failures() {
    return source.failures();
  }

  @Override
  public RowMask excluded() {
    return excluded;
  }

  @Override
  public List<Violation> failuresOf(int row) {
    return MALFORMED;
  }

  /** None: the source reports the rows that do not fit. */
  @Override
  public List<Finding> failureFindings() {
    return List.of();
  }

  @Override
  public List<ViolationCount> violationCounts() {
    return List.of();
  }

  @Override
  public String json(int row) {
    return failures().get(row) ? source.json(row) : json.of(converted, row);
  }

  @Override
  public String place(int row) {
    return source.place(row);
  }

  @Override
  public OptionalLong total() {
    return source.total();
  }

  @Override
  public long rowsRead() {
    return source.rowsRead();
  }

  /** Closes the source if this input reads it; otherwise it belongs to the caller. */
  @Override
  public void close() {
    if (readingSource) {
      source.close();
    }
  }
}
