package io.meshwork.internal.conformance.input;

import static io.meshwork.internal.conformance.fixture.MeshFixture.CANARY;
import static io.meshwork.internal.conformance.fixture.MeshFixture.ORDERS;

import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.error.AlreadyExistsException;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshException;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.publish.Publish;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/** Invalid arguments, sources, and modes. */
final class BadRequests {
  private static final String JOURNEYS = "commerce/journeys";

  private final BadInputTable table;

  private BadRequests(BadInputTable table) {
    this.table = table;
  }

  static void addTo(BadInputTable table) {
    BadRequests rows = new BadRequests(table);
    rows.arguments();
    rows.modes();
    rows.sources();
    rows.derivations();
  }

  private void arguments() {
    table.argument(
        "1",
        "a product that is null",
        List.of("'product' is null", "Use the form domain/product"),
        suite -> suite.shop().publish(null).commit());
    table.argument(
        "1",
        "a product that is blank",
        List.of("'product' is blank", "Use the form domain/product"),
        suite -> suite.shop().read(" \t"));
    table.argument(
        "7",
        "an empty key",
        List.of("'idempotencyKey'", "is blank", "Set a key"),
        suite -> suite.shop().publish(ORDERS).idempotencyKey(""));
    table.argument(
        "7",
        "a key that is too long",
        List.of("'idempotencyKey'", "has 257 characters", "limit is 256", "Shorten it"),
        suite -> suite.shop().publish(ORDERS).idempotencyKey("k".repeat(257)));
    table.argument(
        "7",
        "a key with a control character",
        List.of("'idempotencyKey'", "control character at position 11", "Remove it"),
        suite -> suite.shop().publish(ORDERS).idempotencyKey(CANARY + "\nx"));
    for (Duration wrong :
        List.of(Duration.ZERO, Duration.ofSeconds(-1), Duration.ofSeconds(Long.MAX_VALUE))) {
      table.argument(
          "9",
          "a deadline of " + wrong,
          List.of("'timeout'", wrong.toString(), "at most 36500 days"),
          suite -> suite.shop().publish(ORDERS).timeout(wrong));
    }
    table.argument(
        "-",
        "a publish without a source",
        List.of(
            ORDERS,
            "records(..), files(..), batches(..), resultSet(..), or republish(..) is missing"),
        suite -> suite.shop().publish(ORDERS).commit());
    table.argument(
        "-",
        "a publish with two sources",
        List.of("set twice", "Name one source"),
        suite -> suite.shop().publish(ORDERS).records(List.of()).records(List.of()).commit());
    table.argument(
        "-",
        "a record that is null",
        List.of(ORDERS, "record 2", "is null", "Nothing was published", "Remove it"),
        suite ->
            suite
                .shop()
                .publish(ORDERS)
                .records(java.util.Arrays.asList(Order.of(1), null))
                .commit());
    table.argument(
        "-",
        "an object that is not a record",
        List.of(ORDERS, "record 1", "java.lang.String", "a Map"),
        suite -> suite.shop().publish(ORDERS).records(List.of(CANARY)).commit());
  }

  private void modes() {
    table.add(
        "10",
        "a replace with nothing",
        InvalidRequestException.class,
        ErrorCode.EMPTY_REPLACE,
        List.of(ORDERS, "replace-all", "Nothing was changed", "allowEmpty()"),
        suite -> suite.shop().publish(ORDERS).records(List.of()).replaceAll().commit());
    table.argument(
        "-",
        "an erase without a reason",
        List.of("'because'", "is null"),
        suite -> suite.shop().erase(ORDERS).where("id = 1").because(null).commit());
    table.argument(
        "-",
        "a rollback to nowhere",
        List.of(ORDERS, "to(..)", "commit()"),
        suite -> suite.shop().rollBack(ORDERS).because("a bad day").commit());
  }

