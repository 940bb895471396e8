package io.meshwork.internal.quality;

import io.meshwork.internal.columnar.DictionaryVector;
import io.meshwork.internal.columnar.RowMask;
import io.meshwork.internal.columnar.Vector;
import io.meshwork.internal.columnar.VectorBatch;

/** Judges the values of one column; nulls pass. Entries of a dictionary are judged once a batch. */
abstract class ValueJudge implements RowJudge {
  private final int column;
  private final RowMask badEntries = new RowMask(1024);

  ValueJudge(int column) {
    this.column = column;
  }

  @Override
  public final void judge(VectorBatch batch, RowMask skip, RowMask failing) {
    Vector vector = batch.vector(column);
    if (!(vector instanceof DictionaryVector coded)) {
      values(vector, skip, failing);
    } else if (coded.dictionary().size() > coded.size()) {
      values(coded.flat(), skip, failing);
    } else {
      badEntries.clear();
      values(coded.dictionary(), new RowMask(0), badEntries);
      if (!badEntries.isEmpty()) {
        spread(coded, failing);
      }
    }
  }

  /** Adds the rows whose value fails; a row to skip need not be judged. */
  abstract void values(Vector vector, RowMask skip, RowMask failing);

  private void spread(DictionaryVector coded, RowMask failing) {
    int[] codes = coded.codes();
    for (int row = 0; row < coded.size(); row++) {
      if (badEntries.get(codes[row]) && !coded.isNull(row)) {
        failing.set(row);
      }
    }
  }
}
