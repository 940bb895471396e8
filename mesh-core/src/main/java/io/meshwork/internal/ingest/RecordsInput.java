package io.meshwork.internal.ingest;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshException;
import io.meshwork.internal.columnar.BytesVector;
import io.meshwork.internal.columnar.RowMask;
import io.meshwork.internal.columnar.VectorBatch;
import io.meshwork.internal.rows.JsonRow;
import io.meshwork.internal.rows.Shredder;
import io.meshwork.internal.rows.Violations;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.iceberg.Schema;
import org.jspecify.annotations.Nullable;

/** Rows from records of the caller's: Java records, Avro records or maps. */
public final class RecordsInput implements Input {
  /** A batch ends early when its texts and bytes have grown to so much. */
  private static final long MAX_TEXT_BYTES = 64L << 20;

  private static final int ROWS_BETWEEN_LOOKS = 64;

  private final Iterator<?> records;
  private final Shredder shredder;
  private final VectorBatch batch;
  private final List<BytesVector> texts;
  private final Violations violations = new Violations();
  private final Map<Integer, String> unfit = new HashMap<>();
  private final FailureTally tally = new FailureTally();
  private final OptionalLong total;
  private final Runnable onClose;
  private final String doing;
  private long rowsRead;

  /**
   * Rows from an iterator, which is read once.
   *
   * @param source what the iterator came from, for its size
   * @param onClose closes the source
   * @param doing what is being done, for messages
   */
  public RecordsInput(
      Iterator<?> records,
      @Nullable Object source,
      Shredder shredder,
      Schema schema,
      Runnable onClose,
      String doing) {
    this.records = records;
    this.shredder = shredder;
    this.batch = VectorBatch.empty(schema);
    this.texts =
        batch.vectors().stream()
            .filter(BytesVector.class::isInstance)
            .map(BytesVector.class::cast)
            .toList();
    this.total =
        source instanceof Collection<?> collection
            ? OptionalLong.of(collection.size())
            : OptionalLong.empty();
    this.onClose = onClose;
    this.doing = doing;
  }

  @Override
  public @Nullable VectorBatch next() {
    batch.reset();
    violations.clear();
    unfit.clear();
    for (int row = 0; row < VectorBatch.ROWS && roomFor(row) && hasNext(); row++) {
      Object record = read();
      shredder.shred(record, batch, violations);
      if (violations.rows().get(row)) {
        tally.add(rowsRead, violations.at(row));
        unfit.put(row, JsonRow.of(record));
      }
      rowsRead++;
    }
    return batch.rows() == 0 ? null : batch;
  }

  @Override
  public RowMask failures() {
    return violations.rows();
  }

  @Override
  public List<String> failuresOf(int row) {
    return violations.at(row).stream()
        .map(violation -> violation.column() + ": " + violation.code())
        .toList();
  }

  @Override
  public List<Finding> failureFindings() {
    return tally.findings();
  }

  @Override
  public String json(int row) {
    String text = unfit.get(row);
    return text != null ? text : JsonRow.of(batch, row, Set.of());
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
    } catch (MeshException e) {
      throw e;
    } catch (RuntimeException e) {
      throw failed(doing, rowsRead, e);
    }
  }

  /** Looked at now and then: a value is at most 16 MiB, so that a column stays below 2 GiB. */
  private boolean roomFor(int row) {
    if (row % ROWS_BETWEEN_LOOKS != 0) {
      return true;
    }
    long bytes = 0;
    for (BytesVector text : texts) {
      bytes += text.offsets()[text.size()];
    }
    return bytes < MAX_TEXT_BYTES;
  }

  private boolean hasNext() {
    try {
      return records.hasNext();
    } catch (MeshException e) {
      throw e;
    } catch (RuntimeException e) {
      throw failed(doing, rowsRead, e);
    }
  }

  private Object read() {
    try {
      return records.next();
    } catch (MeshException e) {
      throw e;
    } catch (RuntimeException e) {
      throw failed(doing, rowsRead, e);
    }
  }

  /** What is thrown when the caller's source throws; its own text is kept out of the message. */
  public static BackendException failed(String doing, long rowsRead, RuntimeException cause) {
    return BackendException.lasting(
        ErrorCode.SOURCE_FAILED,
        "Could not "
            + doing
            + ": the source of records failed after "
            + rowsRead
            + " of them, with "
            + cause.getClass().getName()
            + ". Nothing was published. Mend the source and run it again with the same key.",
        cause);
  }
}
