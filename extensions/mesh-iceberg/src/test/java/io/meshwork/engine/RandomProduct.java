package io.meshwork.engine;

import static java.util.stream.Collectors.joining;

import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Partition;
import io.meshwork.contract.Rule;
import io.meshwork.contract.Rule.Scope;
import io.meshwork.contract.ServiceLevel;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.avro.Schema;

/**
 * A product of one to three major versions with random contracts, and random rows for it. Not
 * thread-safe.
 */
final class RandomProduct {
  /** The product that others refer to. */
  static final String ZONES = "mobility/zones";

  /** The earliest event time. */
  static final Instant START = Instant.parse("2026-09-01T00:00:00Z");

  private static final String FIRST =
      """
      {"type":"record","name":"ride","fields":[
        {"name":"id","type":"long"},
        {"name":"fare","type":["null","double"]},
        {"name":"tip","type":["null",{"type":"bytes","logicalType":"decimal","precision":7,"scale":2}]},
        {"name":"code","type":["null","string"]},
        {"name":"day","type":{"type":"int","logicalType":"date"}},
        {"name":"at","type":["null",{"type":"long","logicalType":"timestamp-micros"}]},
        {"name":"tags","type":{"type":"array","items":"string"}},
        {"name":"counts","type":["null",{"type":"map","values":"int"}]},
        {"name":"stop","type":["null",{"type":"record","name":"stop","fields":[
          {"name":"zone","type":"string"},
          {"name":"seats","type":["null","int"]},
          {"name":"place","type":["null",{"type":"record","name":"place","fields":[
            {"name":"level","type":["null","int"]}]}]}]}]}%s]}
      """;

  /** Replaced by the product's name when it is defined. */
  static final String ITSELF = "mobility/itself";

  private final Random random;
  private final List<RandomColumns.Column> columns;
  private final List<Contract> contracts = new ArrayList<>();
  private final List<Partition> partitions;
  private final int excludedId;

  /** The major version that the rows are of. */
  final int leading;

  RandomProduct(Random random) {
    this.random = random;
    this.columns = RandomColumns.some(random);
    int majors = random.nextInt(5) < 3 ? 1 : 2 + random.nextInt(2);
    for (int major = 1; major <= majors; major++) {
      contracts.add(randomContract(major));
    }
    this.leading = 1 + random.nextInt(majors);
    this.partitions = randomPartitions();
    this.excludedId = majors < 3 && random.nextInt(3) == 0 ? random.nextInt(30) : -1;
  }

  /** The schema of a major version: columns are renamed, and added. */
  private Schema schema(int major) {
    String json =
        FIRST.formatted(columns.stream().map(each -> "," + each.field()).collect(joining()));
    if (major > 1) {
      json = json.replace("\"code\"", "\"kind\"");
    }
    if (major > 2) {
      json =
          json.replace("\"fare\"", "\"amount\"")
              .replace(
                  "{\"name\":\"tags\"",
                  "{\"name\":\"source\",\"type\":[\"null\",\"string\"],\"default\":null},"
                      + "{\"name\":\"tags\"");
    }
    return new Schema.Parser().parse(json);
  }

  int majors() {
    return contracts.size();
  }

  /** The contract of a major version. Its references to the product are to {@link #ITSELF}. */
  Contract contract(int major) {
    return contracts.get(major - 1);
  }

  List<Partition> partitions() {
    return partitions;
  }

  /** The new names of columns that a major version renames, by their old names. */
  static Map<String, String> renamed(int major) {
    return major == 2 ? Map.of("code", "kind") : Map.of("fare", "amount");
  }

  /** The filter of the rows that older major versions do not have. */
  Optional<String> excluded() {
    return excludedId < 0 ? Optional.empty() : Optional.of("id = " + excludedId);
  }

  boolean isPartitioned() {
    return !partitions.isEmpty();
  }

  @Override
  public String toString() {
    return "rows of major version "
        + leading
        + ", by "
        + partitions
        + contracts.stream()
            .map(
                contract ->
                    contract.onViolation()
                        + " up to "
                        + contract.maxQuarantineShare()
                        + "%, key "
                        + contract.primaryKey()
                        + ", "
                        + contract.serviceLevel()
                        + contract.rules().stream()
                            .map(rule -> "\n    " + rule.id() + ": " + rule)
                            .collect(joining()))
            .collect(joining("\n  ", "\n  ", ""));
  }

  /** Defines it under a name, with all its major versions. */
  String define(MeshClient owner, String name) {
    String product = "mobility/" + name;
    owner
        .defineProduct(product)
        .contract(named(contracts.get(0), name))
        .partitionBy(partitions.toArray(new Partition[0]))
        .commit();
    for (int major = 2; major <= majors(); major++) {
      var rollout =
          owner
              .startRollout(product)
              .contract(named(contracts.get(major - 1), name))
              .because("names are better")
              .withoutHistory();
      for (Map.Entry<String, String> column : renamed(major).entrySet()) {
        rollout = rollout.renameColumn(column.getKey(), column.getValue());
      }
      if (excluded().isPresent()) {
        rollout = rollout.excludeRows(excluded().get());
      }
      rollout.commit().activate().commit();
    }
    return product;
  }

