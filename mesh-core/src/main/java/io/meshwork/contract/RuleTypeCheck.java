package io.meshwork.contract;

import io.meshwork.internal.predicate.FloatingLiteral;
import io.meshwork.internal.schema.ColumnPath;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** Whether a rule's kind and literals fit the types of its columns. */
final class RuleTypeCheck {
  private static final String TIMED = "a number, date, time or timestamp";

  private RuleTypeCheck() {}

  /** Why not, or null if the rule fits. These are all its columns, in its order. */
  static @Nullable String gap(Rule rule, List<ColumnPath> columns) {
    for (ColumnPath column : columns) {
      if (!column.type().isPrimitiveType() && !takesNested(rule.kind())) {
        return "column "
            + column.text()
            + " has the nested type "
            + column.type().typeId().name().toLowerCase(Locale.ROOT);
      }
      if (column.isRepeated() && !takesElements(rule.kind())) {
        return "column "
            + column.text()
            + " has several values in a row, and "
            + rule.kind().text()
            + " takes one";
      }
    }
    return columns.isEmpty() ? null : typed(rule, columns);
  }

  /** Why a column cannot say what is later, or null if it can. */
  static @Nullable String orderGap(ColumnPath column) {
    return ordered(column.type()) && !column.isRepeated()
        ? null
        : misfit(column.text(), column.type(), "one " + TIMED.substring(2) + " to keep the latest");
  }

  private static boolean takesNested(Rule.Kind kind) {
    return switch (kind) {
      case NOT_NULL, LENGTH, COMPLETENESS -> true;
      default -> false;
    };
  }

  private static boolean takesElements(Rule.Kind kind) {
    return kind.judgesRows() && kind != Rule.Kind.REFERENCES;
  }

  private static @Nullable String typed(Rule rule, List<ColumnPath> columns) {
    String column = columns.get(0).text();
    Type type = columns.get(0).type();
    Rule.Kind kind = rule.kind() == Rule.Kind.STEADY ? rule.metric().orElseThrow() : rule.kind();
    return switch (kind) {
      case MATCHES -> type.typeId() == Type.TypeID.STRING ? null : misfit(column, type, "text");
      case LENGTH ->
          switch (type.typeId()) {
            case STRING, BINARY, FIXED, LIST, MAP -> null;
            default -> misfit(column, type, "text, bytes, a list or a map");
          };
      case BETWEEN -> ordered(type) ? literals(rule, column, type) : misfit(column, type, TIMED);
      case MIN, MAX -> {
        if (!ordered(type)) {
          yield misfit(column, type, TIMED);
        }
        if (rule.kind() != Rule.Kind.STEADY) {
          yield literals(rule, column, type);
        }
        yield isNumber(type) ? null : misfit(column, type, "a number, to compare it with others");
      }
      case IN_SET, NOT_IN_SET, NOT_MISSING -> {
        boolean unwritable =
            type.typeId() == Type.TypeID.BINARY || type.typeId() == Type.TypeID.FIXED;
        if (unwritable && !rule.arguments().isEmpty()) {
          yield misfit(column, type, "a type that literals can be written for");
        }
        if (rule.isTrimmed() && type.typeId() != Type.TypeID.STRING) {
          yield misfit(column, type, "text to trim");
        }
        yield literals(rule, column, type);
      }
      case COMPARE -> compared(columns.get(0), columns.get(1));
      case MEAN, STDDEV, SUM, SAME_SUM -> isNumber(type) ? null : misfit(column, type, "a number");
      case FRESH -> fresh(rule, column, type);
      default -> null;
    };
  }

  private static @Nullable String fresh(Rule rule, String column, Type type) {
    Boolean instant = isInstant(type);
    if (instant == null) {
      return misfit(column, type, "a timestamp");
    }
    if (instant && rule.zone().isPresent()) {
      return "column " + column + " holds instants, which no zone changes";
    }
    return instant || rule.zone().isPresent()
        ? null
        : "column "
            + column
            + " holds local timestamps, and the rule says no zone to read them in, such as"
            + " zone(\"Europe/Berlin\")";
  }

  /** Null if it is no timestamp at all. */
  private static @Nullable Boolean isInstant(Type type) {
    if (type instanceof Types.TimestampType timestamp) {
      return timestamp.shouldAdjustToUTC();
    }
    return type instanceof Types.TimestampNanoType timestamp ? timestamp.shouldAdjustToUTC() : null;
  }

  private static @Nullable String compared(ColumnPath left, ColumnPath right) {
    if (!left.type().equals(right.type())) {
      return "its columns have different types, " + left.type() + " and " + right.type();
    }
    return left.isParallel(right) ? null : "its columns do not lie in the same elements";
  }

  private static boolean isNumber(Type type) {
    return switch (type.typeId()) {
      case INTEGER, LONG, FLOAT, DOUBLE, DECIMAL -> true;
      default -> false;
    };
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
      boolean exact = isSet(rule.kind());
      if (literal != null && (!fits(literal, type) || (exact && !representable(literal, type)))) {
        return "its literal number "
            + (i + 1)
            + " is "
            + kind(literal)
            + ", which does not fit column "
            + column
            + " of type "
            + type
            + (fits(literal, type) ? beyond(type) : hint(type));
      }
    }
    return null;
  }

  private static boolean isSet(Rule.Kind kind) {
    return switch (kind) {
      case NOT_MISSING, IN_SET, NOT_IN_SET -> true;
      default -> false;
    };
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
      case FLOAT, DOUBLE ->
          FloatingLiteral.exact(number, type.typeId() == Type.TypeID.FLOAT).isPresent();
      default -> true;
    };
  }

  private static String beyond(Type type) {
    return ", whose values never equal it"
        + (type.typeId() == Type.TypeID.FLOAT || type.typeId() == Type.TypeID.DOUBLE
            ? "; write a number as the type prints it"
            : "");
  }

  private static boolean isUuid(String text) {
    try {
      return UUID.fromString(text).toString().equals(text.toLowerCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static String kind(Object literal) {
    if (literal instanceof BigDecimal number) {
      return number.scale() > 0 ? "a number with a fraction" : "a number";
    } else if (literal instanceof String) {
      return "text";
    } else if (literal instanceof Boolean) {
      return "a truth value";
    }
    return "a " + literal.getClass().getSimpleName();
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
