package io.meshwork.internal.ingest;

import io.meshwork.error.ContractViolationException;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.rows.JsonRow;
import io.meshwork.internal.rows.RecordShredder;
import io.meshwork.internal.rows.TypeViolations;
import io.meshwork.internal.rows.TypeViolations.Violation;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import org.apache.iceberg.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The rows of another input in the form of another major version, by the producer's mapping. Each
 * call of {@link #next} maps the batch that the other input returned last, row by row. A row that
 * the mapping does not map is a violation. Not thread-safe.
 */
final class MappedInput implements RowInput {
  private final RowInput source;
  private final Function<Object, ?> mapping;
  private final RecordShredder shredder;
  private final BatchReuse reuse = new BatchReuse();
  private final JsonRow json = new JsonRow();
  private VectorBatch batch;
  private final String version;
  private final TypeViolations violations = new TypeViolations();
  private final FailureTally tally = new FailureTally();
  private final Set<Integer> unmapped = new HashSet<>();
  private final RowExclusion absent;
  private final boolean readingSource;
  private RowMask excluded = new RowMask(0);

  /**
   * Creates an input.
   *
   * @param source the rows as the leading major version has them
   * @param mapping maps a record of the source to a record of this version
   * @param shredder reads the mapped records
   * @param schema the columns of this version
   * @param version this version, for messages
   * @param absent the rows that this version does not have
   * @param readingSource true to read the source too: each call of {@link #next} reads its next
   *     batch first
   */
  MappedInput(
      RowInput source,
      Function<Object, ?> mapping,
      RecordShredder shredder,
      Schema schema,
      String version,
      RowExclusion absent,
      boolean readingSource) {
    this.source = source;
    this.mapping = mapping;
    this.shredder = shredder;
    this.batch = VectorBatch.empty(schema);
    this.version = version;
    this.absent = absent;
    this.readingSource = readingSource;
    source.retainRecords();
  }

  @Override
  public @Nullable VectorBatch next() {
    if (readingSource && source.next() == null) {
      return null;
    }
    batch = reuse.after(batch);
    violations.clear();
    unmapped.clear();
    excluded = absent.of(source);
    int rows = source.batch().rows();
    long first = source.rowsRead() - rows;
    for (int row = 0; row < rows; row++) {
      map(row);
      if (violations.rows().get(row)) {
        tally.add(first + row, violations.at(row));
      }
    }
    return batch;
  }

  private void map(int row) {
    if (excluded.get(row)) {
      batch.vectors().forEach(Vector::appendNull);
      return;
    }
    if (source.failures().get(row)) {
      addUnmapped(row, "the row does not fit the version that it is offered to");
      return;
    }
    Object mapped;
    try {
      mapped = mapping.apply(source.record(row));
    } catch (RuntimeException e) {
      addUnmapped(
          row, "the mapping to version " + version + " failed with " + e.getClass().getName());
      return;
    }
    if (mapped == null) {
      addUnmapped(row, "the mapping to version " + version + " returned null");
      return;
    }
    shred(mapped, row);
  }

  private void shred(Object mapped, int row) {
    try {
      shredder.shred(mapped, batch, violations);
    } catch (ContractViolationException e) {
      throw e; // the class of the records does not fit, which holds for all rows
    } catch (RuntimeException e) {
      batch.truncate(row);
      addUnmapped(
          row, "the record that the mapping returned failed with " + e.getClass().getName());
    }
  }

  private void addUnmapped(int row, String reason) {
    batch.vectors().forEach(Vector::appendNull);
    unmapped.add(row);
    violations.add(row, "", FindingCode.ROW_UNMAPPED, reason);
  }

  @Override
  public boolean retainBatch() {
    reuse.retain();
    return true;
  }

  @Override
  public VectorBatch batch() {
    return batch;
  }

  @Override
  public RowMask failures() {
    return violations.rows();
  }

  @Override
  public RowMask excluded() {
    return excluded;
  }

  @Override
  public List<Violation> failuresOf(int row) {
    return violations.at(row);
  }

  @Override
  public List<Finding> failureFindings() {
    return tally.findings();
  }

  @Override
  public List<ViolationCount> violationCounts() {
    return tally.counts();
  }

  @Override
  public String json(int row) {
    return unmapped.contains(row) ? source.json(row) : json.of(batch, row);
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
