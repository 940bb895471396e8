package io.meshwork.internal.rows;

import io.meshwork.internal.text.FloatingText;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * Values of SQLite, in which each value has its own type: an integer, a real, text, or bytes.
 * Numbers are converted without loss, and dates and times are strings in ISO 8601. Stateless.
 */
final class DynamicSqlValue {
  private DynamicSqlValue() {}

  /** Returns the value in the column's class; a value that does not fit is unchanged. */
  static @Nullable Object fitted(@Nullable Object value, ContractColumn column) {
    Object fitted = null;
    if (value instanceof Number number) {
      fitted = number(number, column);
    } else if (value instanceof String text) {
      fitted = text(text, column);
    }
    return fitted == null ? value : fitted;
  }

  /** Describes strings that fit; null for columns that accept any string, or none. */
  static @Nullable String form(ContractColumn column) {
    return switch (column.kind()) {
      case DECIMAL -> "a decimal number, such as 12.50";
      case DATE -> "a date in ISO 8601, such as 2026-01-31";
      case TIME -> "a time in ISO 8601, such as 23:59:00";
      case LOCAL_TIMESTAMP -> "a time in ISO 8601, such as 2026-01-31T23:59:00";
      case INSTANT -> "a time in ISO 8601 with its offset, such as 2026-01-31T23:59:00Z";
      default -> null;
    };
  }

  private static @Nullable Object number(Number number, ContractColumn column) {
    boolean real = number instanceof Double;
    return switch (column.kind()) {
      case BOOLEAN -> real ? null : bit(number.longValue());
      case DOUBLE -> isExact(number, number.doubleValue()) ? number.doubleValue() : null;
      case FLOAT -> isExact(number, number.floatValue()) ? number.floatValue() : null;
      case DECIMAL -> {
        BigDecimal decimal = decimal(number);
        yield decimal == null ? null : ResultSetCell.scaled(decimal, column);
      }
      default -> null;
    };
  }

  private static @Nullable Boolean bit(long number) {
    return (number == 0 || number == 1) ? number == 1 : null;
  }

  /** True if the number as a real is the same number. */
  private static boolean isExact(Number number, double real) {
    return number instanceof Double exact
        ? Double.compare(exact, real) == 0
        : Math.abs(real) < 1e18 && (long) real == number.longValue();
  }

  private static @Nullable BigDecimal decimal(Number number) {
    if (!(number instanceof Double real)) {
      return BigDecimal.valueOf(number.longValue());
    }
    return Double.isFinite(real) ? new BigDecimal(FloatingText.of(real)) : null;
  }

  private static @Nullable Object text(String text, ContractColumn column) {
    try {
      return switch (column.kind()) {
        case DECIMAL -> ResultSetCell.scaled(new BigDecimal(text), column);
        case DATE -> LocalDate.parse(text);
        case TIME -> LocalTime.parse(text);
        case LOCAL_TIMESTAMP -> LocalDateTime.parse(text.replace(' ', 'T'));
        case INSTANT -> OffsetDateTime.parse(text.replace(' ', 'T')).toInstant();
        default -> null;
      };
    } catch (DateTimeException | NumberFormatException e) {
      return null;
    }
  }
}
