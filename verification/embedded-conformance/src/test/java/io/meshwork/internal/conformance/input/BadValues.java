package io.meshwork.internal.conformance.input;

import static io.meshwork.internal.conformance.fixture.MeshFixture.CANARY;
import static io.meshwork.internal.conformance.fixture.MeshFixture.ORDERS;
import static io.meshwork.internal.conformance.fixture.MeshFixture.row;

import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Partition;
import io.meshwork.contract.Rule;
import io.meshwork.error.ContractViolationException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.conformance.fixture.Order;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.avro.util.Utf8;

/** Values of the wrong type, and rows that break rules. */
final class BadValues {
  private static final String EVENTS = "commerce/events";
  private static final String RATED = "commerce/rated";

  private final BadInputTable table;

  private BadValues(BadInputTable table) {
    this.table = table;
  }

  static void addTo(BadInputTable table) {
    BadValues rows = new BadValues(table);
    rows.values();
    rows.ranges();
    rows.batches();
    rows.partitions();
  }

  private void value(String number, String what, List<String> expected, Object... keysAndValues) {
    List<String> facts = new ArrayList<>(expected);
    facts.addAll(List.of(ORDERS, "1 of 2 rows", "Nothing was published", "Fix the rows"));
    Map<String, Object> good =
        row("id", 1L, "customer", "c", "amount", new BigDecimal("1.00"), "note", CANARY);
    Map<String, Object> bad = row();
    bad.putAll(good);
    bad.putAll(row(keysAndValues));
    table.add(
        number,
        what,
        ContractViolationException.class,
        ErrorCode.CONTRACT_VIOLATED,
        facts,
        suite -> suite.shop().publish(ORDERS).records(List.of(good, bad)).commit());
  }

  private void values() {
    value(
        "36",
        "a required field that is null",
        List.of("Column customer is null or missing, but required"),
        "customer",
        null);
    value(
        "38",
        "a lone surrogate",
        List.of("Column customer", "row 2", "surrogate", "at char 11"),
        "customer",
        CANARY + "\ud800");
    value(
        "44",
        "a decimal that would lose digits",
        List.of("Column amount", "row 2", "scale 3", "has scale 2", "not rounded"),
        "amount",
        new BigDecimal("77.311"));
    value(
        "-",
        "a decimal that is too large",
        List.of("Column amount", "row 2", "8 integer digits"),
        "amount",
        new BigDecimal("7731177311.00"));
    value(
        "-",
        "a value of another class",
        List.of("Column id", "row 2", "java.lang.String", "long"),
        "id",
        CANARY);
    value(
        "-",
        "an unknown column",
        List.of("amuont", "row 2", "no such column", "amount"),
        "amuont",
        1);
  }

  record Event(int count, Instant at, LocalDateTime local, String text) {}

  /** Adds a row of events with one value of the wrong type. */
  private void event(
      String number, String what, List<String> expected, String column, Object value) {
    List<String> facts = new ArrayList<>(expected);
    facts.addAll(List.of(EVENTS, "Column " + column, "row 1", "Nothing was published"));
    Map<String, Object> bad =
        row("count", 1, "at", Instant.EPOCH, "local", LocalDateTime.MIN.withYear(1970), "text", "");
    bad.put(column, value);
    table.add(
        BadInput.of(
                number,
                what,
                ContractViolationException.class,
                ErrorCode.CONTRACT_VIOLATED,
                facts,
                suite -> suite.shop().publish(EVENTS).records(List.of(bad)).commit())
            .after(
                suite ->
                    suite
                        .shop()
                        .defineProduct(EVENTS)
                        .contract(Contract.of(Event.class))
                        .commit()));
  }

  private void ranges() {
    event("37", "a long for an int", List.of("java.lang.Long", "int"), "count", 7731177311L);
    event("37", "a text for an int", List.of("java.lang.String", "int"), "count", CANARY);
    Instant late = Instant.parse("+300000-01-01T00:00:00Z");
    event("40", "the year 300,000", List.of("+294247-01-10T04:00:54.775807Z"), "at", late);
    event(
        "40",
        "the local year 300,000",
        List.of("+294247-01-10T04:00:54.775807Z"),
        "local",
        LocalDateTime.ofInstant(late, ZoneOffset.UTC));
    event("41", "a text for an instant", List.of("java.lang.String"), "at", "2026-03-29T02:30 CET");
    event(
        "39",
        "a text of 32 MiB",
        List.of("text of 33554432 chars", "16777216 bytes"),
        "text",
        "x".repeat(32 << 20));
    event(
        "39",
        "32 MiB of Avro's text",
        List.of("text of 33554432 bytes", "16777216 bytes"),
        "text",
        new Utf8(new byte[32 << 20]));
  }

  private static BadInput.Attempt defineRated(OnViolation policy, Rule... rules) {
    return suite ->
        suite
            .shop()
            .defineProduct(RATED)
            .contract(Contract.of(Order.class).require(rules).onViolation(policy))
            .commit();
  }

  private void rated(
      String number,
      String what,
      List<String> expected,
      List<Order> rows,
      BadInput.Attempt defined) {
    List<String> facts = new ArrayList<>(expected);
    facts.addAll(List.of(RATED, "Nothing was published"));
    table.add(
        BadInput.of(
                number,
                what,
                ContractViolationException.class,
                ErrorCode.CONTRACT_VIOLATED,
                facts,
                suite -> suite.shop().publish(RATED).records(rows).commit())
            .after(defined));
  }

  private static Order order(long id, String customer) {
    return new Order(id, customer, BigDecimal.ONE, Optional.empty());
  }

  private void batches() {
    List<Order> twice =
        List.of(order(1, "a"), order(2, CANARY), order(3, "c"), order(4, "d"), order(5, CANARY));
    rated(
        "42",
        "a key twice in one batch",
        List.of("unique(customer)", "first in row 5", "the key of row 2", "1 of 5 rows"),
        twice,
        defineRated(OnViolation.REJECT, Rule.unique("customer")));
    rated(
        "42",
        "a key twice in batches far apart",
        List.of("unique(customer)", "first in row 20000", "the key of row 1."),
        Stream.concat(
                Stream.of(order(0, CANARY)),
                IntStream.rangeClosed(2, 20_000)
                    .mapToObj(i -> order(i, i == 20_000 ? CANARY : "customer " + i)))
            .toList(),
        defineRated(OnViolation.REJECT, Rule.unique("customer")));
    rated(
        "46",
        "rows that are all bad",
        List.of(
            "5 of 5 rows would be quarantined",
            "10 percent",
            "Rule atLeast.id, atLeast(id, 1000), failed in 5 of 5"),
        twice,
        defineRated(OnViolation.QUARANTINE, Rule.atLeast("id", 1_000)));
  }

  private void partitions() {
    table.add(
        BadInput.of(
                "45",
                "rows of 10,001 partitions",
                InvalidRequestException.class,
                ErrorCode.LIMIT_EXCEEDED,
                List.of(RATED, "more than 10000 partitions", "Nothing was published", "coarser"),
                suite -> suite.shop().publish(RATED).records(Order.range(0, 10_001)).commit())
            .after(
                suite ->
                    suite
                        .shop()
                        .defineProduct(RATED)
                        .contract(Contract.of(Order.class))
                        .partitionBy(Partition.identity("id"))
                        .commit()));
  }
}
