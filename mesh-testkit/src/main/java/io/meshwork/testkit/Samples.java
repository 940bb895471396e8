package io.meshwork.testkit;

import io.meshwork.consume.Read;
import io.meshwork.contract.Column;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import io.meshwork.internal.testkit.samples.OrderedType;
import io.meshwork.internal.testkit.samples.PlainValues;
import io.meshwork.internal.testkit.samples.RowGenerator;
import io.meshwork.internal.text.NearestName;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * Generates rows for tests from a contract: rows that satisfy all its rules, and rows that break
 * exactly one rule. A real mesh has checked each row, so a publish has the same result. The same
 * seed and the same calls return the same rows.
 *
 * <pre>{@code
 * Samples<Order> samples = Samples.of(Order.class, CONTRACT, 42);
 * List<Order> good = samples.rows(1_000);
 * List<Order> bad = samples.breaking("between.amountCents", 3);
 * }</pre>
 *
 * <p>Values without a rule are plain: numbers to 9,999, times of 2025 and 2026, short strings, some
 * nulls. The limits of ranges are frequent. To restrict rows further, add rules: {@code
 * Samples.of(Order.class, CONTRACT.require(inSet("country", "SE")), 42)}. Rules that only warn or
 * tolerate some rows are treated like the others. Rules on a whole publish, {@code custom} and
 * {@code references} are not considered. For rows with extreme values see {@code RandomRecords}.
 *
 * <p>The rows of all calls together satisfy {@code unique}. Not thread-safe.
 *
 * @param <T> the type of a row
 */
public final class Samples<T> {
  /** The number of rounds without a new row after which no more rows are expected. */
  private static final int MAX_VAIN_ROUNDS = 8;

  private static final int MIN_CANDIDATES = 16;

  private final Contract contract;
  private final List<Rule> rules;
  private final Random random;
  private final Map<String, OrderedType> types;
  private final Function<Read<GenericRecord>, Read<T>> shape;
  private final Map<String, Set<Object>> usedValues = new HashMap<>();

  private Samples(
      Contract contract,
      long seed,
      Map<String, OrderedType> types,
      Function<Read<GenericRecord>, Read<T>> shape) {
    this.contract = contract;
    this.rules = contract.rules();
    this.random = new Random(seed);
    this.types = types;
    this.shape = shape;
  }

  /**
   * Returns samples as Java records.
   *
   * @param recordType a component takes the column of its name, or the one that {@code @Column}
   *     names
   */
  public static <R> Samples<R> of(Class<R> recordType, Contract contract, long seed) {
    return new Samples<>(contract, seed, types(contract, recordType), read -> read.as(recordType));
  }

  /** Returns samples as Avro records of the contract's schema. */
  public static Samples<GenericRecord> records(Contract contract, long seed) {
    return new Samples<>(contract, seed, types(contract, null), read -> read);
  }

  /** Returns samples as maps from column to value. */
  public static Samples<Map<String, Object>> maps(Contract contract, long seed) {
    return new Samples<>(contract, seed, types(contract, null), Read::asMaps);
  }

  /**
   * Returns rows that satisfy every rule.
   *
   * @throws IllegalStateException if not enough rows can be generated, for example because of
   *     {@code unique} or because rules contradict each other; names the rules
   * @throws IllegalArgumentException if a regular expression is not supported
   */
  public List<T> rows(int count) {
    List<Map<String, Object>> rows = make(count, null);
    for (Rule rule : rules) {
      if (rule.kind() == Rule.Kind.UNIQUE) {
        rows.forEach(row -> take(rule, row));
      }
    }
    return shaped(rows);
  }

