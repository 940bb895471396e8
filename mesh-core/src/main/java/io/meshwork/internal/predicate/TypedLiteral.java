package io.meshwork.internal.predicate;

import java.math.BigDecimal;
import org.apache.iceberg.types.Type;

/**
 * A constant of a filter, or a bound, in the Java class of its column's type, whose natural order
 * is the filter's: {@code Boolean}; {@code Long} for int, long, date (days), time (microseconds),
 * and timestamps (ticks of the type); {@code Double} for float and double, never NaN or -0.0;
 * {@code BigDecimal} in the type's scale; {@link ByteString} for strings (UTF-8), UUIDs, and, as
 * written, for columns of unknown type.
 */
record TypedLiteral(Type type, Object value) implements Comparable<TypedLiteral> {

  static TypedLiteral of(Type type, boolean value) {
    return new TypedLiteral(type, value);
  }

  static TypedLiteral of(Type type, long value) {
    return new TypedLiteral(type, value);
  }

  /** Creates a literal from a number that is not NaN; -0.0 becomes 0.0. */
  static TypedLiteral of(Type type, double value) {
    return new TypedLiteral(type, value + 0.0);
  }

  static TypedLiteral of(Type type, BigDecimal value) {
    return new TypedLiteral(type, value);
  }

  static TypedLiteral of(Type type, ByteString value) {
    return new TypedLiteral(type, value);
  }

  /** Returns the number of a type without fraction, or 0 or 1 for a boolean. */
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

  /** Compares literals of the same type. */
  @Override
  public int compareTo(TypedLiteral other) {
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
