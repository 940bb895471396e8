package io.meshwork.internal.testkit.samples;

import io.meshwork.contract.Rule;
import io.meshwork.internal.condition.RowCondition.Between;
import io.meshwork.internal.condition.RowCondition.InSet;
import io.meshwork.internal.condition.RowCondition.Length;
import io.meshwork.internal.condition.RowCondition.Matches;
import io.meshwork.internal.condition.RowCondition.ValueSet;
import io.meshwork.internal.condition.RuleCondition;
import io.meshwork.internal.contract.RuleConditions;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The values that a column may have by the rules on this column. Rules narrow it; one rule may be
 * inverted, so that values probably break it. Not thread-safe.
 */
final class ColumnDomain {
  private static final int MAX_PLAIN_LENGTH = 200;

  /** Steps from {@code low} to {@code high}, inclusive. */
  record Range(BigInteger low, BigInteger high) {
    boolean isEmpty() {
      return low.compareTo(high) > 0;
    }

    Range and(Range other) {
      return new Range(low.max(other.low), high.min(other.high));
    }
  }

  private final String name;
  private final Schema type;
  private final @Nullable OrderedType ordered;
  private final Random random;
  private final PlainValues plain;
  private List<Range> ranges = List.of();
  private @Nullable List<Object> members;
  private final List<MatchingText> patterns = new ArrayList<>();
  private @Nullable MatchingText missed;
  private long minLength = 0;
  private long maxLength = Long.MAX_VALUE;
  private boolean wide;

  /**
   * Creates a domain with all values.
   *
   * @param type a type that is not nullable
   * @param ordered the order of the type; null if it has none
   */
  ColumnDomain(String name, Schema type, @Nullable OrderedType ordered, Random random) {
    this.name = name;
    this.type = type;
    this.ordered = ordered;
    this.random = random;
    this.plain = new PlainValues(random);
    if (ordered != null) {
      ranges = List.of(new Range(ordered.least(), ordered.most()));
    }
  }

  @Nullable OrderedType ordered() {
    return ordered;
  }

  /** Keeps only values that satisfy a rule on this column. */
  void narrow(Rule rule) {
    RuleCondition condition = RuleConditions.of(rule);
    if (condition instanceof Between range) {
      keep(List.of(rangeOf(range)));
    } else if (condition instanceof InSet set) {
      List<Object> allowed = membersOf(set);
      if (members != null) {
        allowed.retainAll(members);
      }
      members = allowed;
    } else if (condition instanceof Matches matches) {
      patterns.add(MatchingText.of(matches.regex()));
    } else if (condition instanceof Length length) {
      minLength = Math.max(minLength, length.min());
      maxLength = Math.min(maxLength, length.max());
    }
  }

  /** Keeps only values that break a rule on this column, or probably do. */
  void breakUp(Rule rule) {
    RuleCondition condition = RuleConditions.of(rule);
    if (condition instanceof Between range) {
      Range inside = rangeOf(range);
      Range all = new Range(order().least(), order().most());
      keep(
          List.of(
              new Range(all.low(), inside.low().subtract(BigInteger.ONE)),
              new Range(inside.high().add(BigInteger.ONE), all.high())));
    } else if (condition instanceof ValueSet set && !(set instanceof InSet)) {
      List<Object> rejected = membersOf(set);
      members = rejected.isEmpty() && set.values().isEmpty() ? List.of("") : rejected;
    } else if (condition instanceof Matches matches) {
      missed = MatchingText.of(matches.regex());
    } else if (condition instanceof Length length) {
      if (length.min() > 0 && (random.nextBoolean() || length.max() >= MAX_PLAIN_LENGTH * 10L)) {
        maxLength = length.min() - 1L;
      } else {
        minLength = length.max() + 1L;
      }
    }
  }

  /** Allows all values, because there are no more plain ones. */
  void widen() {
    wide = true;
  }

  /** Returns true if the domain certainly has no value. */
  boolean isEmpty() {
    return (ordered != null && ranges.isEmpty()) || (members != null && members.isEmpty());
  }

  /** Returns the smallest and the largest steps of an ordered column; null if it has no value. */
  @Nullable Range hull() {
    return ranges.isEmpty()
        ? null
        : new Range(ranges.get(0).low(), ranges.get(ranges.size() - 1).high());
  }

  /** Keeps only steps of an ordered column in this range; returns true if that changed it. */
  boolean keepWithin(Range range) {
    List<Range> before = ranges;
    keep(List.of(range));
    return !ranges.equals(before);
  }