  /**
   * Returns rows that break this rule and no other. Rows that break {@code unique} have keys of
   * rows that {@link #rows} returned before; publish them together with those.
   *
   * @param ruleId a rule's ID, such as {@code between.amount}
   * @throws IllegalArgumentException if the contract has no such rule; names its rules. Also if a
   *     single row cannot break it, such as {@code rowCount}, or it depends on more than the row,
   *     such as {@code custom} and {@code references}
   * @throws IllegalStateException if not enough rows can be generated, for example because of other
   *     rules, or because no row was returned before whose key could be repeated
   */
  public List<T> breaking(String ruleId, int count) {
    List<String> ruleIds = rules.stream().map(Rule::id).toList();
    Rule broken =
        rules.stream()
            .filter(rule -> rule.id().equals(ruleId))
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "The contract has no rule '"
                            + ruleId
                            + "'. "
                            + NearestName.to(ruleId, ruleIds)
                                .map(nearest -> "Did you mean '" + nearest + "'? ")
                                .orElse("")
                            + "The rules are: "
                            + String.join(", ", ruleIds)));
    if (!judgesRows(broken)) {
      throw new IllegalArgumentException(
          broken.kind().judgesRows()
              ? "Cannot generate rows that break "
                  + broken
                  + ": the rule uses code or another product. Publish your own rows to break it."
              : "A single row cannot break "
                  + broken
                  + ": the rule checks a whole publish. Publish fewer rows, or more, to break it.");
    }
    return shaped(make(count, broken));
  }

  private List<Map<String, Object>> make(int count, @Nullable Rule broken) {
    if (count < 0) {
      throw new IllegalArgumentException("Cannot generate " + count + " rows");
    }
    Set<String> expected = broken == null ? Set.of() : Set.of(broken.id());
    Map<String, Set<Object>> keys = new HashMap<>();
    usedValues.forEach((rule, ruleKeys) -> keys.put(rule, new LinkedHashSet<>(ruleKeys)));
    List<Map<String, Object>> rows = new ArrayList<>(count);
    Map<String, Integer> breaches = new LinkedHashMap<>();
    int tried = 0;
    int vain = 0;
    for (int round = 0; rows.size() < count && vain < MAX_VAIN_ROUNDS; round++) {
      int before = rows.size();
      List<Map<String, Object>> candidates =
          candidates(
              Math.max(count - rows.size(), MIN_CANDIDATES) << Math.min(round, 3), broken, keys);
      if (candidates.isEmpty()) {
        break; // further attempts would find no row either
      }
      List<Map<String, Object>> holders = holders(broken, candidates);
      List<Map<String, Object>> checked = new ArrayList<>(holders);
      checked.addAll(candidates);
      List<Set<String>> brokenRules = SampleRows.broken(contract.schema(), checkedRules(), checked);
      for (int i = 0; i < candidates.size() && rows.size() < count; i++) {
        tried++;
        brokenRules.get(holders.size() + i).forEach(id -> breaches.merge(id, 1, Integer::sum));
        if (brokenRules.get(holders.size() + i).equals(expected)) {
          rows.add(candidates.get(i));
        }
      }
      vain = rows.size() > before ? 0 : vain + 1;
    }
    if (rows.size() < count) {
      throw tooFew(rows.size(), count, broken, unmet(breaches, tried, broken));
    }
    return rows;
  }

  /** Returns rows that may satisfy the rules, with keys that differ from earlier ones. */
  private List<Map<String, Object>> candidates(
      int count, @Nullable Rule broken, Map<String, Set<Object>> keys) {
    RowGenerator generator = new RowGenerator(contract.schema(), rules, broken, types, random);
    List<Object> repeatable = repeatable(broken);
    List<Map<String, Object>> candidates = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Map<String, Object> row = generator.next(keys, repeated(broken, repeatable));
      if (row == null) {
        break;
      }
      candidates.add(row);
      for (Rule rule : rules) {
        Object key = rule.kind() == Rule.Kind.UNIQUE ? RowGenerator.key(rule, row) : null;
        if (key != null) {
          keys.computeIfAbsent(rule.id(), id -> new LinkedHashSet<>()).add(key);
        }
      }
    }
    return candidates;
  }

  private List<Rule> checkedRules() {
    return rules.stream().filter(Samples::judgesRows).toList();
  }

  /** Returns true if a row, alone or with others, can break the rule. */
  private static boolean judgesRows(Rule rule) {
    return switch (rule.kind()) {
      case REFERENCES, CUSTOM -> false;
      case UNIQUE -> true;
      default -> rule.kind().judgesRows();
    };
  }

  /** Returns the keys that rows may repeat to break a rule; empty for other rules. */
  private List<Object> repeatable(@Nullable Rule broken) {
    if (broken == null || broken.kind() != Rule.Kind.UNIQUE) {
      return List.of();
    }
    List<Object> repeatable = List.copyOf(usedValues.getOrDefault(broken.id(), Set.of()));
    if (repeatable.isEmpty()) {
      throw new IllegalStateException(
          "There is no key to repeat yet: call rows(..) before breaking(\""
              + broken.id()
              + "\", ..), and publish both together.");
    }
    return repeatable;
  }

  private Map<String, Object> repeated(@Nullable Rule broken, List<Object> repeatable) {
    return broken == null || repeatable.isEmpty()
        ? Map.of()
        : keyed(broken, repeatable.get(random.nextInt(repeatable.size())));
  }

  /** Returns rows that have only the keys that candidates repeat. */
  private static List<Map<String, Object>> holders(
      @Nullable Rule broken, List<Map<String, Object>> candidates) {
    if (broken == null || broken.kind() != Rule.Kind.UNIQUE) {
      return List.of();
    }
    Set<Object> repeated = new LinkedHashSet<>();
    for (Map<String, Object> candidate : candidates) {
      Object key = RowGenerator.key(broken, candidate);
      if (key != null) {
        repeated.add(key);
      }
    }
    return repeated.stream().map(key -> keyed(broken, key)).toList();
  }

  private static Map<String, Object> keyed(Rule rule, Object key) {
    Map<String, Object> row = new LinkedHashMap<>();
    List<?> values = (List<?>) key;
    for (int i = 0; i < values.size(); i++) {
      row.put(rule.columns().get(i), values.get(i));
    }
    return row;
  }

  private void take(Rule rule, Map<String, Object> row) {
    Object key = RowGenerator.key(rule, row);
    if (key != null) {
      usedValues.computeIfAbsent(rule.id(), id -> new LinkedHashSet<>()).add(key);
    }
  }

  private List<T> shaped(List<Map<String, Object>> rows) {
    return rows.isEmpty() ? List.of() : SampleRows.shaped(contract.schema(), rows, shape);
  }

  /** Returns the rules that every row broke, and the rule to break if no row broke it. */
  private static List<String> unmet(
      Map<String, Integer> breaches, int tried, @Nullable Rule broken) {
    List<String> unmet = new ArrayList<>();
    breaches.forEach(
        (id, count) -> {
          if (count == tried && (broken == null || !id.equals(broken.id()))) {
            unmet.add(id);
          }
        });
    if (broken != null && tried > 0 && !breaches.containsKey(broken.id())) {
      unmet.add(broken.id());
    }
    return unmet;
  }

  private IllegalStateException tooFew(
      int rowCount, int requested, @Nullable Rule broken, List<String> unmet) {
    return new IllegalStateException(
        "Could generate only "
            + rowCount
            + " of "
            + requested
            + " rows that "
            + (broken == null ? "satisfy all rules" : "break " + broken.id() + " and no other rule")
            + ". "
            + (unmet.isEmpty() ? "" : "No generated row meets the requirement for " + unmet + ". ")
            + "The rules are too strict or contradict each other: "
            + rules.stream().map(rule -> rule.id() + " = " + rule).toList());
  }

  /** Returns the order of each column's type, if any, within the range of the record's types. */
  private static Map<String, OrderedType> types(Contract contract, @Nullable Class<?> recordType) {
    Map<String, OrderedType> types = new HashMap<>();
    for (Schema.Field field : contract.schema().getFields()) {
      OrderedType type = OrderedType.of(PlainValues.required(field.schema()));
      if (type != null) {
        types.put(field.name(), type);
      }
    }
    RecordComponent[] components = recordType == null ? null : recordType.getRecordComponents();
    if (components != null) {
      for (RecordComponent component : components) {
        Column column = component.getAnnotation(Column.class);
        String name =
            column == null || column.value().isEmpty() ? component.getName() : column.value();
        types.computeIfPresent(name, (same, type) -> narrowed(component.getType(), type));
      }
    }
    return types;
  }

  private static OrderedType narrowed(Class<?> javaType, OrderedType type) {
    if (javaType == byte.class || javaType == Byte.class) {
      return type.within(Byte.MIN_VALUE, Byte.MAX_VALUE);
    }
    if (javaType == short.class || javaType == Short.class) {
      return type.within(Short.MIN_VALUE, Short.MAX_VALUE);
    }
    return type;
  }
}
