package io.meshwork.internal.uniqueness;

import io.meshwork.contract.Rule;
import io.meshwork.internal.condition.RuleCondition.Unique;
import io.meshwork.internal.contract.RuleConditions;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.iceberg.Schema;
import org.jspecify.annotations.Nullable;

/** Uniqueness of rows by hash maps of whole keys: what one rule says of the rows of a publish. */
public final class KeyOracle {
  private final Schema schema;
  private final Rule rule;
  private final Set<List<Object>> inTable = new HashSet<>();

  /** The rows that fail, and why: a row, or {@link UniqueKeys#IN_TABLE} and its like. */
  private final TreeMap<Long, Long> failing = new TreeMap<>();

  private final Map<List<Object>, Long> owners = new HashMap<>();
  private final Set<Long> kept = new TreeSet<>();
  private long evaluated;

  /** Creates the oracle of a rule beside a table. */
  public KeyOracle(Schema schema, Rule rule, List<Object[]> table) {
    this.schema = schema;
    this.rule = rule;
    if (rule.scope() != Rule.Scope.BATCH) {
      table.stream().map(this::key).filter(key -> key != null).forEach(inTable::add);
    }
  }

  /** Counts the rows that the rule would keep out, as under REJECT. */
  public KeyOracle count(List<Object[]> rows, Set<Long> some) {
    for (long row : new TreeSet<>(some)) {
      List<Object> key = key(rows.get((int) row));
      evaluated += applies(rows.get((int) row)) ? 1 : 0;
      Long owner = key == null ? null : owners.putIfAbsent(key, row);
      if (owner != null) {
        failing.put(row, owner);
      } else if (key != null && inTable.contains(key)) {
        failing.put(row, UniqueKeys.IN_TABLE);
      }
      kept.add(row);
    }
    return this;
  }

  /** Decides each row, as under QUARANTINE. */
  public KeyOracle decide(List<Object[]> rows) {
    Map<List<Object>, Long> latest = latest(rows);
    for (long row = 0; row < rows.size(); row++) {
      List<Object> key = key(rows.get((int) row));
      evaluated += applies(rows.get((int) row)) ? 1 : 0;
      if (key != null && inTable.contains(key)) {
        failing.put(row, UniqueKeys.IN_TABLE);
      } else if (key != null && owners.containsKey(key)) {
        failing.put(row, owners.get(key));
      } else if (key != null && !latest.getOrDefault(key, row).equals(row)) {
        failing.put(row, UniqueKeys.OUTDATED);
      } else {
        kept.add(row);
        if (key != null) {
          owners.put(key, row);
        }
      }
    }
    return this;
  }

  /** The row to keep of each key; empty if the first one is kept. */
  private Map<List<Object>, Long> latest(List<Object[]> rows) {
    Map<List<Object>, Long> latest = new HashMap<>();
    String by = ((Unique) RuleConditions.of(rule)).keepLatestBy();
    if (by == null) {
      return latest;
    }
    int column = position(by);
    for (long row = 0; row < rows.size(); row++) {
      List<Object> key = key(rows.get((int) row));
      if (key == null) {
        continue;
      }
      Long best = latest.get(key);
      Long value = (Long) rows.get((int) row)[column];
      Long bestValue = best == null ? null : (Long) rows.get(best.intValue())[column];
      if (best == null || (value != null && (bestValue == null || value > bestValue))) {
        latest.put(key, row);
      }
    }
    return latest;
  }

  /** The values of a row in the columns of the rule; null if it has no key, or is filtered out. */
  @Nullable List<Object> key(Object[] row) {
    if (!applies(row)) {
      return null;
    }
    List<Object> key = new ArrayList<>();
    for (String column : rule.columns()) {
      Object value = row[position(column)];
      if (value == null) {
        return null;
      }
      key.add(comparable(value));
    }
    return key;
  }

  private boolean applies(Object[] row) {
    return rule.where().isEmpty() || Integer.valueOf(1).equals(row[position("w")]);
  }

  private static Object comparable(Object value) {
    if (value instanceof Double number) {
      return number == 0 ? (Object) 0.0 : number;
    } else if (value instanceof Float number) {
      return number == 0 ? (Object) 0.0f : number;
    } else if (value instanceof BigDecimal decimal) {
      return decimal.stripTrailingZeros();
    }
    return value instanceof byte[] bytes ? ByteBuffer.wrap(bytes) : value;
  }

  private int position(String column) {
    return schema.columns().indexOf(schema.findField(column));
  }

  public Set<Long> failing() {
    return failing.keySet();
  }

  public Set<Long> kept() {
    return kept;
  }

  public long evaluated() {
    return evaluated;
  }

  /** How the first failing row is reported. */
  public String reason() {
    if (failing.isEmpty()) {
      return "";
    }
    long why = failing.firstEntry().getValue();
    String first = "first in row " + (failing.firstKey() + 1);
    if (why == UniqueKeys.IN_TABLE) {
      return first + ", whose key the product already contains";
    }
    return why == UniqueKeys.OUTDATED
        ? first + ", which is not the latest row of its key"
        : first + ", which has the key of row " + (why + 1);
  }

  /** The keys that kept rows share with other rows: the first such row of each, ascending. */
  public TreeSet<Long> meeting(List<Object[]> others) {
    TreeSet<Long> first = new TreeSet<>();
    Set<List<Object>> keys = new HashSet<>();
    others.stream().map(this::key).filter(key -> key != null).forEach(keys::add);
    owners.forEach(
        (key, row) -> {
          if (keys.contains(key)) {
            first.add(row);
          }
        });
    return first;
  }
}
