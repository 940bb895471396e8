package io.meshwork.internal.predicate;

import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.text.FloatingText;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Collection;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.avro.generic.GenericEnumSymbol;
import org.jspecify.annotations.Nullable;

/** Formats a list of values as a filter. Stateless. */
final class ValueList {
  /** More than the shortest text of any double has. */
  private static final int MOST_DIGITS = 1_100;

  private ValueList() {}

  /**
   * Returns the filter of the rows whose column has one of these values, in any order.
   *
   * @param parameter the call, for messages
   */
  static String filter(String parameter, @Nullable String column, @Nullable Collection<?> values) {
    String name =
        Arrays.stream(ArgumentChecks.text(parameter, column).split("\\.", -1))
            .map(part -> '"' + part.replace("\"", "\"\"") + '"')
            .collect(Collectors.joining("."));
    TreeSet<String> literals = new TreeSet<>();
    for (Object value : ArgumentChecks.required(parameter, values)) {
      literals.add(literal(parameter, value));
    }
    if (literals.isEmpty()) {
      throw ArgumentChecks.refused(parameter, "has no values", "Give at least one.");
    }
    return ArgumentChecks.filter(parameter, name + " IN (" + String.join(", ", literals) + ")");
  }

  private static String literal(String parameter, @Nullable Object value) {
    if (value instanceof Enum<?> symbol) {
      return FilterText.quoted(symbol.name());
    } else if (value instanceof CharSequence
        || value instanceof UUID
        || value instanceof GenericEnumSymbol<?>) {
      return FilterText.quoted(value.toString());
    } else if (value instanceof Boolean) {
      return value.toString();
    } else if (value instanceof Number number && isNumber(number)) {
      return plain(parameter, new BigDecimal(FloatingText.of(number)));
    } else if (value instanceof LocalDate) {
      return "DATE " + FilterText.quoted(value.toString());
    } else if (value instanceof LocalTime time) {
      return FilterText.quoted(DateTimeFormatter.ISO_LOCAL_TIME.format(time));
    } else if (value instanceof Instant) {
      return "TIMESTAMP " + FilterText.quoted(value.toString());
    } else if (value instanceof OffsetDateTime time) {
      return "TIMESTAMP " + FilterText.quoted(time.toInstant().toString());
    } else if (value instanceof LocalDateTime time) {
      return "TIMESTAMP " + FilterText.quoted(DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(time));
    }
    throw ArgumentChecks.refused(
        parameter,
        value == null
            ? "has a null, which no value equals"
            : "has a value of class " + value.getClass().getName() + ", which no column has",
        "Use strings, numbers, booleans, UUIDs, dates, and times.");
  }

  private static String plain(String parameter, BigDecimal number) {
    if (number.precision() > MOST_DIGITS || Math.abs((long) number.scale()) > MOST_DIGITS) {
      throw ArgumentChecks.refused(
          parameter,
          "has a number with more than " + MOST_DIGITS + " digits, which no column has",
          "Leave it out.");
    }
    return number.toPlainString();
  }

  private static boolean isNumber(Number number) {
    return number instanceof Integer
        || number instanceof Long
        || number instanceof Short
        || number instanceof Byte
        || number instanceof BigInteger
        || number instanceof BigDecimal
        || (number instanceof Double && Double.isFinite(number.doubleValue()))
        || (number instanceof Float && Float.isFinite(number.floatValue()));
  }
}
