package io.meshwork.internal.ingest;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshException;
import io.meshwork.internal.columnar.BytesVector;
import io.meshwork.internal.columnar.ListVector;
import io.meshwork.internal.columnar.MapVector;
import io.meshwork.internal.columnar.RowMask;
import io.meshwork.internal.columnar.StructVector;
import io.meshwork.internal.columnar.Vector;
import io.meshwork.internal.columnar.VectorBatch;
import io.meshwork.internal.rows.JsonRow;
import io.meshwork.internal.rows.Shredder;
import io.meshwork.internal.rows.Violations;
import java.util.ArrayList;
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
  /** A batch ends early when its values have grown to so much. */
  private static final long MAX_BYTES = 64L << 20;

  /** About what a value takes besides the bytes of a text. */
  private static final long BYTES_OF_A_VALUE = 8;

  private static final int ROWS_BETWEEN_LOOKS = 64;

  private final Iterator<?> records;
  private final Shredder shredder;
  private final VectorBatch batch;
  private final List<Vector> unbounded = new ArrayList<>();
  private final int rowsBetweenLooks;
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
    batch.vectors().forEach(vector -> addUnbounded(vector, false));
    boolean nested = schema.columns().stream().anyMatch(column -> column.type().isNestedType());
    this.rowsBetweenLooks = nested ? 1 : ROWS_BETWEEN_LOOKS;
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
    return violations.codesAt(row);
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

  /** Adds the vectors that grow by more than a value a row. */
  private void addUnbounded(Vector vector, boolean repeated) {
    if (vector instanceof StructVector structs) {
      structs.children().forEach(child -> addUnbounded(child, repeated));
    } else if (vector instanceof ListVector lists) {
      addUnbounded(lists.elements(), true);
    } else if (vector instanceof MapVector maps) {
      addUnbounded(maps.keys(), true);
      addUnbounded(maps.values(), true);
    } else if (repeated || vector instanceof BytesVector) {
      unbounded.add(vector);
    }
  }

  /**
   * Looked at now and then, and after each row where rows may have any number of values: a value is
   * at most 16 MiB, so that a column stays below 2 GiB.
   */
  private boolean roomFor(int row) {
    if (row % rowsBetweenLooks != 0) {
      return true;
    }
    long bytes = 0;
    for (Vector vector : unbounded) {
      bytes += BYTES_OF_A_VALUE * vector.size();
      bytes += vector instanceof BytesVector texts ? texts.start(texts.size()) : 0;
    }
    return bytes < MAX_BYTES;
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
