package io.meshwork.internal.quality;

import io.meshwork.internal.columnar.RowMask;
import io.meshwork.internal.columnar.VectorBatch;
import org.jspecify.annotations.Nullable;

/** Says which rows of a batch fail one check. Not thread-safe. */
interface RowJudge {
  /**
   * Adds the rows that fail. Rows to skip may be judged or not; the caller takes them out.
   *
   * @param skip rows whose values are not to be trusted
   */
  void judge(VectorBatch batch, RowMask skip, RowMask failing);

  /** Why no row can be judged, in half a sentence; null if they can. */
  default @Nullable String absent() {
    return null;
  }

  /** What rows are compared with, apart from the rule's own literals; empty if nothing else. */
  default String basis() {
    return "";
  }

  /** A judge that can judge no row. */
  record Absent(String absent) implements RowJudge {
    @Override
    public void judge(VectorBatch batch, RowMask skip, RowMask failing) {
      // No row fails, and the rule is not evaluated.
    }
  }
}
