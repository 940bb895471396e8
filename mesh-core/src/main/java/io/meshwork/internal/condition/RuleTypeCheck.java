package io.meshwork.internal.condition;

import io.meshwork.internal.predicate.FloatingLiteral;
import io.meshwork.internal.schema.ColumnPath;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** Checks whether conditions and their literals fit the types of columns. */
public final class RuleTypeCheck {
  private static final String ORDERED = "a number, date, time, or timestamp";

  private RuleTypeCheck() {}

  /** Why a condition does not fit its columns, which are in its order; null if it fits. */
  public static @Nullable String mismatch(RuleCondition condition, List<ColumnPath> columns) {
    ConditionCodec<?> codec = ConditionCodecs.of(condition.getClass());
    for (ColumnPath column : columns) {
      if (!column.type().isPrimitiveType() && !codec.isForNested()) {
        return "column "
            + column.text()
            + " has the nested type "
            + column.type().typeId().name().toLowerCase(Locale.ROOT);
      }
      if (column.isRepeated() && !isForElements(condition)) {
        return "column "
            + column.text()
            + " has several values in a row, but "
            + condition.kindName()
            + " requires one";
      }
    }
    return columns.isEmpty() ? null : codec.mismatch(condition, columns);
  }

  /** Rows refer to one row of another product each. */
  private static boolean isForElements(RuleCondition condition) {
    return condition instanceof RowCondition
        && !(condition instanceof RuleCondition.ProductReference);
  }

  /** Why the values of a column have no latest one; null if they have. */
  public static @Nullable String orderMismatch(ColumnPath column) {
    return isOrdered(column.type()) && !column.isRepeated()
        ? null
        : typeMismatch(column.text(), column.type(), ORDERED + " to keep the latest row");
  }

  /** Why a column does not contain strings; null if it does. */
  static @Nullable String notText(ColumnPath column) {
    return column.type().typeId() == Type.TypeID.STRING
        ? null
        : typeMismatch(column.text(), column.type(), "a string");
  }

  /** Why a column does not contain numbers; null if it does. */
  static @Nullable String notNumber(ColumnPath column) {
    return isNumber(column.type()) ? null : typeMismatch(column.text(), column.type(), "a number");
  }

  /** Why the values of a column have no order; null if they have. */
  static @Nullable String notOrdered(ColumnPath column) {
    return isOrdered(column.type()) ? null : typeMismatch(column.text(), column.type(), ORDERED);
  }

  /** Why the values of a column have no length; null if they have. */
  static @Nullable String withoutLength(ColumnPath column) {
    return switch (column.type().typeId()) {
      case STRING, BINARY, FIXED, LIST, MAP -> null;
      default -> typeMismatch(column.text(), column.type(), "a string, bytes, a list, or a map");
    };
  }

  /** Why the ends of a range do not fit a column; null if they fit. */
  static @Nullable String ofRange(RuleCondition.Range range, ColumnPath column) {
    String unordered = notOrdered(column);
    return unordered == null
        ? literalMismatch(Arrays.asList(range.low(), range.high()), false, column)
        : unordered;
  }

  /** Why listed values do not fit a column; null if they fit. */
  static @Nullable String ofSet(List<@Nullable Object> values, boolean trimmed, ColumnPath column) {
    Type type = column.type();
    boolean unwritable = type.typeId() == Type.TypeID.BINARY || type.typeId() == Type.TypeID.FIXED;
    if (unwritable && !values.isEmpty()) {
      return typeMismatch(column.text(), type, "a type that has literals");
    }
    if (trimmed && type.typeId() != Type.TypeID.STRING) {
      return typeMismatch(column.text(), type, "a string to trim");
    }
    return literalMismatch(values, true, column);
  }

  /** Why a column does not contain times in this time zone; null if it does. */
  static @Nullable String ofTimes(@Nullable ZoneId zone, ColumnPath column) {
    Boolean instant = isInstant(column.type());
    if (instant == null) {
      return typeMismatch(column.text(), column.type(), "a timestamp");
    }
    if (instant && zone != null) {
      return "column " + column.text() + " contains instants, which have no time zone";
    }
    return instant || zone != null
        ? null
        : "column "
            + column.text()
            + " contains local timestamps, but the rule has no time zone, such as"
            + " Europe/Berlin";
  }

  /** Why two columns cannot be compared in each row; null if they can. */
  static @Nullable String ofPair(ColumnPath left, ColumnPath right) {
    if (!left.type().equals(right.type())) {
      return "its columns have different types, " + left.type() + " and " + right.type();
    }
    return left.isParallel(right) ? null : "its columns are not in the same list or map";
  }

  /** True for instants, false for local timestamps, null for other types. */
  private static @Nullable Boolean isInstant(Type type) {
    if (type instanceof Types.TimestampType timestamp) {
      return timestamp.shouldAdjustToUTC();
    }
    return type instanceof Types.TimestampNanoType timestamp ? timestamp.shouldAdjustToUTC() : null;
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

  /**
   * Why literals do not fit a column; null if they fit.
   *
   * @param exact true if a value must be able to equal each of them
   */
  private static @Nullable String literalMismatch(
      List<@Nullable Object> literals, boolean exact, ColumnPath column) {
    Type type = column.type();
    for (int i = 0; i < literals.size(); i++) {
      Object literal = literals.get(i);
      if (literal != null && (!fits(literal, type) || (exact && !isRepresentable(literal, type)))) {
        return "its literal number "
            + (i + 1)
            + " is "
            + describe(literal)
            + ", which does not fit column "
            + column.text()
            + " of type "
            + type
            + (fits(literal, type) ? rangeHint(type) : typeHint(type));
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
