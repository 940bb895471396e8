package io.meshwork.internal.uniqueness;

import io.meshwork.contract.Rule;
import io.meshwork.internal.vector.VectorBatch;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.iceberg.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Where the keys of a part of the rows are in one uniqueness rule. While keys ascend, the first and
 * the last one show that no two are equal, and that other keys are outside, so that they need not
 * be compared one by one. The order is any in which equal keys are equal. Not thread-safe.
 */
public final class KeyIntervals implements Serializable {
  /** The most intervals of a part; more are not worth their place in the result of a task. */
  private static final int MOST = 1_000;

  /** A step that is longer than this many average ones is between intervals. */
  private static final double LONG_STEP = 1_000;

  private final KeyRange range;
  private final ArrayList<Interval> intervals = new ArrayList<>();
  private boolean ascending = true;
  private final transient RowKeys keys;
  private transient long keysInLast;

  /** Creates the intervals of a part without rows. */
  public KeyIntervals(Rule rule, Schema schema) {
    this.range = new KeyRange(KeyColumn.of(schema, rule.columns()));
    this.keys = RowKeys.of(schema, rule.columns(), KeyHash.FULL);
  }

  /**
   * Keys from the first one to the last one.
   *
   * @param low a number or a byte string of each column
   */
  private record Interval(Serializable[] low, Serializable[] high) implements Serializable {}

  /** Adds the keys of a batch, which is not retained. */
  public void add(VectorBatch batch) {
    int count = keys.read(batch);
    range.add(keys);
    for (int from = 0; from < count; ) {
      int end = ascending ? endOfRun(from, count) : count;
      if (ascending) {
        addRun(values(from), values(end - 1), end - from);
        ascending = intervals.size() <= MOST;
      } else {
        widen(from, count);
      }
      from = end;
    }
    if (!ascending) {
      join();
    }
  }

  private int endOfRun(int from, int count) {
    int end = from + 1;
    while (end < count && compare(end - 1, end) < 0 && !isLongStep(from, end)) {
      end++;
    }
    return end;
  }

  /** True if the step to a key is so long that keys of other parts may be in between. */
  private boolean isLongStep(int from, int to) {
    KeyValues first = keys.values(0);
    return !range.columns().get(0).isBytes()
        && isLongStep(first.number(from), first.number(to - 1), to - from, first.number(to));
  }

  private static boolean isLongStep(long low, long high, long count, long next) {
    double average = count < 2 ? 0 : ((double) high - low) / (count - 1);
    return count > 1 && (double) next - high > LONG_STEP * Math.max(1, average);
  }

  /** Adds a run to the last interval if its numbers continue there. */
  private void addRun(Serializable[] low, Serializable[] high, long count) {
    Interval last = intervals.isEmpty() ? null : intervals.get(intervals.size() - 1);
    if (last != null
        && low[0] instanceof Long next
        && compare(last.high, low) < 0
        && !isLongStep((Long) last.low[0], (Long) last.high[0], keysInLast, next)) {
      intervals.set(intervals.size() - 1, new Interval(last.low, high));
      keysInLast += count;
    } else {
      intervals.add(new Interval(low, high));
      keysInLast = count;
    }
  }

  /** Adds keys in any order. */
  private void widen(int from, int count) {
    int low = from;
    int high = from;
    for (int key = from + 1; key < count; key++) {
      if (compare(key, low) < 0) {
        low = key;
      } else if (compare(key, high) > 0) {
        high = key;
      }
    }
    intervals.add(new Interval(values(low), values(high)));
  }

  /** Leaves one interval with all keys. */
  private void join() {
    Interval all = intervals.get(0);
    for (Interval each : intervals) {
      all =
          new Interval(
              compare(each.low, all.low) < 0 ? each.low : all.low,
              compare(each.high, all.high) > 0 ? each.high : all.high);
    }
    intervals.clear();
    intervals.add(all);
  }

  private Serializable[] values(int key) {
    Serializable[] values = new Serializable[range.columns().size()];
    for (int i = 0; i < values.length; i++) {
      KeyValues column = keys.values(i);
      values[i] =
          range.columns().get(i).isBytes()
              ? Arrays.copyOfRange(column.data(), column.start(key), column.end(key))
              : (Serializable) column.number(key);
    }
    return values;
  }

  private int compare(int one, int other) {
    int result = 0;
    for (int i = 0; result == 0 && i < range.columns().size(); i++) {
      KeyValues column = keys.values(i);
      result =
          range.columns().get(i).isBytes()
              ? Arrays.compareUnsigned(
                  column.data(),
                  column.start(one),
                  column.end(one),
                  column.data(),
                  column.start(other),
                  column.end(other))
              : Long.compare(column.number(one), column.number(other));
    }
    return result;
  }

  private static int compare(Serializable[] one, Serializable[] other) {
    int result = 0;
    for (int i = 0; result == 0 && i < one.length; i++) {
      result =
          one[i] instanceof byte[] bytes
              ? Arrays.compareUnsigned(bytes, (byte[]) other[i])
              : Long.compare((Long) one[i], (Long) other[i]);
    }
    return result;
  }

  /** The minimum and maximum of each column. */
  KeyRange range() {
    return range;
  }

  /** An interval of a part. */
  private record OfPart(int part, Interval interval) {}

  /**
   * Removes from a selection the parts in which a key may be equal to another key, of the same part
   * or of another one.
   *
   * @param parts the intervals of all parts
   * @param apart whether a part is selected
   */
  static void retainApart(List<KeyIntervals> parts, boolean[] apart) {
    List<OfPart> all = new ArrayList<>();
    for (int part = 0; part < parts.size(); part++) {
      apart[part] &= parts.get(part).ascending;
      for (Interval each : parts.get(part).intervals) {
        all.add(new OfPart(part, each));
      }
    }
    all.sort(Comparator.comparing(each -> each.interval.low, KeyIntervals::compare));
    @Nullable OfPart widest = null;
    for (OfPart each : all) {
      if (widest != null && compare(each.interval.low, widest.interval.high) <= 0) {
        apart[each.part] = false;
        apart[widest.part] = false;
      }
      if (widest == null || compare(each.interval.high, widest.interval.high) > 0) {
        widest = each;
      }
    }
  }
}
