package io.meshwork.benchmarks;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.specific.SpecificRecordBase;

/**
 * What a publish of the same orders with eleven rules takes from each kind of source, on one
 * thread, beside AvroParquetWriter. DuckDB compares the files with those of AvroParquetWriter
 * first. Contenders take turns in every round.
 */
public final class SourcesBenchmark {
  private static final String RULES = "parquet-avro with the same rules";
  private static final String CREATED_AT = "createdAt";

  private final List<BenchmarkOrder> orders;
  private final List<GenericRecord> generic = new ArrayList<>();
  private final List<OrderRecord> specific = new ArrayList<>();
  private final List<Map<String, Object>> maps = new ArrayList<>();
  private final Contract contract = BenchmarkOrders.contract().readers(OrdersMesh.READERS);
  private final Map<String, BenchmarkContender> contenders = new LinkedHashMap<>();

  private SourcesBenchmark(List<BenchmarkOrder> orders) {
    this.orders = orders;
    Schema schema = contract.schema();
    for (BenchmarkOrder order : orders) {
      GenericRecord values = AvroOrders.record(order);
      GenericRecord record = new GenericData.Record(schema);
      OrderRecord generated = new OrderRecord(schema);
      Map<String, Object> map = new HashMap<>();
      for (Schema.Field field : schema.getFields()) {
        Object value = values.get(field.pos());
        record.put(field.pos(), value);
        generated.put(field.pos(), value);
        map.put(field.name(), field.name().equals(CREATED_AT) ? order.createdAt() : value);
      }
      generic.add(record);
      specific.add(generated);
      maps.add(map);
    }
  }

  /** Arguments: rows (default 500,000), measured rounds (default 5), seed (default 42). */
  public static void main(String[] arguments) throws Exception {
    BenchmarkSize size = BenchmarkSize.of(arguments, 500_000);
    new SourcesBenchmark(BenchmarkOrders.rows(size.rows(), size.seed())).measure(size);
  }

  private void measure(BenchmarkSize size) throws Exception {
    try (BenchmarkFolder folder = BenchmarkFolder.create()) {
      Path lake = Files.createDirectory(folder.path().resolve("lake"));
      try (Mesh mesh =
              LocalMesh.builder(folder.path().resolve("mesh"), Map.of("lake", lake))
                  .executor(Runnable::run)
                  .open();
          Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
          Statement statement = duckDb.createStatement()) {
        measure(size, folder, lake, mesh, statement);
      }
    }
  }

  private void measure(
      BenchmarkSize size, BenchmarkFolder folder, Path lake, Mesh mesh, Statement statement)
      throws Exception {
    MeshClient commerce = mesh.clientAs(Principal.of("commerce", "etl"));
    commerce.registerDomain("commerce").owner("orders@example.org").commit();
    Path avro = Files.createDirectory(lake.resolve("avro"));
    Path theirs = avro.resolve("orders.parquet");
    AvroOrders.write(orders, theirs, false);
    statement.execute("SET threads = 1");
    statement.execute("CREATE TABLE orders AS SELECT * FROM read_parquet('" + theirs + "')");

    contenders.put("parquet-avro", () -> write(folder, false));
    contenders.put(RULES, () -> write(folder, true));
    records(commerce, "Java records", "java", orders);
    records(commerce, "GenericRecord", "generic", generic);
    records(commerce, "SpecificRecord", "specific", specific);
    records(commerce, "maps", "maps", maps);
    contenders.put("(rows of the ResultSet alone)", () -> rows(statement));
    resultSet(commerce, statement);
    commerce.publish("commerce/java").records(orders).commit();
    batches(commerce);
    Path own = Files.createDirectory(lake.resolve("own"));
    Path ours = own.resolve("orders.parquet");
    Files.copy(ProductFiles.of(commerce, "commerce/java").get(0), ours);
    file(commerce, "file of ours", "own", ours);
    file(commerce, "file of parquet-avro", "foreign", theirs);
    onboard(commerce, "file of ours, onboarded", "own", own);
    onboard(commerce, "file of parquet-avro, onboarded", "foreign", avro);

    requireSameRows(commerce, theirs);
    print(SideBySide.run(contenders, size.rounds()), size);
  }