  /** Returns a value in this range, which applies to ordered columns only; null if none. */
  @Nullable Object value(@Nullable Range within) {
    List<Range> allowed = ordered == null || within == null ? ranges : common(List.of(within));
    if (members != null) {
      List<Object> fitting =
          ordered == null ? members : members.stream().filter(m -> holds(allowed, m)).toList();
      return fitting.isEmpty() ? null : fitting.get(random.nextInt(fitting.size()));
    }
    if (ordered != null) {
      if (allowed.isEmpty()) {
        return null;
      }
      Range range = allowed.get(random.nextInt(allowed.size()));
      return ordered.value().apply(pick(ordered, range));
    }
    return switch (type.getType()) {
      case STRING -> PlainValues.isUuid(type) ? plain.value(name, type) : text();
      case BYTES -> plain.bytes((int) length(plainLength()));
      default -> plain.value(name, type);
    };
  }

  private BigInteger pick(OrderedType type, Range range) {
    return wide
        ? type.anywhere(random, range.low(), range.high())
        : type.pick(random, range.low(), range.high());
  }

  private void keep(List<Range> others) {
    if (ordered != null) {
      ranges = common(others);
    }
  }

  private List<Range> common(List<Range> others) {
    List<Range> common = new ArrayList<>();
    for (Range range : ranges) {
      for (Range otherRange : others) {
        Range both = range.and(otherRange);
        if (!both.isEmpty()) {
          common.add(both);
        }
      }
    }
    return common;
  }

  private boolean holds(List<Range> allowed, Object member) {
    BigInteger steps = order().steps().apply(member, RoundingMode.FLOOR);
    return allowed.stream()
        .anyMatch(r -> r.low().compareTo(steps) <= 0 && steps.compareTo(r.high()) <= 0);
  }

  private Range rangeOf(Between range) {
    Object low = range.low();
    Object high = range.high();
    BigInteger from =
        low == null ? order().least() : order().steps().apply(low, RoundingMode.CEILING);
    BigInteger to = high == null ? order().most() : order().steps().apply(high, RoundingMode.FLOOR);
    if (range.exclusive()) {
      from =
          low == null ? from : order().steps().apply(low, RoundingMode.FLOOR).add(BigInteger.ONE);
      to =
          high == null
              ? to
              : order().steps().apply(high, RoundingMode.CEILING).subtract(BigInteger.ONE);
    }
    return new Range(from, to);
  }

  private OrderedType order() {
    return Objects.requireNonNull(ordered, "a range of a type without order");
  }

  /** Returns the members in the class of row values, without members that the type cannot hold. */
  private List<Object> membersOf(ValueSet set) {
    List<Object> values = new ArrayList<>();
    for (Object literal : set.values()) {
      if (literal == null) {
        continue;
      }
      if (ordered != null) {
        BigInteger steps = ordered.steps().apply(literal, RoundingMode.FLOOR);
        if (steps.compareTo(ordered.least()) >= 0 && steps.compareTo(ordered.most()) <= 0) {
          values.add(ordered.value().apply(steps));
        }
      } else if (PlainValues.isUuid(type)) {
        values.add(UUID.fromString((String) literal));
      } else if (type.getType() != Schema.Type.ENUM
          || type.getEnumSymbols().contains((String) literal)) {
        values.add(literal);
      }
    }
    return values;
  }

  private String text() {
    if (missed != null && random.nextBoolean()) {
      return altered(missed.next(random, 2));
    }
    if (patterns.isEmpty()) {
      return plainText();
    }
    MatchingText pattern = patterns.get(random.nextInt(patterns.size()));
    String text = "";
    for (int reach = random.nextInt(wide ? 6 : 4); reach < 12; reach++) {
      text = pattern.next(random, 1 << reach);
      int length = text.codePointCount(0, text.length());
      if (length >= minLength && length <= maxLength) {
        break;
      }
    }
    return text;
  }

  /** Returns a slightly changed text. */
  private String altered(String text) {
    int place = random.nextInt(text.length() + 1);
    return switch (random.nextInt(3)) {
      case 0 -> text.substring(0, place);
      case 1 -> text.substring(0, place) + "~" + text.substring(place);
      default -> text.toUpperCase(java.util.Locale.ROOT) + " ";
    };
  }

  private String plainText() {
    String usual = wide ? name + " " + Math.abs(random.nextLong() >> 1) : plain.text(name);
    long length = length(usual.length());
    if (length == usual.length()) {
      return usual;
    }
    StringBuilder text = new StringBuilder(length > usual.length() ? usual : "");
    while (text.length() < length) {
      text.append((char) ('a' + random.nextInt(26)));
    }
    return text.toString();
  }

  /** Returns an allowed length: the usual one if possible, often the minimum or maximum. */
  private long length(long usual) {
    long most = Math.min(maxLength, Math.max(minLength + 20, MAX_PLAIN_LENGTH));
    boolean bounded = minLength > 0 || maxLength < Long.MAX_VALUE;
    if (bounded && random.nextInt(4) == 0) {
      return random.nextBoolean() ? minLength : most;
    }
    return Math.min(Math.max(usual, minLength), most);
  }

  private long plainLength() {
    return random.nextInt(9);
  }
}
