package io.meshwork.internal.ingest;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.rows.JdkCollections;
import io.meshwork.internal.rows.JsonRow;
import io.meshwork.internal.rows.RecordShredder;
import io.meshwork.internal.rows.TypeViolations;
import io.meshwork.internal.rows.TypeViolations.Violation;
import io.meshwork.internal.runtime.CallerException;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.VectorBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.iceberg.Schema;
import org.jspecify.annotations.Nullable;

/** Rows of the caller's records: Java records, Avro records, or maps. */
final class RecordsInput implements RowInput {
  /** Rows of a batch whose records are retained: their mapped rows may be much larger. */
  private static final int RETAINED_ROWS = 2_048;

  private final Iterator<?> records;
  private final RecordShredder shredder;
  private final TypeViolations violations = new TypeViolations();
  private final Map<Integer, String> invalidRows = new HashMap<>();
  private final FailureTally tally = new FailureTally();
  private final OptionalLong total;

  /** Whether the source only returns stored records, so that none changes when it goes on. */
  private final boolean stored;

  private final Runnable onClose;
  private final MeshAction action;
  private final BatchReuse reuse = new BatchReuse();
  private final JsonRow json = new JsonRow();
  private VectorBatch batch;
  private BatchSize size;
  private @Nullable List<Object> retained;
  private long rowsRead;

  /** Whether the batch has rows that {@link #next} did not return. */
  private boolean filling;

  /** The number of records that were read and not shredded yet. */
  private int waiting;

  /** Whether records are shredded one by one because they are large, or not known yet. */
  private boolean large;

  /** Whether the last record could not wait, as probably the next. */
  private boolean alone;

  /**
   * Creates an input from an iterator.
   *
   * @param source the source of the iterator, for its size
   * @param onClose closes the source
   * @param action the action, for messages
   */
  RecordsInput(
      Iterator<?> records,
      @Nullable Object source,
      RecordShredder shredder,
      Schema schema,
      Runnable onClose,
      MeshAction action) {
    this.records = records;
    this.stored = JdkCollections.areStored(source);
    this.shredder = shredder;
    this.batch = TextColumns.emptyBatch(schema);
    this.size = new BatchSize(batch);
    this.onClose = onClose;
    this.action = action;
    this.total =
        source instanceof Collection<?> collection ? size(collection) : OptionalLong.empty();
  }

  @Override
  public @Nullable VectorBatch next() {
    fill();
    filling = false;
    if (batch.rows() == 0) {
      return null;
    }
    use(TextColumns.settled(batch, rowsRead));
    return batch;
  }

  @Override
  public boolean fill() {
    if (!filling) {
      filling = true;
      use(reuse.after(batch));
      violations.clear();
      invalidRows.clear();
      if (retained != null) {
        retained.clear();
      }
    }
    int most = retained == null ? VectorBatch.ROWS : RETAINED_ROWS;
    int space = Math.min(space(), most - batch.rows());
    while (space > 0 && shred(new Object[space])) {
      space = Math.min(space(), most - batch.rows());
    }
    return space <= 0;
  }

