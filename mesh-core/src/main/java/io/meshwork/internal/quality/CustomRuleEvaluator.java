package io.meshwork.internal.quality;

import io.meshwork.internal.materializers.RowMaterializer;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.VectorBatch;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Fails rows that the producer's own code rejects. Code that throws is not called again. */
final class CustomRuleEvaluator<R> implements RowRuleEvaluator {
  private static final Logger LOG = LoggerFactory.getLogger(CustomRuleEvaluator.class);

  private final String ruleId;
  private final Predicate<? super R> code;
  private final RowMaterializer<R> rows;
  private @Nullable String failureReason;

  CustomRuleEvaluator(String ruleId, Predicate<? super R> code, RowMaterializer<R> rows) {
    this.ruleId = ruleId;
    this.code = code;
    this.rows = rows;
  }

  @Override
  public void evaluate(VectorBatch batch, RowMask skip, RowMask failing) {
    for (int row = 0; row < batch.rows() && failureReason == null; row++) {
      if (!skip.get(row) && !holds(batch, row)) {
        failing.set(row);
      }
    }
  }

  private boolean holds(VectorBatch batch, int row) {
    R record = rows.row(batch, row);
    try {
      return code.test(record);
    } catch (Exception | AssertionError | LinkageError | StackOverflowError e) {
      // Other languages throw undeclared exceptions. Its message may contain values of the row, so
      // only its class is reported.
      failureReason = "its code threw " + e.getClass().getName();
      LOG.warn("Rule {}: its code threw {}", ruleId, e.getClass().getName());
      return true;
    }
  }

  @Override
  public @Nullable String absent() {
    return failureReason;
  }
}
