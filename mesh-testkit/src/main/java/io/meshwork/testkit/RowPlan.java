package io.meshwork.testkit;

import io.meshwork.contract.Rule;
import io.meshwork.testkit.ColumnDomain.Range;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Makes rows that are meant to keep all rules of a contract, or all but one. Most do; the mesh has
 * the last word. Columns are filled one after the other, each within what those before it leave.
 * Not thread-safe.
 */
final class RowPlan {
  private static final int PLAIN_ATTEMPTS = 50;
  private static final int ROUNDS = 50;
  private static final int ATTEMPTS = 5_000;

  private final @Nullable Rule broken;
  private final Random random;
  private final Map<String, ColumnDomain> domains = new LinkedHashMap<>();
  private final List<ColumnRelation> relations = new ArrayList<>();
  private final List<Rule> unique = new ArrayList<>();
  private final Map<String, InnerColumn> inner = new LinkedHashMap<>();
  private final Set<String> present = new HashSet<>();
  private final Set<String> order = new LinkedHashSet<>();

  /**
   * @param rules those that rows keep, but for the broken one
   * @param broken the rule among them that rows break; null for none
   * @param types types of columns in their order; null where there is none
   */
  RowPlan(
      Schema schema,
      List<Rule> rules,
      @Nullable Rule broken,
      Map<String, OrderedType> types,
      Random random) {
    this.broken = broken;
    this.random = random;
    for (Schema.Field field : schema.getFields()) {
      Schema type = PlainValues.required(field.schema());
      domains.put(
          field.name(), new ColumnDomain(field.name(), type, types.get(field.name()), random));
      if (!PlainValues.isNullable(field.schema())) {
        present.add(field.name());
      }
    }
    if (broken != null) {
      broken.columns().stream().filter(domains::containsKey).forEach(order::add);
    }
    order.addAll(domains.keySet());
    rules.forEach(rule -> takeInner(schema, rule));
    rules.forEach(this::take);
    settle();
  }

  /** A rule on one value inside of a column; of others rows are judged in the end. */
  private void takeInner(Schema schema, Rule rule) {
    if (rule.where().isPresent()
        || rule.columns().size() != 1
        || domains.containsKey(rule.columns().get(0))) {
      return;
    }
    String path = rule.columns().get(0);
    InnerColumn place = inner.get(path);
    if (place == null) {
      place = InnerColumn.at(schema, path, random);
    }
    if (place != null) {
      inner.put(path, place);
      place.take(rule, rule.equals(broken));
      if (rule.equals(broken)) {
        present.add(place.column());
      }
    }
  }

  private void take(Rule rule) {
    boolean breaks = rule.equals(broken);
    if (rule.where().isPresent() || !domains.keySet().containsAll(rule.columns())) {
      return; // rows are made as if it were not there, and judged in the end
    }
    if (breaks && rule.kind() != Rule.Kind.NOT_NULL) {
      present.addAll(rule.columns());
    }
    switch (rule.kind()) {
      case NOT_NULL -> {
        if (!breaks) {
          present.addAll(rule.columns());
        }
      }
      case UNIQUE -> {
        if (!breaks) {
          unique.add(rule);
        }
      }
      case COMPARE -> {
        ColumnRelation relation = ColumnRelation.of(rule);
        relations.add(breaks ? relation.broken() : relation);
      }
      case NOT_MISSING, NOT_IN_SET, BETWEEN, IN_SET, MATCHES, LENGTH -> {
        if (rule.kind() == Rule.Kind.NOT_MISSING) {
          present.addAll(rule.columns());
        }
        ColumnDomain domain = domain(rule.columns().get(0));
        if (breaks) {
          domain.breakUp(rule);
        } else {
          domain.narrow(rule);
        }
      }
      default -> {}
    }
  }

  /** Takes from each ordered column what no value of a compared one leaves room for. */
  private void settle() {
    boolean changed = true;
    for (int round = 0; changed && round < ROUNDS; round++) {
      changed = false;
      for (ColumnRelation relation : relations) {
        changed |= settle(relation) | settle(relation.swapped());
      }
    }
  }

