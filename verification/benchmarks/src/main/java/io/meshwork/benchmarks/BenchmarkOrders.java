package io.meshwork.benchmarks;

import static io.meshwork.contract.Rule.atLeast;
import static io.meshwork.contract.Rule.between;
import static io.meshwork.contract.Rule.inSet;
import static io.meshwork.contract.Rule.length;
import static io.meshwork.contract.Rule.matches;
import static io.meshwork.contract.Rule.rowCount;
import static io.meshwork.contract.Rule.unique;

import io.meshwork.contract.Contract;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;

/** Rows from a seed, and the contract that all of them keep. */
final class BenchmarkOrders {
  static final String[] STATUS = {"OPEN", "PAID", "SENT", "DONE", "BACK", "VOID"};
  static final String[] CURRENCY = {"SEK", "EUR", "USD", "DKK", "NOK"};
  static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");
  static final Instant LAST = Instant.parse("2026-12-31T00:00:00Z");

  private BenchmarkOrders() {}

  static List<BenchmarkOrder> rows(int count, long seed) {
    Random random = new Random(seed);
    String[] countries = new String[40];
    for (int i = 0; i < countries.length; i++) {
      countries[i] = "" + (char) ('A' + i / 7) + (char) ('A' + i % 7);
    }
    List<BenchmarkOrder> rows = new ArrayList<>(count);
    Instant at = FIRST;
    for (int i = 0; i < count; i++) {
      at = at.plusNanos((random.nextInt(2_000_000) - 200_000) * 1_000L);
      rows.add(
          new BenchmarkOrder(
              new UUID(random.nextLong(), random.nextLong()).toString(),
              (long) (Math.pow(random.nextDouble(), 3) * 200_000),
              STATUS[random.nextInt(STATUS.length)],
              random.nextInt(10_000_000) / 100.0,
              CURRENCY[random.nextInt(CURRENCY.length)],
              at.isBefore(FIRST) ? FIRST : at,
              countries[random.nextInt(countries.length)],
              random.nextBoolean()
                  ? Optional.empty()
                  : Optional.of("a note of order " + random.nextInt(10_000))));
    }
    return rows;
  }

  static Contract withoutRules() {
    return Contract.of(BenchmarkOrder.class);
  }

  /** Eleven rules, of every kind that a row meets in practice. */
  static Contract contract() {
    return withoutRules()
        .require(
            unique("orderId"),
            length("orderId", 36, 36),
            matches("orderId", "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"),
            atLeast("customerId", 0),
            inSet("status", (Object[]) STATUS),
            between("amount", 0, 100_000),
            inSet("currency", (Object[]) CURRENCY),
            between("createdAt", FIRST, LAST),
            matches("country", "[A-Z]{2}"),
            length("note", 0, 40),
            rowCount(1, Long.MAX_VALUE));
  }
}
