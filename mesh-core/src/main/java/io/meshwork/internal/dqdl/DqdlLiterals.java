package io.meshwork.internal.dqdl;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.iceberg.types.Type.TypeID;
import org.jspecify.annotations.Nullable;

/** Writes constants of rules. Stateless. */
final class DqdlLiterals {
  private static final String NULL = "NULL";

  /** What DQDL reads as a date or a time, also for a column with text. */
  private static final Pattern DATE_OR_TIME =
      Pattern.compile("\\d{4}-\\d{2}-\\d{2}|\\d{1,2}:\\d{2}( AM| PM)?");

  private static final int LAST_YEAR = 9_999;

  private DqdlLiterals() {}

  /** Returns the end of a range of values of a column. */
  static String end(DqdlColumn column, Object literal) {
    if (literal instanceof BigDecimal number) {
      return number(column, number);
    }
    if (literal instanceof LocalDate date && column.isDate()) {
      return date(date);
    }
    throw new NotExpressibleException("DQDL has no such constant for a column of " + column.type());
  }

  /**
   * Returns a list of values of a column.
   *
   * @param withNull true if null is one of them
   */
  static String list(DqdlColumn column, List<@Nullable Object> literals, boolean withNull) {
    List<String> all = new ArrayList<>();
    for (Object literal : literals) {
      if (literal != null) {
        all.add(element(column, literal));
      }
    }
    if (withNull) {
      all.add(NULL);
    }
    return "[" + String.join(", ", all) + "]";
  }

  private static String element(DqdlColumn column, Object literal) {
    if (!(literal instanceof String text)) {
      return end(column, literal);
    }
    if (column.type().typeId() == TypeID.UUID) {
      return "\"" + text.toLowerCase(Locale.ROOT) + "\"";
    }
    if (text.isEmpty()) {
      return "EMPTY";
    }
    if (text.chars().anyMatch(c -> c < ' ') || DATE_OR_TIME.matcher(text).matches()) {
      throw new NotExpressibleException(
          "DQDL reads one of its strings as a date or time, or cannot contain it");
    }
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  /** Returns a number without a column. */
  static String number(BigDecimal number) {
    BigDecimal plain = number.stripTrailingZeros();
    return (plain.scale() < 0 ? plain.setScale(0) : plain).toPlainString();
  }

  /** A value of 32 bits is compared as one of 64, so that it may differ from a constant. */
  private static String number(DqdlColumn column, BigDecimal number) {
    if (column.type().typeId() == TypeID.FLOAT
        && new BigDecimal(number.floatValue()).compareTo(number) != 0) {
      throw new NotExpressibleException(
          "a float column never has exactly the value " + number.toPlainString());
    }
    return number(number);
  }

  private static String date(LocalDate date) {
    if (date.getYear() < 0 || date.getYear() > LAST_YEAR) {
      throw new NotExpressibleException("DQDL has only dates with four digits of the year");
    }
    return "\"" + date + "\"";
  }
}
