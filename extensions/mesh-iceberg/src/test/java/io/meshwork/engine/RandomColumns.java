package io.meshwork.engine;

import io.meshwork.contract.Rule;
import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.BiFunction;

/**
 * Columns of further types that a {@link RandomProduct} may have, with rules on them, and values of
 * which some do not fit their columns. Stateless.
 */
final class RandomColumns {
  private static final LocalDateTime START = LocalDateTime.of(2026, 9, 1, 0, 0);
  private static final String DECIMAL =
      "{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":%d,\"scale\":%d}";
  private static final String LEG =
      """
      {"type":"array","items":{"type":"record","name":"leg","fields":[
        {"name":"km","type":["null","double"]},
        {"name":"most","type":"double"},
        {"name":"calls","type":{"type":"array","items":["null","string"]}}]}}""";

  /**
   * A column.
   *
   * @param type its Avro type, which is made nullable
   * @param value returns a value, or one that does not fit if the second argument is true
   */
  record Column(
      String name,
      String type,
      List<Rule> rules,
      List<Rule.WithScope> keys,
      BiFunction<Random, Boolean, Object> value) {
    String field() {
      return "{\"name\":\"%s\",\"type\":[\"null\",%s],\"default\":null}".formatted(name, type);
    }

    /**
     * Sets the value of a row, if it has one.
     *
     * @param bad one of four hundred values that do not fit
     */
    void put(Map<String, Object> row, Random random, int bad) {
      if (random.nextInt(5) > 0) {
        row.put(name, value.apply(random, random.nextInt(400) < bad));
      }
    }
  }

