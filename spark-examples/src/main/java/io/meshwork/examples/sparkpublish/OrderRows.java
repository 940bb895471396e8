package io.meshwork.examples.sparkpublish;

import io.meshwork.contract.Column;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Rule;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Orders, good and bad, as a query of Spark and as objects: the same rows from the same numbers.
 */
public final class OrderRows {
  private OrderRows() {}

  /** Where an order goes. */
  public record Address(String zone, Optional<Integer> floor) {}

  /** A row. */
  public record Order(
      long id,
      Optional<Double> weight,
      @Column(precision = 9, scale = 2) BigDecimal amount,
      @Column(precision = 9, scale = 2) BigDecimal discount,
      LocalDate day,
      Instant placed,
      Optional<String> code,
      List<String> tags,
      Map<String, Integer> items,
      Address address) {
    Order withId(long other) {
      return new Order(other, weight, amount, discount, day, placed, code, tags, items, address);
    }
  }

  /** A row of the next major version, which has no tags. */
  public record NextOrder(
      long id,
      Optional<Double> weight,
      @Column(precision = 9, scale = 2) BigDecimal amount,
      @Column(precision = 9, scale = 2) BigDecimal discount,
      LocalDate day,
      Instant placed,
      Optional<String> code,
      Map<String, Integer> items,
      Address address) {}

  /** Returns a contract with eleven rules. */
  public static Contract contract(OnViolation policy) {
    return contract(Order.class, policy);
  }

  private static Contract contract(Class<?> row, OnViolation policy) {
    return Contract.of(row)
        .require(
            Rule.between("weight", 0, 93),
            Rule.matches("code", "[a-y]+"),
            Rule.length("code", 1, 2),
            Rule.compare("discount <= amount"),
            Rule.atLeast("amount", 0),
            Rule.notNull("weight").warn(),
            Rule.completeness("weight", 50),
            Rule.mean("weight", 10, 80).warn(),
            Rule.stddev("weight", 0, 20).warn(),
            Rule.sum("amount", 0, 9_000_000_000L),
            Rule.rowCount(1, 10_000_000))
        .onViolation(policy);
  }

  /** Returns that contract with a key, and with rules that tolerate some rows. */
  public static Contract keyedContract(OnViolation policy) {
    return keyed(contract(policy));
  }

  /** Returns the contract of the next major version, with one more rule. */
  public static Contract nextContract() {
    return keyed(contract(NextOrder.class, OnViolation.QUARANTINE))
        .require(Rule.atMost("weight", 80).id("light"));
  }

  private static Contract keyed(Contract contract) {
    return contract
        .primaryKey("id")
        .require(
            Rule.notNull("code").toleratePercent(5),
            Rule.notNull("weight").toleratePercent(5).id("weight-given"))
        .maxQuarantineShare(40);
  }

  /** Returns the rows of a query of Spark, of which some have the key of an earlier row. */
  public static String withRepeatedKeys(String query) {
    return "SELECT if(id % 700 = 699, id div 2, id) AS id, * EXCEPT (id) FROM (" + query + ")";
  }

  /** Returns an order with the key that it has in {@link #withRepeatedKeys(String)}. */
  public static Order withRepeatedKey(Order order) {
    return order.id() % 700 == 699 ? order.withId(order.id() / 2) : order;
  }

  /** Returns a query of the first rows, which runs in as many tasks as are named. */
  public static String query(int rows, int tasks) {
    return "SELECT id, if(id % 11 = 0, NULL, CAST(id % 97 AS DOUBLE)) AS weight,"
        + " CAST(id % 1000 AS DECIMAL(9,2)) AS amount,"
        + " CAST(if(id % 410 = 7, 999.5, 0) AS DECIMAL(9,2)) AS discount,"
        + " date_add(DATE'2026-01-01', CAST(id % 60 AS INT)) AS day,"
        + " timestamp_micros(1700000000000000 + id) AS placed,"
        + " if(id % 26 = 3, NULL, repeat(chr(CAST(97 + id % 26 AS INT)), CAST(1 + id % 43 / 42 AS INT) +"
        + " if(id % 53 = 0, 1, 0))) AS code,"
        + " array('t', CAST(id % 3 AS STRING)) AS tags,"
        + " map('box', CAST(id % 2 AS INT)) AS items,"
        + " named_struct('zone', concat('z', id % 5), 'floor', if(id % 2 = 0, NULL, 4)) AS address"
        + " FROM range(0, "
        + rows
        + ", 1, "
        + tasks
        + ")";
  }

  /** Returns a query of those of the first rows that break no rule. */
  public static String validQuery(int rows, int tasks) {
    return "SELECT * FROM ("
        + query(rows, tasks)
        + ") WHERE coalesce(weight, 0) <= 93 AND discount <= amount"
        + " AND coalesce(code, 'a') NOT LIKE '%z%' AND length(coalesce(code, 'a')) <= 2";
  }

  /** Returns the first rows as objects. */
  public static Stream<Order> objects(int rows) {
    return LongStream.range(0, rows).mapToObj(OrderRows::order);
  }

  private static Order order(long id) {
    int repeated = (id % 43 == 42 ? 2 : 1) + (id % 53 == 0 ? 1 : 0);
    return new Order(
        id,
        id % 11 == 0 ? Optional.empty() : Optional.of((double) (id % 97)),
        new BigDecimal(id % 1000).setScale(2),
        new BigDecimal(id % 410 == 7 ? "999.50" : "0.00"),
        LocalDate.of(2026, 1, 1).plusDays(id % 60),
        Instant.EPOCH.plus(1_700_000_000_000_000L + id, ChronoUnit.MICROS),
        id % 26 == 3
            ? Optional.empty()
            : Optional.of(("" + (char) ('a' + id % 26)).repeat(repeated)),
        List.of("t", "" + id % 3),
        Map.of("box", (int) (id % 2)),
        new Address("z" + id % 5, id % 2 == 0 ? Optional.empty() : Optional.of(4)));
  }
}
