package io.meshwork.internal.ingest;

import io.meshwork.internal.ingest.RowIngestion.LateReference;
import io.meshwork.internal.table.NewestEventTime;
import io.meshwork.internal.vector.DictionaryVector;
import io.meshwork.internal.vector.IntVector;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.time.Duration;
import org.apache.iceberg.Schema;

/**
 * Counts the published rows whose event time is before the newest one of earlier publishes: one
 * comparison of a number for each row. Not thread-safe.
 */
final class LateRowCount {
  private final LateReference reference;
  private final int column;
  private final long least;
  private long rows;
  private long oldest = Long.MAX_VALUE;

  private LateRowCount(LateReference reference, int column) {
    this.reference = reference;
    this.column = column;
    this.least = reference.column().least(reference.newest());
  }

  /**
   * Creates a count for batches of a schema.
   *
   * @param schema has the column of the event time
   */
  static LateRowCount of(Schema schema, LateReference reference) {
    for (int i = 0; i < schema.columns().size(); i++) {
      if (schema.columns().get(i).fieldId() == reference.column().columnId()) {
        return new LateRowCount(reference, i);
      }
    }
    throw new IllegalStateException("the table lacks the column of the event time");
  }

  void add(VectorBatch batch, RowMask published) {
    Vector vector = batch.vector(column);
    Vector times = vector instanceof DictionaryVector encoded ? encoded.flat() : vector;
    if (times instanceof LongVector longs) {
      long[] values = longs.values();
      for (int row = 0; row < longs.size(); row++) {
        if (values[row] < least && published.get(row) && !longs.isNull(row)) {
          count(values[row]);
        }
      }
    } else {
      int[] values = ((IntVector) times).values();
      for (int row = 0; row < times.size(); row++) {
        if (values[row] < least && published.get(row) && !times.isNull(row)) {
          count(values[row]);
        }
      }
    }
  }

  private void count(long time) {
    NewestEventTime times = reference.column();
    if (times.isLocal() && !times.moment(time).isBefore(reference.newest())) {
      return; // a local time that the clocks skip means a later instant than the times after it
    }
    rows++;
    oldest = Math.min(oldest, time);
  }

  LateRows result() {
    return rows == 0
        ? LateRows.NONE
        : new LateRows(
            rows, Duration.between(reference.column().moment(oldest), reference.newest()));
  }
}
