package io.meshwork.internal.conformance.consume;

import static io.meshwork.contract.Partition.by;
import static io.meshwork.contract.Partition.month;
import static io.meshwork.contract.Rule.atLeast;
import static io.meshwork.contract.Rule.atMost;
import static io.meshwork.contract.Rule.between;
import static io.meshwork.contract.Rule.compare;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.publish.PublishReceipt;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** DuckDB, which shares no code with Meshwork, reads the same rows from published files. */
class DuckDbReadsPublishedFilesTest {
  private static final String TRIPS = "mobility/green-trips";

  @TempDir private Path folder;
  private Mesh mesh;
  private MeshClient mobility;
  private Connection duckDb;

  @BeforeEach
  void open() throws SQLException {
    mesh = LocalMesh.open(folder.resolve("mesh"));
    mobility = mesh.clientAs(Principal.of("mobility", "etl"));
    mobility.registerDomain("mobility").owner("trips@example.org").commit();
    duckDb = DriverManager.getConnection("jdbc:duckdb:");
  }

  @AfterEach
  void close() throws SQLException {
    duckDb.close();
    mesh.close();
  }

  private Path tripsOfTheCity() throws IOException {
    Path file = folder.resolve("green_tripdata_2024-01.parquet");
    try (InputStream in =
        DuckDbReadsPublishedFilesTest.class.getResourceAsStream(
            "/green_tripdata_2024-01.parquet")) {
      Files.copy(in, file);
    }
    return file;
  }

