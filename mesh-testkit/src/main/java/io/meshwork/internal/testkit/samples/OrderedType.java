package io.meshwork.internal.testkit.samples;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * An ordered type whose values are represented as whole numbers of steps; a step is the smallest
 * difference between two values.
 *
 * @param least the smallest generated value
 * @param most the largest generated value
 * @param plainLow the smallest value without rules
 * @param plainHigh the largest value without rules
 * @param steps converts a value or a rule's literal to steps with this rounding
 * @param value converts steps to a value in the class of row values
 */
public record OrderedType(
    BigInteger least,
    BigInteger most,
    BigInteger plainLow,
    BigInteger plainHigh,
    BiFunction<Object, RoundingMode, BigInteger> steps,
    Function<BigInteger, Object> value) {
  private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999Z");
  private static final Instant PLAIN_FIRST = Instant.parse("2025-01-01T00:00:00Z");
  private static final Instant PLAIN_LAST = Instant.parse("2026-12-31T23:59:59Z");
  private static final BigDecimal NANOS = BigDecimal.valueOf(1_000_000_000);
  private static final int PLAIN_NUMBERS = 9_999;

  /** Returns the order of a type; null if rules on ranges do not support it. */
  public static @Nullable OrderedType of(Schema type) {
    LogicalType logical = type.getLogicalType();
    if (logical instanceof LogicalTypes.Decimal decimal) {
      return decimal(decimal.getPrecision(), decimal.getScale());
    }
    if (logical != null) {
      return switch (logical.getName()) {
        case "date" -> dates();
        case "time-millis" -> times(1_000_000);
        case "time-micros" -> times(1_000);
        case "timestamp-millis" -> moments(1_000_000, instant -> instant);
        case "timestamp-micros" -> moments(1_000, instant -> instant);
        case "timestamp-nanos" -> nanos(instant -> instant);
        case "local-timestamp-millis" -> moments(1_000_000, OrderedType::local);
        case "local-timestamp-micros" -> moments(1_000, OrderedType::local);
        case "local-timestamp-nanos" -> nanos(OrderedType::local);
        default -> null;
      };
    }
    return switch (type.getType()) {
      case INT ->
          whole(Integer.MIN_VALUE, Integer.MAX_VALUE, 0, PLAIN_NUMBERS, BigInteger::intValueExact);
      case LONG ->
          whole(Long.MIN_VALUE, Long.MAX_VALUE, 0, PLAIN_NUMBERS, BigInteger::longValueExact);
      case FLOAT -> floats();
      case DOUBLE -> doubles();
      default -> null;
    };
  }

  /** Returns the same type limited to the range of a smaller Java type. */
  public OrderedType within(long low, long high) {
    BigInteger from = BigInteger.valueOf(low);
    BigInteger to = BigInteger.valueOf(high);
    return new OrderedType(from, to, plainLow.max(from), plainHigh.min(to), steps, value);
  }

  /** Returns a random value in a range: often a limit, otherwise a plain value if possible. */
  BigInteger pick(Random random, BigInteger low, BigInteger high) {
    int chance = random.nextInt(10);
    if (chance == 0) {
      return low;
    }
    if (chance == 1) {
      return high;
    }
    BigInteger from = low.max(plainLow);
    BigInteger to = high.min(plainHigh);
    if (from.compareTo(to) > 0) {
      from = low;
      to = high;
    }
    return anywhere(random, from, to);
  }

  /** Returns a random value in a range. */
  BigInteger anywhere(Random random, BigInteger low, BigInteger high) {
    if (value.apply(low) instanceof Number from
        && (from instanceof Double || from instanceof Float)) {
      double end = ((Number) value.apply(high)).doubleValue();
      double share = random.nextDouble();
      double some = from.doubleValue() * (1 - share) + end * share;
      return steps.apply(some, RoundingMode.FLOOR).max(low).min(high);
    }
    BigInteger span = high.subtract(low).add(BigInteger.ONE);
    return low.add(new BigInteger(span.bitLength() + 64, random).mod(span));
  }

  private static OrderedType whole(
      long least, long most, long low, long high, Function<BigInteger, Object> value) {
    return new OrderedType(
        BigInteger.valueOf(least),
        BigInteger.valueOf(most),
        BigInteger.valueOf(low),
        BigInteger.valueOf(high),
        (argument, rounding) -> number(argument).setScale(0, rounding).toBigInteger(),
        value);
  }

  private static OrderedType decimal(int precision, int scale) {
    BigInteger most = BigInteger.TEN.pow(precision).subtract(BigInteger.ONE);
    BigInteger plain = BigInteger.valueOf(PLAIN_NUMBERS).multiply(BigInteger.TEN.pow(scale));
    return new OrderedType(
        most.negate(),
        most,
        BigInteger.ZERO,
        plain.min(most),
        (argument, rounding) ->
            number(argument).movePointRight(scale).setScale(0, rounding).toBigInteger(),
        steps -> new BigDecimal(steps, scale));
  }

  private static OrderedType dates() {
    return new OrderedType(
        day(FIRST),
        day(LAST),
        day(PLAIN_FIRST),
        day(PLAIN_LAST),
        (argument, rounding) -> BigInteger.valueOf(((LocalDate) argument).toEpochDay()),
        steps -> LocalDate.ofEpochDay(steps.longValueExact()));
  }

  private static OrderedType times(long unit) {
    return new OrderedType(
        BigInteger.ZERO,
        BigInteger.valueOf(86_400_000_000_000L / unit - 1),
        BigInteger.ZERO,
        BigInteger.valueOf(86_400_000_000_000L / unit - 1),
        (argument, rounding) ->
            BigDecimal.valueOf(((LocalTime) argument).toNanoOfDay())
                .divide(BigDecimal.valueOf(unit), 0, rounding)
                .toBigInteger(),
        steps -> LocalTime.ofNanoOfDay(steps.longValueExact() * unit));
  }

  private static OrderedType nanos(Function<Instant, Object> shape) {
    OrderedType any = moments(1, shape);
    return any.within(Long.MIN_VALUE, Long.MAX_VALUE);
  }

  private static OrderedType moments(long unit, Function<Instant, Object> shape) {
    return new OrderedType(
        units(FIRST, unit, RoundingMode.CEILING),
        units(LAST, unit, RoundingMode.FLOOR),
        units(PLAIN_FIRST, unit, RoundingMode.CEILING),
        units(PLAIN_LAST, unit, RoundingMode.FLOOR),
        (argument, rounding) -> units(instant(argument), unit, rounding),
        steps -> {
          BigInteger[] parts =
              steps.multiply(BigInteger.valueOf(unit)).divideAndRemainder(NANOS.toBigInteger());
          return shape.apply(
              Instant.ofEpochSecond(parts[0].longValueExact(), parts[1].longValueExact()));
        });
  }

  private static OrderedType floats() {
    return new OrderedType(
        ofBits(-Float.MAX_VALUE),
        ofBits(Float.MAX_VALUE),
        ofBits(0f),
        ofBits((float) PLAIN_NUMBERS),
        (argument, rounding) -> ofBits(number(argument, Number::floatValue)),
        steps -> {
          int bits = steps.intValueExact();
          return Float.intBitsToFloat(bits < 0 ? Integer.MIN_VALUE - bits : bits);
        });
  }

  private static OrderedType doubles() {
    return new OrderedType(
        ofBits(-Double.MAX_VALUE),
        ofBits(Double.MAX_VALUE),
        ofBits(0d),
        ofBits((double) PLAIN_NUMBERS),
        (argument, rounding) -> ofBits(number(argument, Number::doubleValue)),
        steps -> {
          long bits = steps.longValueExact();
          return Double.longBitsToDouble(bits < 0 ? Long.MIN_VALUE - bits : bits);
        });
  }

  /** Returns the bits of a number as a signed integer with the same order. */
  private static BigInteger ofBits(float number) {
    int bits = Float.floatToIntBits(number);
    return BigInteger.valueOf(bits < 0 ? Integer.MIN_VALUE - bits : bits);
  }

  private static BigInteger ofBits(double number) {
    long bits = Double.doubleToLongBits(number);
    return BigInteger.valueOf(bits < 0 ? Long.MIN_VALUE - bits : bits);
  }

  private static <N extends Number> N number(Object argument, Function<Number, N> as) {
    return as.apply((Number) argument);
  }

  private static BigDecimal number(Object argument) {
    return argument instanceof BigDecimal decimal ? decimal : new BigDecimal(argument.toString());
  }

  private static Instant instant(Object argument) {
    return argument instanceof LocalDateTime local
        ? local.toInstant(ZoneOffset.UTC)
        : (Instant) argument;
  }

  private static Object local(Instant instant) {
    return LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
  }

  private static BigInteger day(Instant instant) {
    return BigInteger.valueOf(instant.atZone(ZoneOffset.UTC).toLocalDate().toEpochDay());
  }

  private static BigInteger units(Instant instant, long unit, RoundingMode rounding) {
    return BigDecimal.valueOf(instant.getEpochSecond())
        .multiply(NANOS)
        .add(BigDecimal.valueOf(instant.getNano()))
        .divide(BigDecimal.valueOf(unit), 0, rounding)
        .toBigInteger();
  }
}
