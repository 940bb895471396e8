package io.meshwork.internal.predicate;

import io.meshwork.internal.runtime.ArgumentChecks;
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
import org.jspecify.annotations.Nullable;

/**
 * A filter that a caller gives.
 *
 * @param text the filter, with its constants
 * @param kept true if receipts can contain it; false for a list of values, which may be long and
 *     may identify persons
 */
public record GivenFilter(String text, boolean kept) {
  /** A filter as text, which is rejected if it was decoded with loss. */
  public static GivenFilter of(String parameter, @Nullable String text) {
    return new GivenFilter(ArgumentChecks.filter(parameter, text), true);
  }

  /**
   * The rows whose column has one of these values. Their order and repetitions do not matter.
   *
   * @param parameter the call, for messages
   * @param column a column, or a path such as {@code customer.id}
   * @param values at least one
   */
  public static GivenFilter in(
      String parameter, @Nullable String column, @Nullable Collection<?> values) {
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
    return new GivenFilter(
        ArgumentChecks.filter(parameter, name + " IN (" + String.join(", ", literals) + ")"),
        false);
  }

  private static String literal(String parameter, @Nullable Object value) {
    if (value instanceof CharSequence || value instanceof UUID || value instanceof Enum<?>) {
      return FilterText.quoted(value.toString());
    } else if (value instanceof Boolean) {
      return value.toString();
    } else if (value instanceof Number number && isNumber(number)) {
      return new BigDecimal(number.toString()).toPlainString();
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
        "Use texts, numbers, booleans, UUIDs, dates, and times.");
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

  /** The filter is not shown, because its constants may identify persons. */
  @Override
  public String toString() {
    return "a filter";
  }
}
