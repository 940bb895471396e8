package io.meshwork.testkit;

import static io.meshwork.testkit.MeshSuite.CANARY;
import static io.meshwork.testkit.MeshSuite.ORDERS;
import static io.meshwork.testkit.MeshSuite.row;

import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.AlreadyExistsException;
import io.meshwork.error.BackendException;
import io.meshwork.error.ContractViolationException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshException;
import io.meshwork.error.NotFoundException;
import io.meshwork.product.Principal;
import io.meshwork.publish.Publish;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.apache.avro.Schema;

/** The bad inputs that every mesh refuses, one row each. */
final class BadInputs {
  private final List<BadInput> rows = new ArrayList<>();

  private BadInputs() {}

  static List<BadInput> all() {
    BadInputs inputs = new BadInputs();
    inputs.arguments();
    inputs.modes();
    inputs.sources();
    inputs.values();
    inputs.schemas();
    inputs.files();
    inputs.names();
    inputs.access();
    return inputs.rows;
  }

  private void add(
      String number,
      String what,
      Class<? extends MeshException> kind,
      ErrorCode code,
      List<String> told,
      BadInput.Attempt attempt) {
    rows.add(new BadInput(number, what, kind, code, told, attempt));
  }

  private void argument(String number, String what, List<String> told, BadInput.Attempt attempt) {
    add(number, what, InvalidRequestException.class, ErrorCode.INVALID_ARGUMENT, told, attempt);
  }

  private void arguments() {
    argument(
        "1",
        "a product that is null",
        List.of("'product' is null", "Give it as domain/product"),
        suite -> suite.shop().publish(null));
    argument(
        "1",
        "a product that is blank",
        List.of("'product' is blank", "Give it as domain/product"),
        suite -> suite.shop().read(" \t"));
    argument(
        "7",
        "an empty key",
        List.of("'idempotencyKey'", "is blank", "Give a key"),
        suite -> suite.shop().publish(ORDERS).idempotencyKey(""));
    argument(
        "7",
        "a key that is too long",
        List.of("'idempotencyKey'", "has 257 characters", "limit is 256", "Shorten it"),
        suite -> suite.shop().publish(ORDERS).idempotencyKey("k".repeat(257)));
    argument(
        "7",
        "a key with a control character",
        List.of("'idempotencyKey'", "control character at position 11", "Remove it"),
        suite -> suite.shop().publish(ORDERS).idempotencyKey(CANARY + "\nx"));
    for (Duration wrong :
        List.of(Duration.ZERO, Duration.ofSeconds(-1), Duration.ofSeconds(Long.MAX_VALUE))) {
      argument(
          "9",
          "a deadline of " + wrong,
          List.of("'within'", wrong.toString(), "at most 36500 days"),
          suite -> suite.shop().publish(ORDERS).within(wrong));
    }
    argument(
        "-",
        "a publish without a source",
        List.of(ORDERS, "no source of rows", "records(..) or files(..)"),
        suite -> suite.shop().publish(ORDERS).commit());
    argument(
        "-",
        "a publish with two sources",
        List.of("given twice", "Name one source"),
        suite -> suite.shop().publish(ORDERS).records(List.of()).records(List.of()));
    argument(
        "-",
        "a record that is null",
        List.of(ORDERS, "record 2", "is null", "Nothing was published", "Leave it out"),
        suite ->
            suite
                .shop()
                .publish(ORDERS)
                .records(java.util.Arrays.asList(Order.of(1), null))
                .commit());
    argument(
        "-",
        "a record that is no record",
        List.of(ORDERS, "record 1", "java.lang.String", "a Map"),
        suite -> suite.shop().publish(ORDERS).records(List.of(CANARY)).commit());
  }