  private List<List<Object>> query(String sql) throws SQLException {
    List<List<Object>> rows = new ArrayList<>();
    try (Statement statement = duckDb.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        List<Object> row = new ArrayList<>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          row.add(result.getObject(i));
        }
        rows.add(row);
      }
    }
    return rows;
  }

  private static String table(List<String> files) {
    return files.stream()
        .map(file -> "'" + file.replace("'", "''") + "'")
        .collect(Collectors.joining(",", "read_parquet([", "], hive_partitioning = false)"));
  }

  private static final String FIGURES =
      "SELECT count(*), count(ehail_fee), count(trip_type), sum(PULocationID),"
          + " sum(CAST(total_amount AS DECIMAL(18,2))), sum(CAST(trip_distance AS DECIMAL(18,2))),"
          + " min(lpep_pickup_datetime), max(lpep_pickup_datetime), max(lpep_dropoff_datetime),"
          + " min(total_amount), max(total_amount), min(store_and_fwd_flag),"
          + " max(store_and_fwd_flag), count(DISTINCT VendorID), max(passenger_count) FROM ";

  @Test
  void duckDbReadsTheTripsByMonthAndTheirQuarantine() throws Exception {
    Path city = tripsOfTheCity();
    mobility
        .defineProduct(TRIPS)
        .contract(
            Contract.fromParquet(city)
                .require(
                    between(
                            "lpep_pickup_datetime",
                            LocalDateTime.parse("2024-01-01T00:00:00"),
                            LocalDateTime.parse("2024-01-31T23:59:59.999999"))
                        .id("pickup-in-month"),
                    compare("lpep_dropoff_datetime >= lpep_pickup_datetime").id("dropoff"),
                    atLeast("fare_amount", 0).id("fare"),
                    atLeast("total_amount", 0).id("total"),
                    atMost("trip_distance", 100).id("distance"))
                .onViolation(OnViolation.QUARANTINE))
        .partitionBy(month("lpep_pickup_datetime"))
        .commit();

    PublishReceipt receipt = mobility.publish(TRIPS).files(city).commit();

    assertThat(receipt.rowsAccepted()).isEqualTo(56_317);
    assertThat(receipt.quality().rowsQuarantined()).isEqualTo(234);
    String published = table(mobility.read(TRIPS).files());
    assertThat(query(FIGURES + published))
        .isEqualTo(
            query(
                FIGURES
                    + table(List.of(city.toString()))
                    + " WHERE lpep_pickup_datetime >= '2024-01-01'"
                    + " AND lpep_pickup_datetime < '2024-02-01'"
                    + " AND lpep_dropoff_datetime >= lpep_pickup_datetime"
                    + " AND fare_amount >= 0 AND total_amount >= 0 AND trip_distance <= 100"));
    assertThat(types(published)).isEqualTo(types(table(List.of(city.toString()))));

    List<List<Object>> aside =
        query(
            "SELECT count(*), count(DISTINCT row_number),"
                + " count(*) FILTER (rules LIKE '%fare%'),"
                + " sum(CAST(json_extract_string(row, '$.PULocationID') AS BIGINT)) FROM "
                + table(mobility.quarantine(TRIPS).files()));
    assertThat(aside.get(0).subList(0, 3)).containsExactly(234L, 234L, 182L);
  }

  @Test
  void theTripsOfEachMonthAreInFilesOfThatMonth() throws Exception {
    Path city = tripsOfTheCity();
    mobility
        .defineProduct(TRIPS)
        .contract(Contract.fromParquet(city))
        .partitionBy(month("lpep_pickup_datetime"))
        .commit();

    PublishReceipt receipt = mobility.publish(TRIPS).files(city).commit();

    List<String> files = mobility.read(TRIPS).files();
    String months = "SELECT DISTINCT date_trunc('month', lpep_pickup_datetime) FROM ";
    assertThat(files).hasSize(query(months + table(List.of(city.toString()))).size());
    for (String file : files) {
      assertThat(query(months + table(List.of(file)))).as(file).hasSize(1);
    }
    assertThat(receipt.rowsAccepted()).isEqualTo(56_551);
    assertThat(query(FIGURES + table(files)))
        .isEqualTo(query(FIGURES + table(List.of(city.toString()))));
  }

  private List<List<Object>> types(String table) throws SQLException {
    return query("SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM " + table + ")");
  }

  @Test
  void duckDbReadsEveryFlatTypeWithNullsAndValues() throws Exception {
    long seed = 7;
    List<Map<String, Object>> rows = new ArrayList<>(FlatTypes.extremes());
    rows.addAll(FlatTypes.random(new Random(seed), 20_000));
    mobility
        .defineProduct("mobility/flat")
        .contract(FlatTypes.contract())
        .partitionBy(by("color"))
        .commit();

    mobility.publish("mobility/flat").records(rows).commit();

    String table = table(mobility.read("mobility/flat").files());
    Map<String, String> types =
        types(table).stream()
            .collect(Collectors.toMap(row -> (String) row.get(0), row -> (String) row.get(1)));
    assertThat(types)
        .containsEntry("flag", "BOOLEAN")
        .containsEntry("whole", "INTEGER")
        .containsEntry("big", "BIGINT")
        .containsEntry("near", "FLOAT")
        .containsEntry("exact", "DOUBLE")
        .containsEntry("text", "VARCHAR")
        .containsEntry("raw", "BLOB")
        .containsEntry("four", "BLOB")
        .containsEntry("color", "VARCHAR")
        .containsEntry("price", "DECIMAL(9,2)")
        .containsEntry("weight", "DECIMAL(18,4)")
        .containsEntry("mass", "DECIMAL(38,10)")
        .containsEntry("day", "DATE")
        .containsEntry("time_millis", "TIME")
        .containsEntry("time_micros", "TIME")
        .containsEntry("instant_micros", "TIMESTAMP WITH TIME ZONE")
        .containsEntry("local_micros", "TIMESTAMP")
        .containsEntry("uuid_text", "UUID")
        .containsEntry("uuid_fixed", "UUID")
        .hasSize(21);
    for (String column : types.keySet()) {
      assertThat(query("SELECT count(" + column + ") FROM " + table))
          .as("seed %s: values of %s that are not null", seed, column)
          .containsExactly(List.of(rows.stream().filter(row -> row.get(column) != null).count()));
    }
    assertThat(
            query(
                    "SELECT sum(price), sum(weight), min(mass), max(mass), min(whole), max(big),"
                        + " CAST(min(uuid_text) AS VARCHAR) FROM "
                        + table)
                .get(0))
        .as("seed %s", seed)
        .containsExactly(
            sum(rows, "price"),
            sum(rows, "weight"),
            new BigDecimal("-9999999999999999999999999999.9999999999"),
            new BigDecimal("9999999999999999999999999999.9999999999"),
            Integer.MIN_VALUE,
            Long.MAX_VALUE,
            "00000000-0000-0000-0000-000000000000");
  }

  private static BigDecimal sum(List<Map<String, Object>> rows, String column) {
    return rows.stream()
        .map(row -> (BigDecimal) row.get(column))
        .filter(java.util.Objects::nonNull)
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  @Test
  void duckDbReadsWhatAReaderWroteAsParquet() throws Exception {
    List<Map<String, Object>> all = new ArrayList<>(FlatTypes.extremes());
    all.addAll(FlatTypes.random(new Random(11), 40_000));
    mobility.defineProduct("mobility/flat").contract(FlatTypes.contract()).commit();
    mobility.publish("mobility/flat").records(all).commit();
    Path file = folder.resolve("exported.parquet");

    try (Rows<?> rows = mobility.read("mobility/flat").where("whole > 0").rows();
        OutputStream out = Files.newOutputStream(file)) {
      rows.writeParquet(out);
    }

    String exported = table(List.of(file.toString()));
    String published = table(mobility.read("mobility/flat").files());
    assertThat(types(exported)).isEqualTo(types(published)).hasSize(21);
    assertThat(query("SELECT count(*) FROM (FROM " + exported + ")").get(0).get(0))
        .isEqualTo(query("SELECT count(*) FROM " + published + " WHERE whole > 0").get(0).get(0));
    assertThat(
            query(
                ("(FROM %1$s EXCEPT ALL FROM %2$s WHERE whole > 0) UNION ALL"
                        + " (FROM %2$s WHERE whole > 0 EXCEPT ALL FROM %1$s)")
                    .formatted(exported, published)))
        .isEmpty();
  }

  @Test
  void theFilesOfAllPublishesHaveTheRowsOfTheSnapshot() throws Exception {
    mobility
        .defineProduct("mobility/orders")
        .contract(Contract.of(Order.class))
        .partitionBy(by("customer"))
        .commit();
    for (int i = 0; i < 5; i++) {
      mobility
          .publish("mobility/orders")
          .records(Order.range(i * 1_000L, (i + 1) * 1_000L))
          .commit();
    }

    long ids = 0;
    BigDecimal amount = BigDecimal.ZERO;
    try (Rows<Order> rows = mobility.read("mobility/orders").as(Order.class).rows()) {
      for (Order order : rows) {
        ids += order.id();
        amount = amount.add(order.amount());
      }
    }
    assertThat(
            query(
                "SELECT count(*), CAST(sum(id) AS BIGINT), sum(amount), count(note) FROM "
                    + table(mobility.read("mobility/orders").files())))
        .containsExactly(List.of(5_000L, ids, amount, 3_333L));
  }
}
