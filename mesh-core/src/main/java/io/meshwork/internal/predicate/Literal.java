package io.meshwork.internal.predicate;

import java.math.BigDecimal;
import org.apache.iceberg.types.Type;

/**
 * A constant of a filter, or a bound, in the one class of its column's type, whose natural order is
 * the filter's: {@code Boolean}; {@code Long} for int, long, date (days), time (microseconds) and
 * timestamps (ticks of the type); {@code Double} for float and double, never NaN nor -0.0; {@code
 * BigDecimal} in the type's scale; {@link ByteString} for text (UTF-8), UUIDs and, as written, for
 * columns of no known type.
 */
record Literal(Type type, Object value) implements Comparable<Literal> {

  static Literal of(Type type, boolean value) {
    return new Literal(type, value);
  }

  static Literal of(Type type, long value) {
    return new Literal(type, value);
  }

  /** A number that is not NaN; -0.0 becomes 0.0. */
  static Literal of(Type type, double value) {
    return new Literal(type, value + 0.0);
  }

  static Literal of(Type type, BigDecimal value) {
    return new Literal(type, value);
  }

  static Literal of(Type type, ByteString value) {
    return new Literal(type, value);
  }

  /** The number of a type without fraction, or 0 and 1 of a boolean. */
  long asLong() {
    return value instanceof Boolean truth ? (truth ? 1 : 0) : (Long) value;
  }

  double asDouble() {
    return (Double) value;
  }

  ByteString asBytes() {
    return (ByteString) value;
  }

  BigDecimal asDecimal() {
    return (BigDecimal) value;
  }

  /** Both must be of one type. */
  @Override
  public int compareTo(Literal other) {
    if (value instanceof ByteString bytes) {
      return bytes.compareTo(other.asBytes());
    } else if (value instanceof BigDecimal decimal) {
      return decimal.compareTo(other.asDecimal());
    } else if (value instanceof Double number) {
      return number.compareTo(other.asDouble());
    }
    return Long.compare(asLong(), other.asLong());
  }
}
