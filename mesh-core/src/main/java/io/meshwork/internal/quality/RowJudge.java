package io.meshwork.internal.quality;

import io.meshwork.internal.columnar.RowMask;
import io.meshwork.internal.columnar.VectorBatch;

/** Says which rows of a batch fail one check. Not thread-safe. */
interface RowJudge {
  /**
   * Adds the rows that fail. Rows to skip may be judged or not; the caller takes them out.
   *
   * @param skip rows whose values are not to be trusted
   */
  void judge(VectorBatch batch, RowMask skip, RowMask failing);
}
