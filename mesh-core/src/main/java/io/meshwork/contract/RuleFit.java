package io.meshwork.contract;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Locale;
import java.util.UUID;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** Whether a rule's kind and literals fit the types of its columns. */
final class RuleFit {
  private RuleFit() {}

  /** Why not, or null if the rule fits. All its columns exist and are of simple types. */
  static @Nullable String gap(Rule rule, Types.StructType columns) {
    if (rule.columns().isEmpty()) {
      return null;
    }
    String column = rule.columns().get(0);
    Type type = columns.field(column).type();
    return switch (rule.kind()) {
      case NOT_NULL, UNIQUE, ROW_COUNT -> null;
      case MATCHES -> type.typeId() == Type.TypeID.STRING ? null : misfit(column, type, "text");
      case LENGTH ->
          switch (type.typeId()) {
            case STRING, BINARY, FIXED -> null;
            default -> misfit(column, type, "text or bytes");
          };
      case BETWEEN ->
          ordered(type)
              ? literals(rule, column, type)
              : misfit(column, type, "a number, date, time or timestamp");
      case IN_SET ->
          switch (type.typeId()) {
            case BINARY, FIXED -> misfit(column, type, "a type that literals can be written for");
            default -> literals(rule, column, type);
          };
      case COMPARE -> compared(type, columns.field(rule.columns().get(1)).type());
    };
  }

  private static @Nullable String compared(Type left, Type right) {
    if (!left.equals(right)) {
      return "its columns have different types, " + left + " and " + right;
    }
    return null;
  }

  private static boolean ordered(Type type) {
    return switch (type.typeId()) {
      case INTEGER, LONG, FLOAT, DOUBLE, DECIMAL, DATE, TIME, TIMESTAMP, TIMESTAMP_NANO -> true;
      default -> false;
    };
  }

  private static @Nullable String literals(Rule rule, String column, Type type) {
    for (int i = 0; i < rule.arguments().size(); i++) {
      Object literal = rule.arguments().get(i);
      boolean exact = rule.kind() == Rule.Kind.IN_SET;
      if (literal != null && (!fits(literal, type) || (exact && !representable(literal, type)))) {
        return "its literal number "
            + (i + 1)
            + " is a "
            + kind(literal)
            + ", and column "
            + column
            + " has the type "
            + type
            + hint(type);
      }
    }
    return null;
  }

  private static boolean fits(Object literal, Type type) {
    return switch (type.typeId()) {
      case BOOLEAN -> literal instanceof Boolean;
      case INTEGER, LONG, DECIMAL -> literal instanceof BigDecimal;
      case FLOAT, DOUBLE -> literal instanceof BigDecimal || literal instanceof Double;
      case STRING -> literal instanceof String;
      case UUID -> literal instanceof String text && isUuid(text);
      case DATE -> literal instanceof LocalDate;
      case TIME -> literal instanceof LocalTime;
      case TIMESTAMP ->
          ((Types.TimestampType) type).shouldAdjustToUTC()
              ? literal instanceof Instant
              : literal instanceof LocalDateTime;
      case TIMESTAMP_NANO ->
          ((Types.TimestampNanoType) type).shouldAdjustToUTC()
              ? literal instanceof Instant
              : literal instanceof LocalDateTime;
      default -> false;
    };
  }

  /** A member of a set that no value of the column can equal is a mistake. */
  private static boolean representable(Object literal, Type type) {
    if (!(literal instanceof BigDecimal number)) {
      return true;
    }
    return switch (type.typeId()) {
      case INTEGER -> number.scale() <= 0 && number.toBigInteger().bitLength() < Integer.SIZE;
      case LONG -> number.scale() <= 0 && number.toBigInteger().bitLength() < Long.SIZE;
      case DECIMAL -> {
        Types.DecimalType decimal = (Types.DecimalType) type;
        yield number.scale() <= decimal.scale()
            && number.precision() - number.scale() <= decimal.precision() - decimal.scale();
      }
      default -> true;
    };
  }

  private static boolean isUuid(String text) {
    try {
      return UUID.fromString(text).toString().equals(text.toLowerCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static String kind(Object literal) {
    return literal instanceof BigDecimal number
        ? number.scale() > 0 ? "number with a fraction" : "number"
        : literal.getClass().getSimpleName();
  }

  private static String hint(Type type) {
    if (type.equals(Types.TimestampType.withZone())
        || type.equals(Types.TimestampNanoType.withZone())) {
      return "; a literal for an instant carries an offset, such as 2024-01-01T00:00:00Z";
    }
    if (type.typeId() == Type.TypeID.TIMESTAMP || type.typeId() == Type.TypeID.TIMESTAMP_NANO) {
      return "; a literal for a local timestamp carries no offset, such as 2024-01-01T00:00:00";
    }
    return "";
  }

  private static String misfit(String column, Type type, String needed) {
    return "column " + column + " has the type " + type + " and the rule needs " + needed;
  }
}