  /** The contract whose references to itself are to this product. */
  private static Contract named(Contract contract, String name) {
    for (Rule rule : contract.rules()) {
      if (rule.kind() == Rule.Kind.REFERENCES && rule.id().startsWith("own")) {
        Rule own = references(rule, "mobility/" + name);
        return contract.replaceRule(own);
      }
    }
    return contract;
  }

  private static Rule references(Rule rule, String product) {
    Rule.OnRows own = Rule.references("stop.seats", product, "id").id(rule.id());
    own = rule.severity() == Rule.Severity.WARN ? own.warn() : own;
    return rule.id().endsWith("some") ? own.tolerateRows(4) : own;
  }

  private List<Partition> randomPartitions() {
    return switch (random.nextInt(6)) {
      case 0 -> List.of(Partition.month("day"), Partition.bucket("id", 2));
      case 1 -> List.of(Partition.month("day"));
      case 2 -> List.of(Partition.truncate("id", 10));
      default -> List.of();
    };
  }

  private Contract randomContract(int major) {
    String code = major > 1 ? "kind" : "code";
    String fare = major > 2 ? "amount" : "fare";
    List<Rule> rules = new ArrayList<>(rules(code, fare));
    columns.forEach(column -> rules.addAll(column.rules()));
    Collections.shuffle(rules, random);
    List<Rule> drawn = new ArrayList<>();
    int count = random.nextInt(random.nextInt(4) > 0 ? 7 : rules.size());
    for (Rule rule : rules.subList(0, count)) {
      drawn.add(
          varied(rule).id("r" + drawn.size() + "-" + rule.kind().text().toLowerCase(Locale.ROOT)));
    }
    List<Rule.WithScope> keys =
        new ArrayList<>(
            List.of(
                Rule.uniqueKeepLatestBy(fare, "id"),
                Rule.unique("id"),
                Rule.unique("id", code),
                Rule.unique(code, "day").where(fare + " > 20"),
                Rule.unique("stop.zone", "stop.seats"),
                Rule.uniqueKeepLatestBy("id", "day"),
                Rule.unique("tip", "at")));
    columns.forEach(column -> keys.addAll(column.keys()));
    Collections.shuffle(keys, random);
    for (Rule.WithScope key : keys.subList(0, random.nextInt(4))) {
      Rule scoped = key.scope(Scope.values()[random.nextInt(3)]).id("key-" + drawn.size());
      drawn.add(random.nextInt(4) == 0 ? scoped.warn() : scoped);
    }
    if (random.nextInt(4) == 0) {
      Rule own =
          Rule.references("stop.seats", ITSELF, "id").id(random.nextBoolean() ? "own-some" : "own");
      drawn.add(references(random.nextBoolean() ? own : own.warn(), ITSELF));
    }
    Contract contract = Contract.of(schema(major)).require(drawn.toArray(new Rule[0]));
    switch (random.nextInt(6)) {
      case 0 -> contract = contract.primaryKey("id");
      case 1 -> contract = contract.primaryKey("id", "day");
      default -> {}
    }
    switch (random.nextInt(4)) {
      case 0 -> contract = contract.serviceLevel(ServiceLevel.NONE.eventTime("at"));
      case 1 ->
          contract =
              contract.serviceLevel(
                  ServiceLevel.NONE
                      .eventTime("at")
                      .maxLateness(Duration.ofHours(1 + random.nextInt(60))));
      default -> {}
    }
    if (random.nextInt(5) == 0) {
      contract = contract.truncateExcessPrecision("tip");
    }
    return random.nextInt(8) == 0
        ? contract
        : contract
            .onViolation(OnViolation.QUARANTINE)
            .maxQuarantineShare(random.nextInt(6) == 0 ? random.nextInt(101) : 100);
  }

