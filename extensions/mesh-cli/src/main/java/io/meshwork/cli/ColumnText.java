package io.meshwork.cli;

import io.meshwork.card.ProductCard;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.UUID;

/** A text as a value of a column, of the class that rows as maps have. */
final class ColumnText {
  private ColumnText() {}

  /**
   * Parses a value.
   *
   * @throws UsageException if the product has no such column, the text does not fit it, or its
   *     values are not texts, such as a list
   */
  static Object parse(ProductCard card, String column, String text) {
    String type = type(card, column);
    try {
      return value(type, text);
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new UsageException(
          "'" + text + "' is not a value of column " + column + ", a " + type + ".");
    }
  }

  /**
   * The Iceberg type of a column.
   *
   * @throws UsageException if the product has no such column
   */
  static String type(ProductCard card, String column) {
    return card.columns().stream()
        .filter(each -> each.name().equals(column))
        .findFirst()
        .orElseThrow(
            () ->
                new UsageException(
                    card.name()
                        + " has no column '"
                        + column
                        + "'; its columns are "
                        + card.columns().stream().map(ProductCard.Column::name).toList()
                        + "."))
        .type();
  }

  /**
   * Parses a value of a type.
   *
   * @throws IllegalArgumentException if it does not fit, or the type has no such texts
   * @throws DateTimeException if it is not a date or time
   */
  static Object value(String type, String text) {
    return switch (type.replaceFirst("[(].*", "")) {
      case "boolean" -> flag(text);
      case "int" -> Integer.valueOf(text);
      case "long" -> Long.valueOf(text);
      case "float" -> Float.valueOf(text);
      case "double" -> Double.valueOf(text);
      case "decimal" -> new BigDecimal(text);
      case "date" -> LocalDate.parse(text);
      case "time" -> LocalTime.parse(text);
      case "timestamp", "timestamp_ns" -> LocalDateTime.parse(text);
      case "timestamptz", "timestamptz_ns" -> Instant.parse(text);
      case "uuid" -> UUID.fromString(text);
      case "string", "enum" -> text;
      default -> throw new IllegalArgumentException(type);
    };
  }

  private static boolean flag(String text) {
    if (!text.equals("true") && !text.equals("false")) {
      throw new IllegalArgumentException(text);
    }
    return text.equals("true");
  }
}
