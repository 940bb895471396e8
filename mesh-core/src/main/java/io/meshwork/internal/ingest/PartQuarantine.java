package io.meshwork.internal.ingest;

import io.meshwork.internal.rows.RowNumber;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The rows that one part published and the publish quarantines, because of rows of other parts.
 * Takes eight bytes a row. Not thread-safe.
 */
public final class PartQuarantine implements Serializable {
  private static final long serialVersionUID = 2;

  /** For more sets of rules than {@link QuarantinedRows#MOST} rows have. */
  private static final int BITS_OF_RULES = 22;

  private final long first;
  // Each row is its position in the part, and behind it the index of its rules.
  private long[] rows = new long[16];
  private int size;
  private final ArrayList<List<String>> sets = new ArrayList<>();
  private transient Map<List<String>, Integer> known = new HashMap<>();

  PartQuarantine(int task) {
    this.first = RowNumber.first(task);
  }

  /**
   * Adds a row.
   *
   * @param rules IDs of the rules that it breaks
   */
  void add(long number, List<String> rules) {
    if (size == rows.length) {
      rows = Arrays.copyOf(rows, size * 2);
    }
    Integer set = known.get(rules);
    if (set == null) {
      set = sets.size();
      known.put(rules, set);
      sets.add(new ArrayList<>(rules));
    }
    rows[size++] = position(number) | set;
  }

  private long position(long number) {
    return (number - first) << BITS_OF_RULES;
  }

  /** Ends the rows, and returns them in the order of their numbers. */
  PartQuarantine finish() {
    rows = Arrays.copyOf(rows, size);
    Arrays.sort(rows);
    known = new HashMap<>();
    return this;
  }

  /** The number of rows. */
  int size() {
    return size;
  }

  /** True if the row is one of them. */
  boolean has(long number) {
    int index = index(number);
    return index < size && rows[index] >> BITS_OF_RULES == number - first;
  }

  /** The IDs of the rules that one of the rows breaks. */
  List<String> rulesOf(long number) {
    return sets.get((int) (rows[index(number)] & ((1L << BITS_OF_RULES) - 1)));
  }

  /** The index of a row, or of the first one behind it. */
  private int index(long number) {
    int found = Arrays.binarySearch(rows, position(number));
    return found < 0 ? -found - 1 : found;
  }
}
