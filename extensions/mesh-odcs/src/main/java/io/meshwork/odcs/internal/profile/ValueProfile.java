package io.meshwork.odcs.internal.profile;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The profile of the values at one path: a column, a field of a record, or the elements of a list.
 * Its memory is bounded. Not thread-safe.
 */
public final class ValueProfile {
  private static final Set<ValueKind> WHOLES =
      EnumSet.of(ValueKind.WHOLE, ValueKind.BIG_WHOLE, ValueKind.LONG_WHOLE);

  private final HashMemory memory;
  private final Map<ValueKind, Long> kinds = new EnumMap<>(ValueKind.class);
  private final Map<ValueKind, ValueRange> ranges = new EnumMap<>(ValueKind.class);
  private final HashSet64 distinct;
  private final SmallValueSet few = new SmallValueSet();
  private final SmallValueSet fewTexts = new SmallValueSet();
  private final TextPattern pattern = new TextPattern();
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

  ValueProfile(HashMemory memory) {
    this.memory = memory;
    this.distinct = new HashSet64(memory);
  }

  void addNull() {
    nulls++;
  }

  /** Adds a typed value: a java.time value, number, Boolean, UUID, String, or ByteBuffer. */
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
    } else if (kind == ValueKind.LONG_WHOLE) {
      addDecimal(new BigDecimal((BigInteger) value));
    }
    if (kind.hasRange()) {
      ranges.computeIfAbsent(kind, each -> new ValueRange()).add(value);
    }
    if (kind != ValueKind.BYTES) {
      few.add(value instanceof BigDecimal number ? number.stripTrailingZeros() : value);
    }
  }

  void addParsed(ValueKind kind, Object value, String text) {
    add(kind, value);
    if (kind != ValueKind.TEXT) {
      measure(text);
    } else if (text.length() > 1 && text.charAt(0) == '0' && isDigits(text)) {
      leadingZeros++;
    }
  }

  /** Counts a record, and returns the profile of its fields. */
  RecordProfile addRecord() {
    count(ValueKind.RECORD);
    RecordProfile profile = record == null ? new RecordProfile(memory) : record;
    record = profile;
    profile.begin();
    return profile;
  }

  /** Counts a list, and returns the profile of its elements. */
  ValueProfile addList() {
    count(ValueKind.LIST);
    ValueProfile profile = elements == null ? new ValueProfile(memory) : elements;
    elements = profile;
    return profile;
  }

  /** Adds what another profile has; it is not used any longer. */
  void addAll(ValueProfile other) {
    values += other.values;
    nulls += other.nulls;
    nans += other.nans;
    leadingZeros += other.leadingZeros;
    measured += other.measured;
    wholeDigits = Math.max(wholeDigits, other.wholeDigits);
    scale = Math.max(scale, other.scale);
    shortest = Math.min(shortest, other.shortest);
    longest = Math.max(longest, other.longest);
    other.kinds.forEach((kind, count) -> kinds.merge(kind, count, Long::sum));
    other.ranges.forEach(
        (kind, range) -> ranges.computeIfAbsent(kind, each -> new ValueRange()).addAll(range));
    distinct.addAll(other.distinct);
    few.addAll(other.few);
    fewTexts.addAll(other.fewTexts);
    pattern.addAll(other.pattern);
    RecordProfile records = other.record;
    if (records != null) {
      if (record == null) {
        record = records;
      } else {
        record.addAll(records);
      }
    }
    ValueProfile items = other.elements;
    if (items != null) {
      if (elements == null) {
        elements = items;
      } else {
        elements.addAll(items);
      }
    }
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
    ranges.computeIfAbsent(ValueKind.FLOATING, each -> new ValueRange()).add(plain);
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
    pattern.add(text);
  }

  private static boolean isDigits(String text) {
    return text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static int digits(long number) {
    return BigDecimal.valueOf(number).precision();
  }

  /** Returns the number of values, without nulls. */
  public long values() {
    return values;
  }

  /** Returns the number of explicit nulls; missing fields do not count. */
  public long nulls() {
    return nulls;
  }

  /** Returns the number of values and nulls. */
  public long total() {
    return values + nulls;
  }

  public Set<ValueKind> kinds() {
    return kinds.isEmpty() ? EnumSet.noneOf(ValueKind.class) : EnumSet.copyOf(kinds.keySet());
  }

  public long count(Set<ValueKind> selected) {
    return selected.stream().mapToLong(kind -> kinds.getOrDefault(kind, 0L)).sum();
  }

  /** Returns the range of numbers, dates, times, or timestamps; null without such values. */
  public @Nullable ValueRange range(ValueKind kind) {
    return ranges.get(kind);
  }

  public HashSet64 distinct() {
    return distinct;
  }

  /** Returns the distinct values, if they are few. */
  public SmallValueSet smallSet() {
    return few;
  }

  /** Returns the distinct strings of the values, if they are few. */
  public SmallValueSet smallTextSet() {
    return fewTexts;
  }

  public TextPattern pattern() {
    return pattern;
  }

  public @Nullable RecordProfile record() {
    return record;
  }

  public @Nullable ValueProfile elements() {
    return elements;
  }

  public long nans() {
    return nans;
  }

  /** Returns the number of strings of digits with a leading zero, such as postal codes. */
  public long leadingZeros() {
    return leadingZeros;
  }

  /** True if all values are strings, or digits of which some have a leading zero. */
  public boolean isText() {
    return kinds().equals(EnumSet.of(ValueKind.TEXT))
        || (leadingZeros > 0
            && measured == values
            && leadingZeros == count(EnumSet.of(ValueKind.TEXT))
            && EnumSet.of(
                    ValueKind.WHOLE, ValueKind.BIG_WHOLE, ValueKind.LONG_WHOLE, ValueKind.TEXT)
                .containsAll(kinds()));
  }

  /**
   * Returns why whole numbers, which then identify something, are strings: no decimal keeps their
   * digits; empty for other values.
   */
  public String excessDigits() {
    return kinds.containsKey(ValueKind.LONG_WHOLE) && WHOLES.containsAll(kinds())
        ? "its whole numbers have up to " + wholeDigits + " digits, and a decimal has at most 38"
        : "";
  }

  /** True if values that differ here differ in a column too: a string and a number may not. */
  boolean isOfOneForm() {
    Set<ValueKind> present = kinds();
    return present.size() <= 1
        || measured == values
        || present.stream().allMatch(ValueKind::isNumber);
  }

  /** True if some values are not strings of their format, but JSON of another type. */
  boolean hasJson() {
    return measured < values || kinds.containsKey(ValueKind.VAST);
  }

  public int wholeDigits() {
    return wholeDigits;
  }

  public int scale() {
    return scale;
  }

  /** Returns the code points of the shortest text. */
  public int shortest() {
    return shortest;
  }

  /** Returns the code points of the longest text. */
  public int longest() {
    return longest;
  }

  long lastHash() {
    return lastHash;
  }
}
