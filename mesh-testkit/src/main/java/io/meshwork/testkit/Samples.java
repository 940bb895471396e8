package io.meshwork.testkit;

import io.meshwork.consume.Read;
import io.meshwork.contract.Column;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
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
 * Rows for tests, made from a contract: rows that keep all its rules, and rows that break the one
 * rule that is named and no other. A real mesh has judged each row that is given, so a publish
 * judges it alike. The same seed and the same calls give the same rows.
 *
 * <pre>{@code
 * Samples<Order> samples = Samples.of(Order.class, CONTRACT, 42);
 * List<Order> good = samples.rows(1_000);
 * List<Order> bad = samples.breaking("between.amountCents", 3);
 * }</pre>
 *
 * <p>Values look like everyday ones where no rule speaks: numbers to 9,999, times of 2025 and 2026,
 * short texts, now and then a null; the ends of ranges come often. To choose rows further, add
 * rules: {@code Samples.of(Order.class, CONTRACT.require(inSet("country", "SE")), 42)}. Rules that
 * only warn or tolerate some rows are kept and broken like the others; rules on a whole publish,
 * {@code custom} and {@code references} are up to whoever publishes. For rows of any shape with
 * extremes see {@code RandomRecords}.
 *
 * <p>Rows of all calls together keep {@code unique}. Not thread-safe.
 *
 * @param <T> what a row is given as
 */
public final class Samples<T> {
  /** Candidates are judged so often in vain before it is said that there are none. */
  private static final int VAIN_ROUNDS = 8;

  private static final int LEAST_CANDIDATES = 16;

  private final Contract contract;
  private final List<Rule> rules;
  private final Random random;
  private final Map<String, OrderedType> types;
  private final Function<Read<GenericRecord>, Read<T>> shape;
  private final Map<String, Set<Object>> taken = new HashMap<>();

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
   * Rows as Java records.
   *
   * @param recordType a component takes the column of its name, or the one that {@code @Column}
   *     says
   */
  public static <R> Samples<R> of(Class<R> recordType, Contract contract, long seed) {
    return new Samples<>(contract, seed, types(contract, recordType), read -> read.as(recordType));
  }

  /** Rows as Avro records of the contract's schema. */
  public static Samples<GenericRecord> records(Contract contract, long seed) {
    return new Samples<>(contract, seed, types(contract, null), read -> read);
  }

  /** Rows as maps from column to value. */
  public static Samples<Map<String, Object>> maps(Contract contract, long seed) {
    return new Samples<>(contract, seed, types(contract, null), Read::asMaps);
  }