  private void modes() {
    add(
        "10",
        "a replace with nothing",
        InvalidRequestException.class,
        ErrorCode.EMPTY_REPLACE,
        List.of(ORDERS, "replace-all", "Nothing was changed", "allowingEmpty()"),
        suite -> suite.shop().publish(ORDERS).records(List.of()).replacingAll().commit());
    for (String filter :
        List.of(
            "1=1 OR",
            "id = 1 -- " + CANARY,
            "customer = '" + CANARY,
            "id = '" + CANARY + "'",
            "id in (select 1)",
            "x".repeat(3000))) {
      add(
          "69-71",
          "an erase by the filter " + filter.substring(0, 6).strip(),
          InvalidRequestException.class,
          ErrorCode.FILTER_INVALID,
          List.of("filter"),
          suite -> suite.shop().publish(ORDERS).erasingWhere(filter, "asked to").commit());
    }
    argument(
        "-",
        "an erase without a reason",
        List.of("'reason'", "is null", "Give a value"),
        suite -> suite.shop().publish(ORDERS).erasingWhere("id = 1", null));
    argument(
        "-",
        "a rollback to nowhere",
        List.of(ORDERS, "to(..)", "commit()"),
        suite -> suite.shop().rollBack(ORDERS).because("a bad day").commit());
  }