  private void sources() {
    table.add(
        "3",
        "an iterator that fails midway",
        BackendException.class,
        ErrorCode.SOURCE_FAILED,
        List.of(
            ORDERS,
            "after 20000 records",
            "IllegalStateException",
            "Nothing was published",
            "run it again"),
        suite -> suite.shop().publish(ORDERS).records(failingAfter(20_000)).commit());
    table.argument(
        "4",
        "a stream that was used before",
        List.of(ORDERS, "used before", "Nothing was published", "Create a new stream"),
        suite -> {
          Stream<Order> stream = Stream.of(Order.of(1));
          stream.forEach(order -> {});
          suite.shop().publish(ORDERS).records(stream).commit();
        });
    table.argument(
        "4",
        "rows that were read before",
        List.of("streamed once", "Call rows()"),
        suite -> {
          try (Rows<Order> rows = suite.shop().read(ORDERS).as(Order.class).rows()) {
            rows.forEach(order -> {});
            suite.shop().publish(ORDERS).records(rows).commit();
          }
        });
    table.argument(
        "4",
        "a publish that was committed before",
        List.of(ORDERS, "it was committed already", "Create a new operation"),
        suite -> {
          Publish<Order> publish =
              suite.shop().publish(ORDERS).records(Order.range(0, 1)).idempotencyKey("first");
          publish.commit();
          publish.commit();
        });
    table.add(
        "5",
        "a publish shared by two threads",
        InvalidRequestException.class,
        ErrorCode.CONCURRENT_USE,
        List.of(ORDERS, "'second-thread'", "'first-thread'", "a separate operation"),
        BadRequests::shareAPublish);
    table.add(
        "6",
        "a key that another request used",
        AlreadyExistsException.class,
        ErrorCode.KEY_REUSED,
        List.of(ORDERS, "another request, publish ", "Nothing was published", "findReceipt"),
        suite -> {
          Path file = suite.copyOfDataFile("orders.parquet");
          suite.shop().publish(ORDERS).files(file).idempotencyKey("first").commit();
        });
    table.add(
        "8",
        "an interrupted thread",
        BackendException.class,
        ErrorCode.INTERRUPTED,
        List.of(ORDERS, "interrupted", "Nothing was committed", "again"),
        suite -> {
          Thread.currentThread().interrupt();
          try {
            suite.shop().publish(ORDERS).records(Order.range(0, 1)).commit();
          } finally {
            if (!Thread.interrupted()) {
              throw new AssertionError("The thread's flag was lost");
            }
          }
        });
  }

  private static Iterator<Order> failingAfter(long count) {
    return new Iterator<>() {
      private long id;

      @Override
      public boolean hasNext() {
        return true;
      }

      @Override
      public Order next() {
        if (id == count) {
          throw new IllegalStateException(CANARY);
        }
        return Order.of(id++);
      }
    };
  }

  /** Commits in one thread while a second thread tries to commit the same publish. */
  private static void shareAPublish(MeshFixture suite) throws Exception {
    AtomicReference<Publish<Order>> shared = new AtomicReference<>();
    AtomicReference<Throwable> second = new AtomicReference<>();
    Iterable<Order> records =
        () -> {
          join(new Thread(() -> second.set(thrownBy(shared.get())), "second-thread"));
          throw new IllegalStateException("enough was seen");
        };
    shared.set(suite.shop().publish(ORDERS).records(records));
    join(new Thread(() -> thrownBy(shared.get()), "first-thread"));
    if (second.get() instanceof MeshException refused) {
      throw refused;
    }
  }

  private static Throwable thrownBy(Publish<Order> publish) {
    try {
      publish.commit();
      return new AssertionError("The publish was committed");
    } catch (RuntimeException e) {
      return e;
    }
  }

  private static void join(Thread thread) {
    thread.start();
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  record Line(String city, Map<String, Long> counts) {}

  record Journey(long id, Line line, List<Line> stops) {}

  private void derivation(String pair, String... expected) {
    List<String> facts = new ArrayList<>(List.of(expected));
    facts.addAll(List.of(JOURNEYS, "derivedFrom(..)", "Nothing was published"));
    table.add(
        BadInput.of(
                "-",
                "a derivation " + pair,
                InvalidRequestException.class,
                ErrorCode.INVALID_ARGUMENT,
                facts,
                suite ->
                    suite
                        .shop()
                        .publish(JOURNEYS)
                        .records(List.of(new Journey(1, new Line(CANARY, Map.of()), List.of())))
                        .derivedFrom(suite.shop().describe(ORDERS).current().orElseThrow(), pair)
                        .commit())
            .after(
                suite ->
                    suite
                        .shop()
                        .defineProduct(JOURNEYS)
                        .contract(Contract.of(Journey.class))
                        .commit()));
  }

  private void derivations() {
    derivation("line.citty=customer", "the product has no column 'line.citty'", "'line.city'?");
    derivation("stops.city=customer", "'stops.city'", "'stops' is a list: write 'stops[]'");
    derivation("stops[].counts.x=id", "'stops[].counts' is a map: write 'stops[].counts{}'");
    derivation("line.city.x=id", "'line.city.x'", "'line.city' has no fields");
    derivation("id=customer.name", "the input commerce/orders has no column 'customer.name'");
    derivation("id=custommer", "the input commerce/orders", "Did you mean 'customer'?");
  }
}
