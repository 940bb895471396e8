package io.meshwork.examples.sparklaw;

import io.meshwork.contract.Column;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Rule;
import io.meshwork.contract.ServiceLevel;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * A contract and rows, drawn from a seed. Immutable.
 *
 * @param contract with rules of each kind
 * @param next the contracts of the next major versions, each of which lacks a column; none without
 *     a rollout
 * @param standing rows that the table has before
 * @param offered rows that are published in slices
 * @param replaced which rows they replace
 */
record LawCase(
    Contract contract,
    List<Contract> next,
    List<Map<String, Object>> standing,
    List<Map<String, Object>> offered,
    Replacement replaced) {
  /** Which rows are replaced. */
  enum Replacement {
    NONE("INSERT INTO %s "),
    ALL("INSERT OVERWRITE %s "),
    PARTITIONS("INSERT OVERWRITE %s "),
    WHERE("INSERT INTO %s REPLACE WHERE " + LawCase.WHERE + " ");

    private final String statement;

    Replacement(String statement) {
      this.statement = statement;
    }

    /** Returns the start of a statement that writes to a table. */
    String into(String table) {
      return statement.formatted(table);
    }
  }

  /** Replaced by the product's name when it is defined. */
  private static final String ITSELF = "mobility/itself";

  /** The product that stops refer to. */
  static final String ZONES_PRODUCT = "mobility/zones";

  private static final Instant START = Instant.parse("2024-01-01T00:00:00Z");

  /** A filter that most rows match. */
  static final String WHERE = "id < 28";

  /** Where a ride ends. */
  record Stop(String zone, Optional<Long> seats, Optional<Long> free) {}

  /** A row. */
  record Ride(
      long id,
      Optional<Double> fare,
      Optional<String> code,
      LocalDate day,
      Optional<Instant> at,
      Optional<Stop> stop,
      @Column(precision = 9, scale = 2) Optional<BigDecimal> tip,
      List<String> tags,
      Map<String, Integer> seats,
      Optional<String> remark,
      Optional<String> note) {}

  /** A row of the second major version. */
  record SecondRide(
      long id,
      Optional<Double> fare,
      Optional<String> code,
      LocalDate day,
      Optional<Instant> at,
      Optional<Stop> stop,
      @Column(precision = 9, scale = 2) Optional<BigDecimal> tip,
      List<String> tags,
      Map<String, Integer> seats,
      Optional<String> remark) {}

  /** A row of the third major version. */
  record ThirdRide(
      long id,
      Optional<Double> fare,
      Optional<String> code,
      LocalDate day,
      Optional<Instant> at,
      Optional<Stop> stop,
      @Column(precision = 9, scale = 2) Optional<BigDecimal> tip,
      List<String> tags,
      Map<String, Integer> seats) {}

  /** A row of the product that stops refer to. */
  record Zone(String zone, long weight) {}

  /** The rows of that product, of which one zone of stops is missing. */
  static final List<Zone> ZONES = List.of(new Zone("z0", 1), new Zone("z1", 5), new Zone("z2", 9));

  /**
   * Draws a contract and rows.
   *
   * @param coded true for contracts with custom rules too
   */
  static LawCase of(Random random, boolean coded) {
    Contract contract = contract(Ride.class, random, coded);
    List<Contract> next = new ArrayList<>();
    if (random.nextInt(3) == 0) {
      next.add(contract(SecondRide.class, random, coded));
      if (random.nextBoolean()) {
        next.add(contract(ThirdRide.class, random, coded));
      }
    }
    List<Map<String, Object>> standing = random.nextBoolean() ? List.of() : rows(random, 0);
    return new LawCase(
        contract,
        next,
        standing,
        rows(random, random.nextInt(9)),
        Replacement.values()[random.nextInt(7) % Replacement.values().length]);
  }

  private static Contract contract(Class<?> row, Random random, boolean coded) {
    List<Rule> rules =
        new ArrayList<>(
            List.of(
                Rule.between("fare", 0, 95),
                Rule.atLeast("id", 3).where("code = 'b'"),
                Rule.matches("code", "[a-c]").warn(),
                Rule.notMissing("code", "?"),
                Rule.length("code", 1, 3),
                Rule.atLeast("day", LocalDate.of(2024, 1, 4)).warn(),
                Rule.notNull("fare").warn(),
                Rule.completeness("code", 40),
                Rule.sum("fare", 0, 4_000).warn(),
                Rule.mean("fare", 1, 80).warn(),
                Rule.stddev("fare", 0, 40).warn(),
                Rule.max("fare", null, 98).warn(),
                Rule.uniqueKeepLatestBy("fare", "id"),
                Rule.unique("id", "code").scope(Rule.Scope.BATCH),
                Rule.unique("code", "day").where("fare > 20").scope(Rule.Scope.PARTITION),
                Rule.unique("stop.zone", "stop.seats").warn(),
                Rule.notNull("code").tolerateRows(3).id("code-given"),
                Rule.references("stop.zone", ZONES_PRODUCT, "zone").id("zone-known"),
                Rule.references("stop.zone", ZONES_PRODUCT, "zone").tolerateRows(9),
                Rule.atMost("fare", 70).toleratePercent(20),
                Rule.distinctCount("code", 1, 6),
                Rule.distinctCount("day", 1, 60).scope(Rule.Scope.TABLE).warn()));
    rules.addAll(furtherRules());
    if (coded) {
      rules.addAll(customRules());
    }
    Collections.shuffle(rules, random);
    int count = random.nextInt(random.nextInt(3) > 0 ? 12 : rules.size());
    List<Rule> drawn = new ArrayList<>();
    for (Rule rule : rules.subList(0, count)) {
      String id = "r" + drawn.size() + "-" + rule.kind().text().toLowerCase(Locale.ROOT);
      drawn.add(rule.id().equals("own") ? rule : rule.id(id));
    }
    Contract contract = Contract.of(row).require(drawn.toArray(Rule[]::new));
    switch (random.nextInt(4)) {
      case 0 -> contract = contract.primaryKey("id");
      case 1 -> contract = contract.primaryKey("id", "day");
      default -> {}
    }
    if (random.nextBoolean()) {
      contract =
          contract.serviceLevel(
              ServiceLevel.NONE
                  .eventTime("at")
                  .maxLateness(Duration.ofHours(1 + random.nextInt(60))));
    }
    return random.nextInt(4) == 0
        ? contract
        : contract
            .onViolation(OnViolation.QUARANTINE)
            .maxQuarantineShare(random.nextInt(5) == 0 ? random.nextInt(101) : 100);
  }

  /** Rules on decimals, lists, maps, the whole publish, other products, and the product itself. */
  private static List<Rule> furtherRules() {
    return List.of(
        Rule.inSet("code", "a", "b", "c").tolerateRows(20),
        Rule.inSet("stop.zone", "z0", "z1", "z2").warn(),
        Rule.notInSet("code", "d", null).toleratePercent(60),
        Rule.notInSet("id", 4, 5),
        Rule.compare("stop.seats <= stop.free"),
        Rule.rowCount(1, 58).warn(),
        Rule.rowCount(0, 200).scope(Rule.Scope.TABLE),
        Rule.min("id", 2, null),
        Rule.min("day", LocalDate.of(2024, 1, 1), null).scope(Rule.Scope.TABLE),
        Rule.fresh("at", Duration.ofDays(20_000)),
        Rule.steady("rowCount", 4, 5),
        Rule.steady("mean(fare)", 4, 5).warn(),
        Rule.sameRowCount(ZONES_PRODUCT, 1, 20).warn(),
        Rule.sameSum("id", ZONES_PRODUCT, "weight", 0, 100),
        Rule.references("stop.seats", ITSELF, "id").id("own").warn(),
        Rule.between("tip", 0, 60).tolerateRows(9),
        Rule.sum("tip", null, 3_000).warn(),
        Rule.mean("tip", 1, 70).scope(Rule.Scope.TABLE).warn(),
        Rule.unique("tip", "day").scope(Rule.Scope.BATCH),
        Rule.length("tags", 0, 2).toleratePercent(30),
        Rule.length("seats", 0, 1).warn());
  }

  private static List<Rule> customRules() {
    return List.of(
        Rule.custom("few-tags", 1),
        Rule.custom("early", 1).tolerateRows(9).where("id > 9"),
        Rule.custom("seated", 1).toleratePercent(20),
        Rule.custom("cheap", 1).warn());
  }

  /** Returns the code of the custom rules that a contract has, by name. */
  Map<String, Predicate<GenericRecord>> code() {
    Map<String, Predicate<GenericRecord>> all =
        new TreeMap<>(
            Map.of(
                "few-tags",
                row -> ((List<?>) row.get("tags")).size() < 3,
                "early",
                row -> (Integer) row.get("day") < LocalDate.of(2024, 3, 5).toEpochDay(),
                "seated",
                row ->
                    !(row.get("stop") instanceof GenericRecord stop)
                        || !Objects.equals(stop.get("seats"), 4L),
                "cheap",
                row -> row.get("fare") == null || (Double) row.get("fare") < 50));
    List<String> rules =
        Stream.concat(Stream.of(contract), next.stream())
            .flatMap(each -> each.rules().stream())
            .map(Rule::toString)
            .toList();
    all.keySet()
        .removeIf(name -> rules.stream().noneMatch(rule -> rule.contains("'" + name + "'")));
    return all;
  }

  /** The contract whose references to itself are to a product. */
  static Contract of(Contract contract, String product) {
    for (Rule rule : contract.rules()) {
      if (rule.id().equals("own")) {
        return contract.replaceRule(Rule.references("stop.seats", product, "id").id("own").warn());
      }
    }
    return contract;
  }

  private static List<Map<String, Object>> rows(Random random, int bad) {
    List<Map<String, Object>> rows = new ArrayList<>();
    int count = 1 + random.nextInt(60);
    for (int i = 0; i < count; i++) {
      Map<String, Object> row = new LinkedHashMap<>();
      if (random.nextInt(100) >= bad) {
        row.put("id", (long) random.nextInt(2, 28));
      }
      if (random.nextInt(6) > 0) {
        row.put("fare", (double) random.nextInt(100));
      }
      if (random.nextInt(6) > 0) {
        row.put("code", "" + (char) ('a' + random.nextInt(4)));
      }
      row.put("day", LocalDate.of(2024, 1, 1).plusDays(random.nextInt(70)));
      if (random.nextInt(5) > 0) {
        row.put("at", START.plus(Duration.ofMinutes(random.nextInt(10_000))));
      }
      if (random.nextBoolean()) {
        Map<String, Object> stop = new LinkedHashMap<>();
        stop.put("zone", "z" + random.nextInt(4));
        if (random.nextBoolean()) {
          stop.put("seats", (long) random.nextInt(5));
          stop.put("free", (long) random.nextInt(6));
        }
        row.put("stop", stop);
      }
      if (random.nextInt(5) > 0) {
        row.put("tip", BigDecimal.valueOf(random.nextInt(6_500), 2));
      }
      row.put("tags", Collections.nCopies(random.nextInt(4), "t" + random.nextInt(3)));
      row.put("seats", random.nextBoolean() ? Map.of() : Map.of("front", random.nextInt(3)));
      rows.add(row);
    }
    return rows;
  }

  /** Returns a query of the offered rows, in their order, in so many slices. */
  String query(int slices) {
    String rows =
        offered.stream().map(LawCase::literal).collect(Collectors.joining(", ", "array(", ")"));
    return "SELECT r.* FROM (SELECT element_at("
        + rows
        + ", CAST(n.id + 1 AS INT)) AS r FROM range(0, "
        + offered.size()
        + ", 1, "
        + slices
        + ") n)";
  }

  private static String literal(Map<String, Object> row) {
    @SuppressWarnings("unchecked")
    Map<String, Object> stop = (Map<String, Object>) row.get("stop");
    return "named_struct('id', "
        + cast(row.get("id"), "BIGINT")
        + ", 'fare', "
        + cast(row.get("fare"), "DOUBLE")
        + ", 'code', "
        + cast(row.get("code") == null ? null : "'" + row.get("code") + "'", "STRING")
        + ", 'day', DATE'"
        + row.get("day")
        + "', 'at', "
        + cast(row.get("at") == null ? null : "'" + row.get("at") + "'", "TIMESTAMP")
        + ", 'stop', "
        + (stop == null
            ? "CAST(NULL AS STRUCT<zone: STRING, seats: BIGINT, free: BIGINT>)"
            : "named_struct('zone', '"
                + stop.get("zone")
                + "', 'seats', "
                + cast(stop.get("seats"), "BIGINT")
                + ", 'free', "
                + cast(stop.get("free"), "BIGINT")
                + ")")
        + ", 'tip', "
        + cast(row.get("tip"), "DECIMAL(9, 2)")
        + ", 'tags', "
        + tags((List<?>) Objects.requireNonNull(row.get("tags")))
        + ", 'seats', "
        + seats((Map<?, ?>) Objects.requireNonNull(row.get("seats")))
        + ", 'remark', CAST(NULL AS STRING), 'note', CAST(NULL AS STRING))";
  }

  private static String tags(List<?> tags) {
    return tags.stream()
        .map(tag -> "'" + tag + "'")
        .collect(Collectors.joining(", ", "CAST(array(", ") AS ARRAY<STRING>)"));
  }

  private static String seats(Map<?, ?> seats) {
    return seats.entrySet().stream()
        .map(seat -> "'" + seat.getKey() + "', " + seat.getValue())
        .collect(Collectors.joining(", ", "CAST(map(", ") AS MAP<STRING, INT>)"));
  }

  private static String cast(@Nullable Object value, String type) {
    return "CAST(" + (value == null ? "NULL" : value) + " AS " + type + ")";
  }
}
