package io.meshwork.internal.quality;

import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.VectorBatch;
import org.jspecify.annotations.Nullable;

/** Finds the rows of a batch that fail one check. Not thread-safe. */
interface RowRuleEvaluator {
  /**
   * Adds the rows that fail. Rows to skip may be evaluated or not; the caller removes them.
   *
   * @param skip rows whose values are unreliable
   */
  void evaluate(VectorBatch batch, RowMask skip, RowMask failing);

  /** Returns why no row can be evaluated, as a clause; null if rows can be evaluated. */
  default @Nullable String absent() {
    return null;
  }

  /** Returns what rows are compared with besides the rule's literals; empty if nothing. */
  default String basis() {
    return "";
  }

  /** An evaluator that cannot evaluate any row. */
  record Absent(String absent) implements RowRuleEvaluator {
    @Override
    public void evaluate(VectorBatch batch, RowMask skip, RowMask failing) {
      // No row fails, and the rule is reported as not evaluated.
    }
  }
}
