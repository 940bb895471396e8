package io.meshwork.internal.quality;

import io.meshwork.internal.columnar.DictionaryVector;
import io.meshwork.internal.columnar.RowMask;
import io.meshwork.internal.columnar.Vector;

/** Judges values of one type; nulls pass. Entries of a dictionary are judged once a batch. */
abstract class ValueJudge {
  private final RowMask badEntries = new RowMask(1024);

  /** Adds the rows whose value fails; a row to skip need not be judged. */
  final void judge(Vector vector, RowMask skip, RowMask failing) {
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

  /** The same of a vector without a dictionary. */
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