  private boolean settle(ColumnRelation relation) {
    OrderedType left = domain(relation.left()).ordered();
    OrderedType right = domain(relation.right()).ordered();
    Range hull = domain(relation.right()).hull();
    if (left == null || right == null || hull == null || mayBeNull(relation.right())) {
      return false;
    }
    return domain(relation.left())
        .keepWithin(
            relation.leftOf(
                right.value().apply(hull.low()), right.value().apply(hull.high()), left));
  }

  private boolean mayBeNull(String column) {
    return !present.contains(column);
  }

  /**
   * A row; null if none was found.
   *
   * @param taken the keys of earlier rows by the id of the rule that wants them unique; the row's
   *     own are not added
   * @param given values that are settled, by column
   */
  @Nullable Map<String, Object> next(Map<String, Set<Object>> taken, Map<String, Object> given) {
    if (present.stream().anyMatch(column -> domain(column).isEmpty())) {
      return null;
    }
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (attempt == PLAIN_ATTEMPTS) {
        unique.forEach(rule -> rule.columns().forEach(column -> domain(column).widen()));
      }
      Map<String, Object> row = row(given);
      if (row != null && unique.stream().noneMatch(rule -> isTaken(rule, row, taken))) {
        return row;
      }
    }
    return null;
  }

  private static boolean isTaken(
      Rule rule, Map<String, Object> row, Map<String, Set<Object>> taken) {
    Object key = key(rule, row);
    return key != null && taken.getOrDefault(rule.id(), Set.of()).contains(key);
  }

  /** What a uniqueness rule looks at; null if it leaves the row out, as one with a null. */
  static @Nullable Object key(Rule rule, Map<String, Object> row) {
    List<Object> key = new ArrayList<>();
    for (String column : rule.columns()) {
      Object value = row.get(column);
      if (value == null) {
        return null;
      }
      key.add(value);
    }
    return key;
  }

  private @Nullable Map<String, Object> row(Map<String, Object> given) {
    Set<String> nulls = nulls();
    Map<String, Object> filled = new LinkedHashMap<>();
    for (String column : order) {
      Object value = given.get(column);
      if (value == null && !nulls.contains(column)) {
        value = isLeftOut(column) ? null : value(column, filled);
        if (value == null && present.contains(column)) {
          return null;
        }
      }
      for (InnerColumn place : inner.values()) {
        value = place.column().equals(column) ? place.filled(value) : value;
      }
      PlainValues.put(filled, column, value);
    }
    Map<String, Object> row = new LinkedHashMap<>();
    for (String column : domains.keySet()) {
      PlainValues.put(row, column, filled.get(column));
    }
    return row;
  }

  /** Columns that are null since the row is to break a rule against that; at least one. */
  private Set<String> nulls() {
    if (broken == null || broken.kind() != Rule.Kind.NOT_NULL) {
      return Set.of();
    }
    List<String> free =
        broken.columns().stream().filter(domains::containsKey).filter(this::mayBeNull).toList();
    Set<String> nulls = new HashSet<>();
    for (String column : free) {
      if (random.nextBoolean()) {
        nulls.add(column);
      }
    }
    if (nulls.isEmpty() && !free.isEmpty()) {
      nulls.add(free.get(random.nextInt(free.size())));
    }
    return nulls;
  }

  private boolean isLeftOut(String column) {
    return !present.contains(column) && random.nextInt(5) == 0;
  }

  private @Nullable Object value(String column, Map<String, Object> filled) {
    ColumnDomain domain = domain(column);
    OrderedType type = domain.ordered();
    Range room = type == null ? null : new Range(type.least(), type.most());
    for (ColumnRelation relation : relations) {
      if (!relation.concerns(column)) {
        continue;
      }
      ColumnRelation turned = relation.left().equals(column) ? relation : relation.swapped();
      Object other = filled.get(turned.right());
      if (other == null) {
        continue;
      }
      if (type != null && room != null) {
        room = room.and(turned.leftOf(other, type));
      } else if (random.nextInt(4) > 0) {
        Object guess = turned.guess(other, random);
        if (guess != null) {
          return guess;
        }
      }
    }
    return domain.value(room);
  }

  private ColumnDomain domain(String column) {
    return Objects.requireNonNull(domains.get(column), column);
  }
}
