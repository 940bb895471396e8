package io.meshwork.internal.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.error.ContractViolationException;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of Spark 2, whose dates before 1582-10-15 are in the Julian calendar. */
class CalendarOfSparkTest {
  private static final String EVENTS = "shop/events";
  private static final String LEGACY =
      ", KV_METADATA {'org.apache.spark.version': '3.5.1', 'org.apache.spark.legacyDateTime': '',"
          + " 'org.apache.spark.timeZone': 'UTC'}";
  private static final LocalDate DAY = LocalDate.of(1, 1, 1);
  private static final LocalDate MODERN = LocalDate.of(2024, 10, 4);

  /** The days since 1970 of DAY in the Julian calendar. */
  private static final int JULIAN = -719_164;

  record Event(long id, LocalDate day, Instant at) {}

  @TempDir private Path folder;
  private Mesh mesh;
  private MeshClient shop;

  @BeforeEach
  void open() throws IOException {
    Files.createDirectories(folder.resolve("lake"));
    mesh = LocalMesh.builder(folder.resolve("mesh"), Map.of("lake", folder.resolve("lake"))).open();
    shop = mesh.clientAs(Principal.of("shop", "etl"));
    shop.registerDomain("shop").owner("shop@example.org").commit();
  }

  @AfterEach
  void close() {
    mesh.close();
  }

  private Path parquet(int day, String options) throws SQLException {
    Path file = folder.resolve("lake/events.parquet");
    String select =
        "SELECT i::BIGINT AS id, DATE '1970-01-01' + (CASE WHEN i = 1 THEN %d ELSE 20000 END)::INT"
            + " AS day, to_timestamp(86400::BIGINT * CASE WHEN i = 1 THEN %d ELSE 20000 END) AS at"
            + " FROM range(1, 3) t(i)";
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement()) {
      statement.execute(
          "COPY (%s) TO '%s' (FORMAT parquet%s)"
              .formatted(select.formatted(day, day), file, options));
    }
    return file;
  }

  private List<Event> rows() {
    try (Rows<Event> rows = shop.read(EVENTS).as(Event.class).rows()) {
      return rows.stream().toList();
    }
  }

  private static Event event(long id, LocalDate day) {
    return new Event(
        id, day, Instant.parse("1970-01-01T00:00:00Z").plusSeconds(86_400 * day.toEpochDay()));
  }

  @Test
  void datesOfAParquetFileAreThoseThatSparkReads() throws Exception {
    shop.defineProduct(EVENTS).contract(Contract.of(Event.class)).commit();
    shop.publish(EVENTS).files(parquet(JULIAN, LEGACY)).commit();

    assertThat(rows()).containsExactly(event(1, DAY), event(2, MODERN));
  }

  @Test
  void withoutTheKeyDatesAreGregorian() throws Exception {
    shop.defineProduct(EVENTS).contract(Contract.of(Event.class)).commit();
    shop.publish(EVENTS).files(parquet((int) DAY.toEpochDay(), "")).commit();

    assertThat(rows()).containsExactly(event(1, DAY), event(2, MODERN));
  }

  @Test
  void aFileThatOtherReadersTakeForOtherDaysIsNotRegistered() throws Exception {
    parquet(JULIAN, LEGACY);
    assertThatThrownBy(
            () ->
                shop.onboard(EVENTS)
                    .contract(Contract.of(Event.class))
                    .from(folder.resolve("lake"))
                    .commit())
        .isInstanceOf(ContractViolationException.class)
        .hasMessageContainingAll("events.parquet", "Spark", "files(..)");

    parquet(10_000, LEGACY);
    shop.onboard(EVENTS).contract(Contract.of(Event.class)).from(folder.resolve("lake")).commit();
    assertThat(rows()).as("dates that both calendars share").hasSize(2);
  }

  @Test
  void datesOfAnAvroFileAreThoseThatSparkReads() throws Exception {
    Schema schema =
        new Schema.Parser()
            .parse(
                """
                {"type": "record", "name": "Event", "fields": [
                  {"name": "id", "type": "long"},
                  {"name": "day", "type": ["null", {"type": "int", "logicalType": "date"}]},
                  {"name": "at", "type": {"type": "long", "logicalType": "timestamp-micros"}}]}""");
    Path file = folder.resolve("events.avro");
    try (DataFileWriter<GenericRecord> writer =
        new DataFileWriter<>(new GenericDatumWriter<>(schema))) {
      writer.setMeta("org.apache.spark.version", "2.4.8");
      writer.create(schema, file.toFile());
      GenericRecord row = new GenericData.Record(schema);
      row.put("id", 1L);
      row.put("day", JULIAN);
      row.put("at", 86_400_000_000L * JULIAN);
      writer.append(row);
    }
    shop.defineProduct(EVENTS).contract(Contract.of(Event.class)).commit();
    shop.publish(EVENTS).files(file).commit();

    assertThat(rows()).containsExactly(event(1, DAY));
  }
}
