package io.meshwork.internal.quality;

import io.meshwork.internal.vector.DictionaryVector;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.Vector;

/** Evaluates values of one type; nulls pass. Dictionary entries are evaluated once per batch. */
abstract class ValueEvaluator {
  private final RowMask badEntries = new RowMask(1024);

  /** Adds the rows whose value fails; rows to skip may be evaluated or not. */
  final void evaluate(Vector vector, RowMask skip, RowMask failing) {
    if (!(vector instanceof DictionaryVector encoded)) {
      values(vector, skip, failing);
    } else if (encoded.dictionary().size() > encoded.size()) {
      values(encoded.flat(), skip, failing);
    } else {
      badEntries.clear();
      values(encoded.dictionary(), new RowMask(0), badEntries);
      if (!badEntries.isEmpty()) {
        spread(encoded, failing);
      }
    }
  }

  /** Evaluates a vector without a dictionary. */
  abstract void values(Vector vector, RowMask skip, RowMask failing);

  private void spread(DictionaryVector encoded, RowMask failing) {
    int[] entryIndices = encoded.indices();
    for (int row = 0; row < encoded.size(); row++) {
      if (badEntries.get(entryIndices[row]) && !encoded.isNull(row)) {
        failing.set(row);
      }
    }
  }
}
