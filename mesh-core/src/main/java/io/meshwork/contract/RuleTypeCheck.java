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

/** Checks whether a rule's kind and literals fit the types of its columns. */
final class RuleTypeCheck {
  private static final String ORDERED = "a number, date, time, or timestamp";

  private RuleTypeCheck() {}

  /** Why a rule does not fit its columns, which are in the rule's order; null if it fits. */
  static @Nullable String mismatch(Rule rule, List<ColumnPath> columns) {
    for (ColumnPath column : columns) {
      if (!column.type().isPrimitiveType() && !supportsNested(rule.kind())) {
        return "column "
            + column.text()
            + " has the nested type "
            + column.type().typeId().name().toLowerCase(Locale.ROOT);
      }
      if (column.isRepeated() && !supportsElements(rule.kind())) {
        return "column "
            + column.text()
            + " has several values in a row, but "
            + rule.kind().text()
            + " requires one";
      }
    }
    return columns.isEmpty() ? null : kindMismatch(rule, columns);
  }

  /** Why the values of a column have no latest one; null if they have. */
  static @Nullable String orderMismatch(ColumnPath column) {
    return isOrdered(column.type()) && !column.isRepeated()
        ? null
        : typeMismatch(column.text(), column.type(), ORDERED + " to keep the latest row");
  }

  private static boolean supportsNested(Rule.Kind kind) {
    return switch (kind) {
      case NOT_NULL, LENGTH, COMPLETENESS -> true;
      default -> false;
    };
  }

  private static boolean supportsElements(Rule.Kind kind) {
    return kind.judgesRows() && kind != Rule.Kind.REFERENCES;
  }

  private static @Nullable String kindMismatch(Rule rule, List<ColumnPath> columns) {
    String column = columns.get(0).text();
    Type type = columns.get(0).type();
    Rule.Kind kind = rule.kind() == Rule.Kind.STEADY ? rule.metric().orElseThrow() : rule.kind();
    return switch (kind) {
      case MATCHES ->
          type.typeId() == Type.TypeID.STRING ? null : typeMismatch(column, type, "a string");
      case LENGTH ->
          switch (type.typeId()) {
            case STRING, BINARY, FIXED, LIST, MAP -> null;
            default -> typeMismatch(column, type, "a string, bytes, a list, or a map");
          };
      case BETWEEN ->
          isOrdered(type)
              ? literalMismatch(rule, column, type)
              : typeMismatch(column, type, ORDERED);
      case MIN, MAX -> {
        if (!isOrdered(type)) {
          yield typeMismatch(column, type, ORDERED);
        }
        if (rule.kind() != Rule.Kind.STEADY) {
          yield literalMismatch(rule, column, type);
        }
        yield isNumber(type) ? null : typeMismatch(column, type, "a number");
      }
      case IN_SET, NOT_IN_SET, NOT_MISSING -> {
        boolean unwritable =
            type.typeId() == Type.TypeID.BINARY || type.typeId() == Type.TypeID.FIXED;
        if (unwritable && !rule.arguments().isEmpty()) {
          yield typeMismatch(column, type, "a type that has literals");
        }
        if (rule.isTrimmed() && type.typeId() != Type.TypeID.STRING) {
          yield typeMismatch(column, type, "a string to trim");
        }
        yield literalMismatch(rule, column, type);
      }
      case COMPARE -> comparisonMismatch(columns.get(0), columns.get(1));
      case MEAN, STDDEV, SUM, SAME_SUM ->
          isNumber(type) ? null : typeMismatch(column, type, "a number");
      case FRESH -> timeMismatch(rule, column, type);
      default -> null;
    };
  }

  private static @Nullable String timeMismatch(Rule rule, String column, Type type) {
    Boolean instant = isInstant(type);
    if (instant == null) {
      return typeMismatch(column, type, "a timestamp");
    }
    if (instant && rule.zone().isPresent()) {
      return "column " + column + " contains instants, which have no time zone";
    }
    return instant || rule.zone().isPresent()
        ? null
        : "column "
            + column
            + " contains local timestamps, but the rule has no time zone, such as"
            + " zone(\"Europe/Berlin\")";
  }

  /** True for instants, false for local timestamps, null for other types. */
  private static @Nullable Boolean isInstant(Type type) {
    if (type instanceof Types.TimestampType timestamp) {
      return timestamp.shouldAdjustToUTC();
    }
    return type instanceof Types.TimestampNanoType timestamp ? timestamp.shouldAdjustToUTC() : null;
  }

  private static @Nullable String comparisonMismatch(ColumnPath left, ColumnPath right) {
    if (!left.type().equals(right.type())) {
      return "its columns have different types, " + left.type() + " and " + right.type();
    }
    return left.isParallel(right) ? null : "its columns are not in the same list or map";
  }

  private static boolean isNumber(Type type) {
    return switch (type.typeId()) {
      case INTEGER, LONG, FLOAT, DOUBLE, DECIMAL -> true;
      default -> false;
    };
  }

  private static boolean isOrdered(Type type) {
    return switch (type.typeId()) {
      case INTEGER, LONG, FLOAT, DOUBLE, DECIMAL, DATE, TIME, TIMESTAMP, TIMESTAMP_NANO -> true;
      default -> false;
    };
  }

  private static @Nullable String literalMismatch(Rule rule, String column, Type type) {
    for (int i = 0; i < rule.arguments().size(); i++) {
      Object literal = rule.arguments().get(i);
      boolean exact = isSetRule(rule.kind());
      if (literal != null && (!fits(literal, type) || (exact && !isRepresentable(literal, type)))) {
        return "its literal number "
            + (i + 1)
            + " is "
            + describe(literal)
            + ", which does not fit column "
            + column
            + " of type "
            + type
            + (fits(literal, type) ? rangeHint(type) : typeHint(type));
      }
    }
    return null;
  }

  private static boolean isSetRule(Rule.Kind kind) {
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

  /** True if a value of the column can equal the literal. */
  private static boolean isRepresentable(Object literal, Type type) {
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

  private static String rangeHint(Type type) {
    return ", which cannot have this value"
        + (type.typeId() == Type.TypeID.FLOAT || type.typeId() == Type.TypeID.DOUBLE
            ? "; write the number as the type prints it"
            : "");
  }

  private static boolean isUuid(String text) {
    try {
      return UUID.fromString(text).toString().equals(text.toLowerCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static String describe(Object literal) {
    if (literal instanceof BigDecimal number) {
      return number.scale() > 0 ? "a number with a fraction" : "a number";
    } else if (literal instanceof String) {
      return "a string";
    } else if (literal instanceof Boolean) {
      return "a boolean";
    }
    return "a " + literal.getClass().getSimpleName();
  }

  private static String typeHint(Type type) {
    if (type.equals(Types.TimestampType.withZone())
        || type.equals(Types.TimestampNanoType.withZone())) {
      return "; a literal for an instant has an offset, such as 2024-01-01T00:00:00Z";
    }
    if (type.typeId() == Type.TypeID.TIMESTAMP || type.typeId() == Type.TypeID.TIMESTAMP_NANO) {
      return "; a literal for a local timestamp has no offset, such as 2024-01-01T00:00:00";
    }
    return "";
  }

  private static String typeMismatch(String column, Type type, String required) {
    return "column " + column + " has the type " + type + ", but the rule requires " + required;
  }
}