  private void write(BenchmarkFolder folder, boolean checked) throws IOException {
    AvroOrders.write(orders, folder.fresh("again.parquet"), checked);
  }

  private String define(MeshClient commerce, String name) {
    String product = "commerce/" + name;
    commerce.defineProduct(product).contract(contract).commit();
    return product;
  }

  private void records(MeshClient commerce, String source, String name, List<?> records) {
    String product = define(commerce, name);
    contenders.put(source, () -> commerce.publish(product).records(records).replaceAll().commit());
  }

  private void resultSet(MeshClient commerce, Statement statement) {
    String product = define(commerce, "query");
    contenders.put(
        "ResultSet of DuckDB",
        () -> {
          try (ResultSet rows = statement.executeQuery("SELECT * FROM orders")) {
            commerce.publish(product).resultSet(rows).replaceAll().commit();
          }
        });
  }

  private void batches(MeshClient commerce) {
    String product = define(commerce, "batches");
    contenders.put(
        "batches of a read",
        () -> {
          try (Rows<GenericRecord> rows = commerce.read("commerce/java").rows()) {
            commerce.publish(product).batches(rows.batches()).replaceAll().commit();
          }
        });
  }

  private void file(MeshClient commerce, String source, String name, Path file) {
    String product = define(commerce, "files-" + name);
    contenders.put(source, () -> commerce.publish(product).files(file).replaceAll().commit());
  }

  /** Each round registers the file of the folder for a new product. */
  private void onboard(MeshClient commerce, String source, String name, Path folder) {
    AtomicInteger round = new AtomicInteger();
    contenders.put(
        source,
        () ->
            commerce
                .onboard("commerce/onboarded-" + name + "-" + round.incrementAndGet())
                .contract(contract)
                .from(folder)
                .commit());
  }

  /** What the driver takes, whose rows are published as they stream. */
  private static void rows(Statement statement) throws SQLException {
    long read = 0;
    try (ResultSet rows = statement.executeQuery("SELECT * FROM orders")) {
      while (rows.next()) {
        for (int column = 1; column <= 8; column++) {
          read += rows.getObject(column) == null ? 0 : 1;
        }
      }
    }
    if (read == 0) {
      throw new IllegalStateException("the result set has no values");
    }
  }

  /** Publishes from each source once, and compares the files that were written. */
  private void requireSameRows(MeshClient commerce, Path theirs) throws Exception {
    for (BenchmarkContender contender : contenders.values()) {
      contender.run();
    }
    for (String product :
        List.of(
            "java",
            "generic",
            "specific",
            "maps",
            "query",
            "batches",
            "files-own",
            "files-foreign")) {
      SameRows.require(
          List.of(theirs),
          ProductFiles.of(commerce, "commerce/" + product),
          String.join(
              ", ", contract.schema().getFields().stream().map(Schema.Field::name).toList()));
    }
  }

  private void print(SideBySide times, BenchmarkSize size) {
    System.out.printf(
        Locale.ROOT,
        "%,d orders, eleven rules, one thread, %d rounds after two to warm up%n"
            + "%-36s %9s %14s %22s%n",
        size.rows(),
        size.rounds(),
        "source",
        "ns a row",
        "rows a second",
        "times parquet-avro");
    for (String source : contenders.keySet()) {
      double seconds = times.medianSeconds(source);
      System.out.printf(
          Locale.ROOT,
          "%-36s %9.0f %,14.0f %10.2f with rules, %.2f without%n",
          source,
          seconds * 1e9 / size.rows(),
          size.rows() / seconds,
          times.ratio(RULES, source),
          times.ratio("parquet-avro", source));
    }
    times.print(System.err);
  }

  /** A class like those that Avro's compiler generates. */
  private static final class OrderRecord extends SpecificRecordBase {
    private final Schema schema;
    private final Object[] values;

    OrderRecord(Schema schema) {
      this.schema = schema;
      this.values = new Object[schema.getFields().size()];
    }

    @Override
    public Schema getSchema() {
      return schema;
    }

    @Override
    public Object get(int field) {
      return values[field];
    }

    @Override
    public void put(int field, Object value) {
      values[field] = value;
    }
  }
}
