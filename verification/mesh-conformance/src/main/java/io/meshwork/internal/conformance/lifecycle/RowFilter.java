package io.meshwork.internal.conformance.lifecycle;

import java.util.Random;
import java.util.function.Predicate;

/**
 * A filter as a predicate, and as text with the names of the columns in braces, such as {@code
 * {items} is null}. A row for which the filter is unknown does not match.
 */
record RowFilter(String template, Predicate<ModelRow> matches) {
  static final RowFilter ALL = new RowFilter("id >= 0", row -> true);

  static RowFilter random(Random random, long nextId) {
    long id = random.nextInt((int) nextId + 1);
    long end = id + random.nextInt(30);
    int items = random.nextInt(10);
    String city = city(random);
    return switch (random.nextInt(5)) {
      case 0 ->
          new RowFilter(
              "id >= " + id + " and id < " + end, row -> row.id() >= id && row.id() < end);
      case 1 ->
          new RowFilter(
              "{items} = " + items, row -> row.items().filter(n -> n == items).isPresent());
      case 2 -> new RowFilter("{items} is null", row -> row.items().isEmpty());
      case 3 -> new RowFilter("{city} = '" + city + "'", row -> row.city().equals(city));
      default ->
          new RowFilter(
              "not ({items} > " + items + ") and id < " + id,
              row -> row.items().filter(n -> n <= items).isPresent() && row.id() < id);
    };
  }

  static String city(Random random) {
    return String.valueOf("abcd".charAt(random.nextInt(4)));
  }

  String text(MajorColumns columns) {
    return template.replace("{city}", columns.city()).replace("{items}", columns.items());
  }
}
