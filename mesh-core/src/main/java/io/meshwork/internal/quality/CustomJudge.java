package io.meshwork.internal.quality;

import io.meshwork.internal.columnar.RowMask;
import io.meshwork.internal.columnar.VectorBatch;
import io.meshwork.internal.rows.Materializer;
import java.util.function.Predicate;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Rows that the producer's own code says no to fail. Code that throws is asked no more. */
final class CustomJudge implements RowJudge {
  private static final Logger LOG = LoggerFactory.getLogger(CustomJudge.class);

  private final String ruleId;
  private final Predicate<? super GenericRecord> code;
  private final Materializer<GenericRecord> rows;
  private @Nullable String broken;

  CustomJudge(
      String ruleId, Predicate<? super GenericRecord> code, Materializer<GenericRecord> rows) {
    this.ruleId = ruleId;
    this.code = code;
    this.rows = rows;
  }

  @Override
  public void judge(VectorBatch batch, RowMask skip, RowMask failing) {
    for (int row = 0; row < batch.rows() && broken == null; row++) {
      if (!skip.get(row) && !holds(batch, row)) {
        failing.set(row);
      }
    }
  }

  private boolean holds(VectorBatch batch, int row) {
    GenericRecord record = rows.row(batch, row);
    try {
      return code.test(record);
    } catch (RuntimeException e) {
      // Its message may hold values of the row, so that only its class is told.
      broken = "its code threw " + e.getClass().getName();
      LOG.warn("Rule {}: its code threw {}", ruleId, e.getClass().getName());
      return true;
    }
  }

  @Override
  public @Nullable String absent() {
    return broken;
  }
}
