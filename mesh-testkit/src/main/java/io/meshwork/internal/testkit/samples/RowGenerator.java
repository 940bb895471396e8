package io.meshwork.internal.testkit.samples;

import io.meshwork.contract.Rule;
import io.meshwork.internal.condition.RowCondition.Compare;
import io.meshwork.internal.contract.RuleConditions;
import io.meshwork.internal.testkit.samples.ColumnDomain.Range;
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
 * Generates rows that probably satisfy all rules of a contract, or all but one; the mesh checks
 * them afterwards. Columns are filled in order, each within the limits that earlier columns set.
 * Not thread-safe.
 */
public final class RowGenerator {
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
   * @param rules the rules that rows satisfy, except the broken one
   * @param broken the rule that rows break; null for none
   * @param types the ordered types by column; columns without an order are missing
   */
  public RowGenerator(
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
    rules.forEach(rule -> applyInner(schema, rule));
    rules.forEach(this::apply);
    settle();
  }

  /** Applies a rule on one value inside a column; other rules are checked at the end. */
  private void applyInner(Schema schema, Rule rule) {
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
      place.apply(rule, rule.equals(broken));
      if (rule.equals(broken)) {
        present.add(place.column());
      }
    }
  }

  private void apply(Rule rule) {
    boolean breaks = rule.equals(broken);
    if (rule.where().isPresent() || !domains.keySet().containsAll(rule.columns())) {
      return; // not applied; rows are checked at the end
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
        ColumnRelation relation = ColumnRelation.of((Compare) RuleConditions.of(rule));
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

  /** Narrows ordered columns to values that satisfy comparisons with other columns. */
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
   * Returns a row; null if none was found.
   *
   * @param usedValues the keys of earlier rows by the ID of the uniqueness rule; not changed
   * @param fixed fixed values by column
   */
  public @Nullable Map<String, Object> next(
      Map<String, Set<Object>> usedValues, Map<String, Object> fixed) {
    if (present.stream().anyMatch(column -> domain(column).isEmpty())) {
      return null;
    }
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (attempt == PLAIN_ATTEMPTS) {
        unique.forEach(rule -> rule.columns().forEach(column -> domain(column).widen()));
      }
      Map<String, Object> row = row(fixed);
      if (row != null && unique.stream().noneMatch(rule -> isTaken(rule, row, usedValues))) {
        return row;
      }
    }
    return null;
  }

  private static boolean isTaken(
      Rule rule, Map<String, Object> row, Map<String, Set<Object>> usedValues) {
    Object key = key(rule, row);
    return key != null && usedValues.getOrDefault(rule.id(), Set.of()).contains(key);
  }

  /** Returns the key of a uniqueness rule; null if the rule ignores the row because of a null. */
  public static @Nullable Object key(Rule rule, Map<String, Object> row) {
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

  private @Nullable Map<String, Object> row(Map<String, Object> fixed) {
    Set<String> nulls = nulls();
    Map<String, Object> filled = new LinkedHashMap<>();
    for (String column : order) {
      Object value = fixed.get(column);
      if (value == null && !nulls.contains(column)) {
        value = isOmitted(column) ? null : value(column, filled);
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

  /** Returns the columns to set to null to break a rule; at least one. */
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

  private boolean isOmitted(String column) {
    return !present.contains(column) && random.nextInt(5) == 0;
  }

  private @Nullable Object value(String column, Map<String, Object> filled) {
    ColumnDomain domain = domain(column);
    OrderedType type = domain.ordered();
    Range range = type == null ? null : new Range(type.least(), type.most());
    for (ColumnRelation relation : relations) {
      if (!relation.concerns(column)) {
        continue;
      }
      ColumnRelation turned = relation.left().equals(column) ? relation : relation.swapped();
      Object otherValue = filled.get(turned.right());
      if (otherValue == null) {
        continue;
      }
      if (type != null && range != null) {
        range = range.and(turned.leftOf(otherValue, type));
      } else if (random.nextInt(4) > 0) {
        Object guess = turned.guess(otherValue, random);
        if (guess != null) {
          return guess;
        }
      }
    }
    return domain.value(range);
  }

  private ColumnDomain domain(String column) {
    return Objects.requireNonNull(domains.get(column), column);
  }
}
