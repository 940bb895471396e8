package io.meshwork.odcs;

import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the values at one place have in common: a column, a field of a record, the elements of a
 * list. Its memory has a limit, whatever comes. Not thread-safe.
 */
final class ValueProfile {
  private final HashSlots budget;
  private final Map<ValueKind, Long> kinds = new EnumMap<>(ValueKind.class);
  private final Map<ValueKind, ValueRange> extremes = new EnumMap<>(ValueKind.class);
  private final HashSet64 distinct;
  private final FewValues few = new FewValues();
  private final FewValues fewTexts = new FewValues();
  private final TextShape shape = new TextShape();
  private @Nullable RecordProfile record;
  private @Nullable ValueProfile elements;
  private long values;
  private long nulls;
  private long nans;
  private long leadingZeros;
  private long measured;
  private int wholeDigits;
  private int scale;
  private int shortest = Integer.MAX_VALUE;
  private int longest;
  private long lastHash;

  ValueProfile(HashSlots budget) {
    this.budget = budget;
    this.distinct = new HashSet64(budget);
  }

  void addNull() {
    nulls++;
  }

  /**
   * Adds a value as what it is: a value of java.time, a number, Boolean, UUID, String, ByteBuffer.
   */
  void add(ValueKind kind, Object value) {
    count(kind);
    lastHash = ValueHash.of(value);
    distinct.add(lastHash);
    if (value instanceof String text) {
      measure(text);
    } else if (value instanceof Double || value instanceof Float) {
      addFloating(((Number) value).doubleValue());
      return;
    }
    if (kind == ValueKind.DECIMAL || kind == ValueKind.BIG_WHOLE) {
      addDecimal((BigDecimal) value);
    } else if (kind == ValueKind.WHOLE) {
      wholeDigits = Math.max(wholeDigits, digits(((Number) value).longValue()));
    }
    if (kind != ValueKind.TEXT && kind != ValueKind.BYTES && kind != ValueKind.BOOLEAN) {
      extremes.computeIfAbsent(kind, each -> new ValueRange()).add(value);
    }
    if (kind != ValueKind.BYTES) {
      few.add(value instanceof BigDecimal number ? number.stripTrailingZeros() : value);
    }
  }

  /** Adds a value that is written as text, and what it may be read as. */
  void addWritten(ValueKind kind, Object value, String text) {
    add(kind, value);
    if (kind != ValueKind.TEXT) {
      measure(text);
    } else if (text.length() > 1 && text.charAt(0) == '0' && isDigits(text)) {
      leadingZeros++;
    }
  }

  /** The record here, of which one more came. */
  RecordProfile addRecord() {
    count(ValueKind.RECORD);
    RecordProfile inside = record == null ? new RecordProfile(budget) : record;
    record = inside;
    inside.begin();
    return inside;
  }

  /** The elements of the lists here, of which one more came. */
  ValueProfile addList() {
    count(ValueKind.LIST);
    ValueProfile inside = elements == null ? new ValueProfile(budget) : elements;
    elements = inside;
    return inside;
  }

  private void count(ValueKind kind) {
    values++;
    kinds.merge(kind, 1L, Long::sum);
  }

  private void addFloating(double number) {
    if (Double.isNaN(number)) {
      nans++;
      return;
    }
    double plain = number == 0 ? 0.0 : number;
    extremes.computeIfAbsent(ValueKind.FLOATING, each -> new ValueRange()).add(plain);
    few.add(plain);
  }

  private void addDecimal(BigDecimal number) {
    scale = Math.max(scale, number.scale());
    wholeDigits = Math.max(wholeDigits, number.precision() - number.scale());
  }

  private void measure(String text) {
    measured++;
    int length = text.codePointCount(0, text.length());
    shortest = Math.min(shortest, length);
    longest = Math.max(longest, length);
    fewTexts.add(text);
    shape.add(text);
  }

  private static boolean isDigits(String text) {
    return text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static int digits(long number) {
    return BigDecimal.valueOf(number).precision();
  }

  /** How many values there are, without nulls. */
  long values() {
    return values;
  }

  /** How many nulls were said; where a field is missing it is not counted here. */
  long nulls() {
    return nulls;
  }

  /** How many values and nulls there are. */
  long seen() {
    return values + nulls;
  }

  Set<ValueKind> kinds() {
    return kinds.isEmpty() ? EnumSet.noneOf(ValueKind.class) : EnumSet.copyOf(kinds.keySet());
  }

  long count(Set<ValueKind> these) {
    return these.stream().mapToLong(kind -> kinds.getOrDefault(kind, 0L)).sum();
  }

  /** Of numbers, dates, times and timestamps; null if no value is such. */
  @Nullable ValueRange extremes(ValueKind kind) {
    return extremes.get(kind);
  }

  HashSet64 distinct() {
    return distinct;
  }

  /** The distinct values while they are few. */
  FewValues few() {
    return few;
  }

  /** The same as they are written, if they are. */
  FewValues fewTexts() {
    return fewTexts;
  }

  TextShape shape() {
    return shape;
  }

  @Nullable RecordProfile record() {
    return record;
  }

  @Nullable ValueProfile elements() {
    return elements;
  }

  long nans() {
    return nans;
  }

  /** How many texts are digits that begin with a zero, such as a postal code. */
  long leadingZeros() {
    return leadingZeros;
  }

  /** True if all are texts, or digits of which some begin with a zero. */
  boolean isText() {
    return kinds().equals(EnumSet.of(ValueKind.TEXT))
        || (leadingZeros > 0
            && measured == values
            && leadingZeros == count(EnumSet.of(ValueKind.TEXT))
            && EnumSet.of(ValueKind.WHOLE, ValueKind.BIG_WHOLE, ValueKind.TEXT)
                .containsAll(kinds()));
  }

  int wholeDigits() {
    return wholeDigits;
  }

  int scale() {
    return scale;
  }

  /** Code points of the shortest text. */
  int shortest() {
    return shortest;
  }

  /** Code points of the longest text. */
  int longest() {
    return longest;
  }

  /** The hash of the value that was added last. */
  long lastHash() {
    return lastHash;
  }
}