  private static final List<Column> ALL =
      List.of(
          new Column(
              "paid",
              "\"boolean\"",
              List.of(
                  Rule.notNull("paid"), Rule.inSet("paid", true), Rule.completeness("paid", 70)),
              List.of(Rule.unique("paid", "id")),
              (random, bad) -> bad ? "maybe" : (Object) random.nextBoolean()),
          new Column(
              "score",
              "\"float\"",
              List.of(
                  Rule.between("score", 0, 9.5),
                  Rule.mean("score", 1, 8),
                  Rule.stddev("score", 0, 9),
                  Rule.max("score", null, 9)),
              List.of(Rule.unique("score"), Rule.uniqueKeepLatestBy("score", "day")),
              (random, bad) ->
                  bad
                      ? 1e300
                      : random.nextInt(30) == 0 ? Float.NaN : (Object) (random.nextInt(40) / 4f)),
          new Column(
              "raw",
              "\"bytes\"",
              List.of(Rule.notNull("raw"), Rule.distinctCount("raw", 0, 9)),
              List.of(Rule.unique("raw", "day")),
              (random, bad) -> bad ? "text" : bytes(random.nextInt(6), random.nextInt(3))),
          new Column(
              "hash",
              "{\"type\":\"fixed\",\"name\":\"hash\",\"size\":4}",
              List.of(Rule.notNull("hash"), Rule.distinctCount("hash", 1, null)),
              List.of(Rule.unique("hash")),
              (random, bad) -> bytes(random.nextInt(20), bad ? 3 : 4)),
          new Column(
              "ref",
              "{\"type\":\"string\",\"logicalType\":\"uuid\"}",
              List.of(Rule.notNull("ref", "id"), Rule.distinctCount("ref", null, 14)),
              List.of(Rule.unique("ref"), Rule.unique("ref", "stop.zone")),
              (random, bad) ->
                  bad ? "00000000-0000-0000-0000" : new UUID(7, random.nextInt(20)).toString()),
          new Column(
              "color",
              "{\"type\":\"enum\",\"name\":\"color\",\"symbols\":[\"RED\",\"GREEN\",\"BLUE\"]}",
              List.of(
                  Rule.inSet("color", "RED", "GREEN"),
                  Rule.notInSet("color", "BLUE"),
                  Rule.distinctCount("color", 1, 2)),
              List.of(Rule.unique("color", "day")),
              (random, bad) ->
                  bad ? "PINK" : List.of("RED", "GREEN", "BLUE").get(random.nextInt(3))),
          new Column(
              "seen",
              "{\"type\":\"long\",\"logicalType\":\"local-timestamp-micros\"}",
              List.of(
                  Rule.atLeast("seen", START.plusHours(2)),
                  Rule.min("seen", START.plusHours(1), null),
                  Rule.max("seen", null, START.plusDays(40))),
              List.of(Rule.unique("seen"), Rule.uniqueKeepLatestBy("seen", "id")),
              (random, bad) -> bad ? "yesterday" : START.plusHours(random.nextInt(40))),
          new Column(
              "total",
              DECIMAL.formatted(30, 4),
              List.of(
                  Rule.between("total", 1, 60),
                  Rule.sum("total", 0, 900),
                  Rule.mean("total", 5, null)),
              List.of(Rule.unique("total")),
              (random, bad) ->
                  bad
                      ? new BigDecimal("1e29")
                      : BigDecimal.valueOf(random.nextInt(70), random.nextInt(3))),
          new Column(
              "legs",
              LEG,
              List.of(
                  Rule.length("legs", 0, 2),
                  Rule.notNull("legs[].km"),
                  Rule.between("legs[].km", 0, 5),
                  Rule.compare("legs[].km <= legs[].most")),
              List.of(),
              (random, bad) -> legs(random, bad)),
          new Column(
              "grid",
              "{\"type\":\"array\",\"items\":{\"type\":\"array\",\"items\":\"int\"}}",
              List.of(Rule.length("grid", 1, 2), Rule.between("grid[][]", 0, 6)),
              List.of(),
              (random, bad) ->
                  Collections.nCopies(
                      random.nextInt(4),
                      bad ? Arrays.asList(1, null) : List.of(random.nextInt(8), 1))),
          new Column(
              "fees",
              "{\"type\":\"map\",\"values\":[\"null\"," + DECIMAL.formatted(12, 3) + "]}",
              List.of(Rule.length("fees", 1, 2)),
              List.of(),
              (random, bad) -> fees(random, bad)),
          new Column(
              "notes",
              """
              {"type":"map","values":{"type":"record","name":"note","fields":[
                {"name":"by","type":"string"},{"name":"stars","type":["null","float"]}]}}""",
              List.of(Rule.notNull("notes"), Rule.length("notes", 0, 1)),
              List.of(),
              (random, bad) ->
                  Map.of("a", bad ? Map.of("stars", 1f) : Map.of("by", "x" + random.nextInt(3)))));

  private RandomColumns() {}

  /** Some of the columns. */
  static List<Column> some(Random random) {
    return ALL.stream().filter(column -> random.nextInt(4) == 0).toList();
  }

  private static byte[] bytes(int number, int length) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) number);
    return bytes;
  }

  private static List<Map<String, Object>> legs(Random random, boolean bad) {
    List<Map<String, Object>> legs = new ArrayList<>();
    for (int i = random.nextInt(3) + (bad ? 1 : 0); i > 0; i--) {
      Map<String, Object> leg = new HashMap<>();
      if (random.nextInt(4) > 0) {
        leg.put("km", random.nextInt(12) / 2.0);
      }
      if (!bad) {
        leg.put("most", (double) random.nextInt(1, 7));
      }
      leg.put("calls", Arrays.asList("c" + random.nextInt(3), null));
      legs.add(leg);
    }
    return legs;
  }

  private static Map<String, Object> fees(Random random, boolean bad) {
    Map<String, Object> fees = new HashMap<>();
    fees.put("none", null);
    for (int i = random.nextInt(3); i > 0; i--) {
      fees.put("f" + i, BigDecimal.valueOf(random.nextInt(90), bad ? 5 : 2));
    }
    return fees;
  }
}
