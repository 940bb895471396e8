package io.meshwork.internal.ingest;

import io.meshwork.internal.rows.RowNumber;
import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.longlong.Roaring64Bitmap;

/**
 * The rows that one part published and the publish quarantines, because of rows of other parts.
 * Takes about three bytes for each, and for each set of rules that rows break at most one bit for
 * each row of the part. Not thread-safe.
 */
public final class PartQuarantine implements Serializable {
  private static final long serialVersionUID = 3;

  private final long first;

  /** The positions of the rows in the part, by the rules that they break. */
  private final HashMap<List<String>, Roaring64Bitmap> byRules = new HashMap<>();

  PartQuarantine(int task) {
    this.first = RowNumber.first(task);
  }

  /**
   * Adds a row.
   *
   * @param rules IDs of the rules that it breaks, which must not change afterwards
   */
  void add(long number, List<String> rules) {
    byRules.computeIfAbsent(rules, ids -> new Roaring64Bitmap()).addLong(number - first);
  }

  /** The number of rows. */
  long size() {
    return byRules.values().stream().mapToLong(Roaring64Bitmap::getLongCardinality).sum();
  }

  /** The IDs of the rules that a row breaks; null if it is none of these rows. */
  @Nullable List<String> rulesOf(long number) {
    for (Map.Entry<List<String>, Roaring64Bitmap> rows : byRules.entrySet()) {
      if (rows.getValue().contains(number - first)) {
        return rows.getKey();
      }
    }
    return null;
  }
}