  /**
   * So many rows that keep every rule.
   *
   * @throws IllegalStateException if so many cannot be made, as where {@code unique} leaves no more
   *     room or rules contradict each other; naming the rules
   * @throws IllegalArgumentException if a regular expression uses what is not understood
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
   * So many rows that break this rule and no other. Rows that break {@code unique} have keys of
   * rows that {@link #rows} gave before; publish them together with those.
   *
   * @param ruleId a rule's id, such as {@code between.amount}
   * @throws IllegalArgumentException if the contract has no such rule, naming those it has; or if
   *     no single row can break it, as {@code rowCount}, or more than the row is asked, as by
   *     {@code custom} and {@code references}
   * @throws IllegalStateException if so many cannot be made, such as where other rules leave no
   *     room, or {@code unique} is to be broken and no row was given before
   */
  public List<T> breaking(String ruleId, int count) {
    Rule broken =
        rules.stream()
            .filter(rule -> rule.id().equals(ruleId))
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "The contract has no rule '"
                            + ruleId
                            + "'. It has "
                            + rules.stream().map(Rule::id).toList()));
    if (!judgesRows(broken)) {
      throw new IllegalArgumentException(
          broken.kind().judgesRows()
              ? "No row is known to break "
                  + broken
                  + ": it asks code or another product. Publish rows of your own to break it."
              : "No single row breaks "
                  + broken
                  + ": it judges a whole publish. Publish fewer rows, or more, to break it.");
    }
    return shaped(make(count, broken));
  }

  private List<Map<String, Object>> make(int count, @Nullable Rule broken) {
    if (count < 0) {
      throw new IllegalArgumentException("Cannot make " + count + " rows");
    }
    Set<String> wanted = broken == null ? Set.of() : Set.of(broken.id());
    Map<String, Set<Object>> keys = new HashMap<>();
    taken.forEach((rule, given) -> keys.put(rule, new LinkedHashSet<>(given)));
    List<Map<String, Object>> rows = new ArrayList<>(count);
    Map<String, Integer> breaches = new LinkedHashMap<>();
    int tried = 0;
    int vain = 0;
    for (int round = 0; rows.size() < count && vain < VAIN_ROUNDS; round++) {
      int before = rows.size();
      List<Map<String, Object>> candidates =
          candidates(
              Math.max(count - rows.size(), LEAST_CANDIDATES) << Math.min(round, 3), broken, keys);
      if (candidates.isEmpty()) {
        break; // more of the same would find no room either
      }
      List<Map<String, Object>> holders = holders(broken, candidates);
      List<Map<String, Object>> judged = new ArrayList<>(holders);
      judged.addAll(candidates);
      List<Set<String>> verdicts = SampleMesh.broken(contract.schema(), judgedRules(), judged);
      for (int i = 0; i < candidates.size() && rows.size() < count; i++) {
        tried++;
        verdicts.get(holders.size() + i).forEach(id -> breaches.merge(id, 1, Integer::sum));
        if (verdicts.get(holders.size() + i).equals(wanted)) {
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

  /** Rows that may do, with keys that differ from those before them. */
  private List<Map<String, Object>> candidates(
      int count, @Nullable Rule broken, Map<String, Set<Object>> keys) {
    RowPlan plan = new RowPlan(contract.schema(), rules, broken, types, random);
    List<Object> given = given(broken);
    List<Map<String, Object>> candidates = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Map<String, Object> row = plan.next(keys, repeated(broken, given));
      if (row == null) {
        break;
      }
      candidates.add(row);
      for (Rule rule : rules) {
        Object key = rule.kind() == Rule.Kind.UNIQUE ? RowPlan.key(rule, row) : null;
        if (key != null) {
          keys.computeIfAbsent(rule.id(), id -> new LinkedHashSet<>()).add(key);
        }
      }
    }
    return candidates;
  }

  private List<Rule> judgedRules() {
    return rules.stream().filter(Samples::judgesRows).toList();
  }

  /** Whether a single row can break it, beside others or alone, and nothing else is needed. */
  private static boolean judgesRows(Rule rule) {
    return switch (rule.kind()) {
      case REFERENCES, CUSTOM -> false;
      case UNIQUE -> true;
      default -> rule.kind().judgesRows();
    };
  }

  /** The keys that rows of a rule to break may repeat; empty if it is not about keys. */
  private List<Object> given(@Nullable Rule broken) {
    if (broken == null || broken.kind() != Rule.Kind.UNIQUE) {
      return List.of();
    }
    List<Object> given = List.copyOf(taken.getOrDefault(broken.id(), Set.of()));
    if (given.isEmpty()) {
      throw new IllegalStateException(
          "No row repeats a key that no row has: call rows(..) before breaking(\""
              + broken.id()
              + "\", ..), and publish both together.");
    }
    return given;
  }

  private Map<String, Object> repeated(@Nullable Rule broken, List<Object> given) {
    return broken == null || given.isEmpty()
        ? Map.of()
        : keyed(broken, given.get(random.nextInt(given.size())));
  }

  /** Rows that hold the keys which candidates repeat, and nothing else. */
  private static List<Map<String, Object>> holders(
      @Nullable Rule broken, List<Map<String, Object>> candidates) {
    if (broken == null || broken.kind() != Rule.Kind.UNIQUE) {
      return List.of();
    }
    Set<Object> repeated = new LinkedHashSet<>();
    for (Map<String, Object> candidate : candidates) {
      Object key = RowPlan.key(broken, candidate);
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
    Object key = RowPlan.key(rule, row);
    if (key != null) {
      taken.computeIfAbsent(rule.id(), id -> new LinkedHashSet<>()).add(key);
    }
  }

  private List<T> shaped(List<Map<String, Object>> rows) {
    return rows.isEmpty() ? List.of() : SampleMesh.shaped(contract.schema(), rows, shape);
  }

  /** The rules that every row broke which was tried, and the one to break if no row did. */
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
      int made, int wanted, @Nullable Rule broken, List<String> unmet) {
    return new IllegalStateException(
        "Could make only "
            + made
            + " of "
            + wanted
            + " rows that "
            + (broken == null ? "keep all rules" : "break " + broken.id() + " and no other rule")
            + ". "
            + (unmet.isEmpty() ? "" : "No row that was tried does what is asked of " + unmet + ". ")
            + "The rules leave too little room, or contradict each other: "
            + rules.stream().map(rule -> rule.id() + " = " + rule).toList());
  }

  /** The order of each column's type, as far as it has one, within what the record's types hold. */
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
        types.computeIfPresent(name, (same, type) -> held(component.getType(), type));
      }
    }
    return types;
  }

  private static OrderedType held(Class<?> javaType, OrderedType type) {
    if (javaType == byte.class || javaType == Byte.class) {
      return type.within(Byte.MIN_VALUE, Byte.MAX_VALUE);
    }
    if (javaType == short.class || javaType == Short.class) {
      return type.within(Short.MIN_VALUE, Short.MAX_VALUE);
    }
    return type;
  }
}