  private void sources() {
    add(
        "3",
        "an iterator that fails midway",
        BackendException.class,
        ErrorCode.SOURCE_FAILED,
        List.of(
            ORDERS,
            "after 20000 of them",
            "IllegalStateException",
            "Nothing was published",
            "same key"),
        suite -> suite.shop().publish(ORDERS).records(failingAfter(20_000)).commit());
    argument(
        "4",
        "a stream that was used before",
        List.of(ORDERS, "used before", "Nothing was published", "Make a new stream"),
        suite -> {
          Stream<Order> stream = Stream.of(Order.of(1));
          stream.forEach(order -> {});
          suite.shop().publish(ORDERS).records(stream).commit();
        });
    argument(
        "4",
        "rows that were read before",
        List.of("streamed once", "Call read()"),
        suite -> {
          try (Rows<Order> rows = suite.shop().read(ORDERS).as(Order.class).read()) {
            rows.forEach(order -> {});
            suite.shop().publish(ORDERS).records(rows).commit();
          }
        });
    argument(
        "4",
        "a publish that was committed before",
        List.of(ORDERS, "it was used by thread", "Describe a new operation"),
        suite -> {
          Publish<Order> publish =
              suite.shop().publish(ORDERS).records(Order.range(0, 1)).idempotencyKey("first");
          publish.commit();
          publish.commit();
        });
    add(
        "5",
        "a publish shared by two threads",
        InvalidRequestException.class,
        ErrorCode.CONCURRENT_USE,
        List.of(ORDERS, "'second-thread'", "'first-thread'", "an operation of its own"),
        BadInputs::shareAPublish);
    add(
        "6",
        "a key that another request used",
        AlreadyExistsException.class,
        ErrorCode.KEY_REUSED,
        List.of(ORDERS, "another request, publish ", "Nothing was published", "findReceipt"),
        suite -> {
          Path file = suite.copyOfDataFile("orders.parquet");
          suite.shop().publish(ORDERS).files(file).idempotencyKey("first").commit();
        });
    add(
        "8",
        "an interrupted thread",
        BackendException.class,
        ErrorCode.INTERRUPTED,
        List.of(ORDERS, "interrupted", "Nothing was committed", "same key"),
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

  /** The first thread commits; while its records are read, the second one tries to. */
  private static void shareAPublish(MeshSuite suite) throws Exception {
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

  private void value(String number, String what, List<String> told, Object... keysAndValues) {
    List<String> facts = new ArrayList<>(told);
    facts.addAll(List.of(ORDERS, "1 of 2 rows", "Nothing was published", "Fix the rows"));
    Map<String, Object> good =
        row("id", 1L, "customer", "c", "amount", new BigDecimal("1.00"), "note", CANARY);
    Map<String, Object> bad = row();
    bad.putAll(good);
    bad.putAll(row(keysAndValues));
    add(
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
        List.of("Column customer is null and required"),
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
        List.of("Column amount", "row 2", "scale 3", "takes scale 2", "rounds nothing"),
        "amount",
        new BigDecimal("77.311"));
    value(
        "-",
        "a decimal that is too large",
        List.of("Column amount", "row 2", "8 digits before the point"),
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
        "a column that nobody knows",
        List.of("amuont", "row 2", "no such column", "amount"),
        "amuont",
        1);
  }

  private void schema(String number, String what, List<String> told, String avro) {
    List<String> facts = new ArrayList<>(told);
    facts.add("Nothing was changed");
    add(
        number,
        what,
        InvalidRequestException.class,
        ErrorCode.SCHEMA_UNSUPPORTED,
        facts,
        suite -> {
          Path file = suite.scratch.resolve("schema.avsc");
          Files.writeString(file, avro.replace('\'', '"'));
          suite.shop().defineProduct("commerce/others").contract(Contract.fromAvro(file)).commit();
        });
  }

  private void schemas() {
    schema(
        "31",
        "a recursive schema",
        List.of("next", "Node", "in itself", "TYPE_RECURSIVE", "key column"),
        "{'type':'record','name':'Node','fields':[{'name':'id','type':'long'},"
            + "{'name':'next','type':['null','Node']}]}");
    schema(
        "33",
        "a decimal of 39 digits",
        List.of("price", "decimal", "TYPE_LOGICAL", "at most 38 digits"),
        "{'type':'record','name':'R','fields':[{'name':'price','type':"
            + "{'type':'bytes','logicalType':'decimal','precision':39,'scale':2}}]}");
    schema(
        "32",
        "a union of many types",
        List.of("mixed", "TYPE_UNION"),
        "{'type':'record','name':'R','fields':[{'name':'mixed','type':['null','int','string']}]}");
    add(
        "31",
        "a recursive schema that was parsed by the caller",
        InvalidRequestException.class,
        ErrorCode.SCHEMA_UNSUPPORTED,
        List.of("Node", "TYPE_RECURSIVE"),
        suite -> {
          Schema node = Schema.createRecord("Node", null, null, false);
          node.setFields(List.of(new Schema.Field("next", node)));
          suite.shop().defineProduct("commerce/others").contract(Contract.of(node)).commit();
        });
  }

  private void file(String number, String what, List<String> told, Bytes damage) {
    List<String> facts = new ArrayList<>(told);
    facts.addAll(
        List.of(ORDERS, "damaged.parquet", "Nothing was published", "Write the file anew"));
    add(
        number,
        what,
        ContractViolationException.class,
        ErrorCode.FILE_MALFORMED,
        facts,
        suite -> {
          Path whole = suite.copyOfDataFile("whole.parquet");
          Path damaged = suite.scratch.resolve("damaged.parquet");
          Files.write(damaged, damage.of(Files.readAllBytes(whole)));
          suite.shop().publish(ORDERS).files(whole, damaged).commit();
        });
  }

  private interface Bytes {
    byte[] of(byte[] whole);
  }

  private void files() {
    file(
        "47",
        "a file without Parquet's end",
        List.of("does not end as Parquet files do", "offset "),
        whole -> java.util.Arrays.copyOf(whole, whole.length - 1));
    file(
        "47",
        "a file that is too short",
        List.of("has 3 bytes", "too few"),
        whole -> new byte[] {'P', 'A', 'R'});
    file("47", "an empty file", List.of("has 0 bytes", "too few"), whole -> new byte[0]);
    file(
        "47",
        "a text",
        List.of("does not end as Parquet files do"),
        whole -> ("id,customer\n1," + CANARY).getBytes(StandardCharsets.UTF_8));
    file(
        "47",
        "an encrypted footer",
        List.of("footer is encrypted", "offset "),
        whole -> {
          System.arraycopy(
              "PARE".getBytes(StandardCharsets.US_ASCII), 0, whole, whole.length - 4, 4);
          return whole;
        });
    file(
        "48",
        "a footer that is longer than its file",
        List.of("the footer says to have 1000000000 bytes", "the file has "),
        whole -> {
          ByteBuffer.wrap(whole)
              .order(ByteOrder.LITTLE_ENDIAN)
              .putInt(whole.length - 8, 1_000_000_000);
          return whole;
        });
    add(
        "-",
        "a file that is not there",
        InvalidRequestException.class,
        ErrorCode.SOURCE_UNREADABLE,
        List.of(ORDERS, "nowhere.parquet", "does not exist", "Check the path"),
        suite ->
            suite.shop().publish(ORDERS).files(suite.scratch.resolve("nowhere.parquet")).commit());
    add(
        "-",
        "a file with a column of another type",
        ContractViolationException.class,
        ErrorCode.SCHEMA_MISMATCH,
        List.of(ORDERS, "others.parquet", "Nothing was published"),
        suite -> {
          Path file = othersAsFile(suite);
          suite.shop().publish(ORDERS).files(file).commit();
        });
  }

  /** A file whose columns are not those of the orders; made in a mesh of its own. */
  private static Path othersAsFile(MeshSuite suite) throws IOException {
    record Other(String id, long customer) {}
    Path file = suite.scratch.resolve("others.parquet");
    MemoryFileIO memory = new MemoryFileIO();
    try (var mesh = io.meshwork.Mesh.over(new InMemoryRegistry(), memory, "memory:/o").open()) {
      var client = mesh.actingAs(Principal.of("others", "etl"));
      client.registerDomain("others").ownedBy("others@example.org").commit();
      client.defineProduct("others/rows").contract(Contract.of(Other.class)).commit();
      client.publish("others/rows").records(List.of(new Other(CANARY, 1))).commit();
      try (var in = memory.newInputFile(client.read("others/rows").files().get(0)).newStream()) {
        Files.copy(in, file);
      }
    }
    return file;
  }

  private void name(String number, String name, String... told) {
    add(
        number,
        "the name '" + (name.length() > 20 ? name.length() + " bytes" : name) + "'",
        InvalidRequestException.class,
        ErrorCode.NAME_INVALID,
        List.of(told),
        suite ->
            suite
                .shop()
                .defineProduct("commerce/" + name)
                .contract(Contract.of(Order.class))
                .commit());
    add(
        number,
        "the domain '" + (name.length() > 20 ? name.length() + " bytes" : name) + "'",
        InvalidRequestException.class,
        ErrorCode.NAME_INVALID,
        List.of(),
        suite -> suite.shop().registerDomain(name).ownedBy("shop@example.org").commit());
  }

  private void names() {
    name("56", "../x", "domain/product with one slash");
    name("56", "a/b", "domain/product with one slash");
    name("56", "%2e%2e", "%2e%2e", "[a-z][a-z0-9]*", "lower-case letters");
    name("56", "..", "[a-z][a-z0-9]*");
    name("57", "con", "device on Windows", "Choose");
    name("57", "CON", "[a-z][a-z0-9]*");
    name("57", "orders.", "[a-z][a-z0-9]*");
    name("57", "orders ", "[a-z][a-z0-9]*");
    name("58", "\u00f6rders", "[a-z][a-z0-9]*");
    name("59", "o".repeat(300), "300 characters", "limit is 63");
    name("59", "o".repeat(64), "64 characters", "limit is 63");
  }

  private void access() {
    add(
        "-",
        "an unknown product",
        NotFoundException.class,
        ErrorCode.NOT_FOUND,
        List.of("commerce/odrers", "Did you mean 'commerce/orders'?"),
        suite -> suite.shop().publish("commerce/odrers").records(Order.range(0, 1)).commit());
    add(
        "-",
        "one who does not own the product",
        AccessDeniedException.class,
        ErrorCode.NOT_OWNER,
        List.of(ORDERS, "stranger/etl", "shop@example.org", "Nothing was done"),
        suite ->
            suite
                .as("stranger")
                .publish(ORDERS)
                .records(List.of(new Order(1, CANARY, BigDecimal.ONE, Optional.empty())))
                .commit());
  }
}
