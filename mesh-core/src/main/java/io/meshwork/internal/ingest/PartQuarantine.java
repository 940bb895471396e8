package io.meshwork.internal.ingest;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The rows that one part published and the publish quarantines, because of rows of other parts.
 * Takes twelve bytes a row. Not thread-safe.
 */
public final class PartQuarantine implements Serializable {
  private static final long serialVersionUID = 1;

  private long[] numbers = new long[16];
  private int[] reasons = new int[16];
  private int size;
  private final ArrayList<List<String>> sets = new ArrayList<>();
  private transient Map<List<String>, Integer> known = new HashMap<>();

  /**
   * Adds a row.
   *
   * @param rules IDs of the rules that it breaks
   */
  void add(long number, List<String> rules) {
    if (size == numbers.length) {
      numbers = Arrays.copyOf(numbers, size * 2);
      reasons = Arrays.copyOf(reasons, size * 2);
    }
    Integer set = known.get(rules);
    if (set == null) {
      set = sets.size();
      known.put(rules, set);
      sets.add(new ArrayList<>(rules));
    }
    numbers[size] = number;
    reasons[size++] = set;
  }

  /** Ends the rows, and returns them in the order of their numbers. */
  PartQuarantine finish() {
    int[] order =
        IntStream.range(0, size)
            .boxed()
            .sorted(Comparator.comparingLong(i -> numbers[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    numbers = Arrays.stream(order).mapToLong(i -> numbers[i]).toArray();
    reasons = Arrays.stream(order).map(i -> reasons[i]).toArray();
    known = new HashMap<>();
    return this;
  }

  /** The number of rows. */
  int size() {
    return size;
  }

  /** True if the row is one of them. */
  boolean has(long number) {
    return Arrays.binarySearch(numbers, number) >= 0;
  }

  /** The IDs of the rules that one of the rows breaks. */
  List<String> rulesOf(long number) {
    return sets.get(reasons[Arrays.binarySearch(numbers, number)]);
  }
}
