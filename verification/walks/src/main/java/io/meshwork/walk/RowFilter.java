package io.meshwork.walk;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A filter that each version writes with other columns or another unit.
 *
 * @param kind the column that it compares
 * @param number the ID, or the price in cents
 * @param text the region
 */
record RowFilter(Kind kind, long number, String text) {
  private static final Pattern COMPARISON =
      Pattern.compile("\\W*(\\w+)\\W* (=|<) '?([-\\w.]+)'?\\W*");

  /** What a filter compares. */
  enum Kind {
    ID,
    PRICE,
    REGION
  }

  static RowFilter id(long id) {
    return new RowFilter(Kind.ID, id, "");
  }

  static RowFilter below(long cents) {
    return new RowFilter(Kind.PRICE, cents, "");
  }

  static RowFilter region(String region) {
    return new RowFilter(Kind.REGION, 0, region);
  }

  /** Reads the filter that a batch or a receipt of a version has. */
  static RowFilter parse(String filter, OrderForm form) {
    Matcher parts = COMPARISON.matcher(filter);
    if (!parts.matches()) {
      throw new IllegalArgumentException("a filter that no step wrote: " + filter);
    }
    String column = parts.group(1);
    String value = parts.group(3);
    if (column.equals("id")) {
      return id(Long.parseLong(value));
    }
    if (column.equals("price")) {
      double price = Double.parseDouble(value);
      return below(Math.round(form.cents() ? price : price * 100));
    }
    return region(value);
  }

  boolean test(Order order) {
    return switch (kind) {
      case ID -> order.id() == number;
      case PRICE -> order.cents() < number;
      case REGION -> order.region().equals(text);
    };
  }

  /** Returns the filter of a version. */
  String in(OrderForm form) {
    return switch (kind) {
      case ID -> "id = " + number;
      case PRICE -> "price < " + form.price(number);
      case REGION -> form.region() + " = '" + text + "'";
    };
  }
}