  /** A rule of each kind, some of several forms. */
  private List<Rule> rules(String code, String fare) {
    return List.of(
        Rule.notNull(fare),
        Rule.notNull(code, "at"),
        Rule.notNull("stop.place.level"),
        Rule.notMissing(code, "?", "a"),
        Rule.notMissingTrimmed(code, "d"),
        Rule.between(fare, 0, 90),
        Rule.betweenExclusive("tip", 1, 60),
        Rule.atLeast("id", 3).where(code + " = 'b'"),
        Rule.atMost("stop.seats", 3),
        Rule.atLeast("day", LocalDate.of(2024, 10, 9)),
        Rule.inSet(code, "a", "b", "c", "d"),
        Rule.inSet("stop.zone", "z0", "z1", "z2"),
        Rule.notInSet("id", 4, 5),
        Rule.notInSet(code, "e", null),
        Rule.matches(code, "[a-c]"),
        Rule.length(code, 1, 1),
        Rule.length("tags", 0, 2),
        Rule.length("counts", 1, 3),
        Rule.compare("stop.place.level >= stop.seats"),
        Rule.references("stop.zone", ZONES, "zone"),
        Rule.custom("absent", 1).warn(),
        Rule.custom("few-tags", 1),
        Rule.custom("few-tags", 2).where("id > 9"),
        Rule.custom("early", 1),
        Rule.custom("seated", 1),
        Rule.custom("throwing", 1),
        Rule.rowCount(1, 55),
        Rule.completeness(code, 60),
        Rule.distinctCount(code, 1, 4),
        Rule.distinctCount("day", 1, 40),
        Rule.distinctCount("stop.zone", null, 3),
        Rule.mean(fare, 1, 80),
        Rule.mean("tip", 1, 70),
        Rule.stddev(fare, 0, 40),
        Rule.sum(fare, 0, 2_500),
        Rule.sum("tip", null, 3_000),
        Rule.min("id", 1, null),
        Rule.min("day", LocalDate.of(2024, 1, 1), null),
        Rule.max(fare, null, 99),
        Rule.max("at", null, Instant.parse("2027-01-01T00:00:00Z")),
        Rule.fresh("at", Duration.ofDays(20_000)),
        Rule.steady("rowCount", 4, 5),
        Rule.steady("mean(" + fare + ")", 4, 5),
        Rule.sameRowCount(ZONES, 1, 15),
        Rule.sameSum("id", ZONES, "weight", 0, 100),
        Rule.text("Rides are real."));
  }

  private Rule varied(Rule rule) {
    Rule varied = rule;
    if (rule instanceof Rule.OnRows onRows) {
      switch (random.nextInt(4)) {
        case 0 -> varied = onRows.tolerateRows(random.nextInt(7));
        case 1 -> varied = onRows.toleratePercent(random.nextInt(30));
        default -> {}
      }
    }
    if (varied instanceof Rule.WithScope scoped && rule.kind() != Rule.Kind.UNIQUE) {
      varied = scoped.scope(Scope.values()[random.nextInt(3)]);
    }
    // A publish as a whole fails by these, and a refusal compares less.
    boolean warning = rule.kind().measuresWhole() ? random.nextInt(8) > 0 : random.nextInt(4) == 0;
    return warning ? varied.warn() : varied;
  }

  /**
   * Returns random rows of the leading major version.
   *
   * @param bad percent of the values that do not fit their columns
   */
  List<Map<String, Object>> rows(int count, int bad) {
    String code = leading > 1 ? "kind" : "code";
    String fare = leading > 2 ? "amount" : "fare";
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Map<String, Object> row = new HashMap<>();
      if (random.nextInt(200) >= bad) {
        row.put("id", (long) random.nextInt(2, 30));
      }
      if (random.nextInt(6) > 0) {
        row.put(fare, random.nextInt(60) == 0 ? Double.NaN : random.nextInt(300 + bad) / 3.0);
      }
      if (random.nextInt(4) > 0) {
        row.put(
            "tip", BigDecimal.valueOf(random.nextInt(6_500), random.nextInt(400) < bad ? 3 : 2));
      }
      if (random.nextInt(6) > 0) {
        row.put(code, (random.nextInt(20) == 0 ? " " : "") + (char) ('a' + random.nextInt(4)));
      }
      row.put("day", LocalDate.ofEpochDay(20_000 + random.nextInt(70)));
      if (random.nextInt(4) > 0) {
        row.put("at", START.plus(Duration.ofMinutes(random.nextInt(10_000))));
      }
      row.put("tags", Collections.nCopies(random.nextInt(4), "t" + random.nextInt(3)));
      if (random.nextBoolean()) {
        row.put("counts", Map.of("a", 1, "b", random.nextInt(3)));
      }
      if (random.nextBoolean()) {
        row.put("stop", stop(bad));
      }
      columns.forEach(column -> column.put(row, random, bad));
      rows.add(row);
    }
    return rows;
  }

  private Map<String, Object> stop(int bad) {
    Map<String, Object> stop = new HashMap<>();
    if (random.nextInt(200) >= bad) {
      stop.put("zone", "z" + random.nextInt(4));
    }
    if (random.nextBoolean()) {
      stop.put("seats", random.nextInt(100) < bad ? "many" : random.nextInt(5));
    }
    if (random.nextBoolean()) {
      stop.put(
          "place",
          random.nextBoolean()
              ? new HashMap<>()
              : new HashMap<>(Map.of("level", random.nextInt(5))));
    }
    return stop;
  }
}