  private void use(VectorBatch next) {
    if (next != batch) {
      batch = next;
      size = new BatchSize(next);
    }
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
  public void retainRecords() {
    retained = new ArrayList<>();
  }

  @Override
  public Object record(int row) {
    return retained == null ? RowInput.super.record(row) : retained.get(row);
  }

  @Override
  public RowMask failures() {
    return violations.rows();
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
    String text = invalidRows.get(row);
    return text != null ? text : json.of(batch, row);
  }

  @Override
  public OptionalLong total() {
    return total;
  }

  @Override
  public long rowsRead() {
    return rowsRead;
  }

  @Override
  public void close() {
    try {
      onClose.run();
    } catch (RuntimeException e) {
      throw CallerException.isKnown(e) ? e : failed(action, rowsRead, e);
    }
  }

  /**
   * Returns how many records may be read before they are shredded; 0 if the batch is full. Its size
   * is checked regularly. Large records are shredded one by one, to hold no more than one.
   */
  private int space() {
    int rows = batch.rows();
    int rowsBetweenChecks = rowsBetweenChecks();
    if (rows % rowsBetweenChecks == 0 || rowsRead == 1) {
      long bytes = size.bytes();
      if (BatchSize.isFull(bytes, rows)) {
        return 0;
      }
      large = rowsRead == 0 || (rows == 0 ? large : BatchSize.hasLargeRows(bytes, rows));
    }
    rowsBetweenChecks = rowsBetweenChecks();
    return large || alone ? 1 : rowsBetweenChecks - rows % rowsBetweenChecks;
  }

  /** Rows of stored records are in memory already, nested or not. */
  private int rowsBetweenChecks() {
    return stored && !large ? BatchSize.ROWS_BETWEEN_CHECKS : size.rowsBetweenChecks();
  }

  /**
   * Reads up to as many records as fit the array, and their values, whose accessors are the
   * caller's code. Returns false at the end.
   */
  private boolean shred(Object[] block) {
    try {
      alone = false;
      while (waiting < block.length && !alone && hasNext()) {
        Object record = read();
        block[waiting++] = record;
        alone = !stored && !shredder.mayWait(record);
      }
    } catch (RuntimeException | Error e) {
      // A record before this failure may fail, too, and then it is the first.
      shredWaiting(block);
      throw e;
    }
    return shredWaiting(block) > 0;
  }

  /** Shreds the records that wait in an array; returns how many were shredded. */
  private int shredWaiting(Object[] block) {
    int first = batch.rows();
    int count = waiting;
    waiting = 0;
    int violationsBefore = violations.count();
    RuntimeException failure = null;
    try {
      shredder.shredAll(block, count, batch, violations);
    } catch (RuntimeException e) {
      failure = e;
    }
    int shredded = batch.rows() - first;
    if (retained != null) {
      retained.addAll(Arrays.asList(block).subList(0, shredded));
    }
    if (violations.count() > violationsBefore) {
      RowMask rows = violations.rows();
      for (int row = rows.next(first); row >= 0; row = rows.next(row + 1)) {
        tally.add(rowsRead + row - first, violations.at(row));
        invalidRows.put(row, JsonRow.of(block[row - first]));
      }
    }
    rowsRead += shredded;
    if (failure != null) {
      throw CallerException.isKnown(failure)
          ? failure
          : failed(action, rowsRead, "record " + (rowsRead + 1), failure);
    }
    return count;
  }

  private OptionalLong size(Collection<?> collection) {
    try {
      return OptionalLong.of(collection.size());
    } catch (RuntimeException e) {
      throw CallerException.isKnown(e) ? e : failed(action, 0, e);
    }
  }

  private boolean hasNext() {
    try {
      return records.hasNext();
    } catch (RuntimeException e) {
      throw CallerException.isKnown(e) ? e : failed(action, rowsRead + waiting, e);
    }
  }

  private Object read() {
    try {
      return records.next();
    } catch (RuntimeException e) {
      throw CallerException.isKnown(e) ? e : failed(action, rowsRead + waiting, e);
    }
  }

  /** The exception if the caller's source fails, without the message of the cause. */
  static BackendException failed(MeshAction action, long rowsRead, RuntimeException cause) {
    return failed(action, rowsRead, "the source of records", cause);
  }

  /** The exception if a part of the caller's source fails. */
  static BackendException failed(
      MeshAction action, long rowsRead, String what, RuntimeException cause) {
    return Failure.of(action)
        .because(
            what + " failed after " + rowsRead + " records, with " + cause.getClass().getName())
        .state("Nothing was published.")
        .fix("Fix the source and run it again.")
        .cause(cause)
        .lasting(ErrorCode.SOURCE_FAILED);
  }
}
