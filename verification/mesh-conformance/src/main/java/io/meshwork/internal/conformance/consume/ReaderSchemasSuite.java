package io.meshwork.internal.conformance.consume;

import static io.meshwork.contract.Rule.atLeast;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Conversions;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

/** Reads with an Avro reader schema, and schemas that are rejected. */
public abstract class ReaderSchemasSuite extends MeshFixture {
  private static final String PRICES = "commerce/prices";
  private static final Instant AT = Instant.parse("2026-11-20T08:00:00.123456Z");

  private static Schema record(String fields) {
    return new Schema.Parser()
        .parse("{\"type\":\"record\",\"name\":\"Price\",\"fields\":[" + fields + "]}");
  }

  private static String decimal(int precision, int scale) {
    return "{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":"
        + precision
        + ",\"scale\":"
        + scale
        + "}";
  }

  private static String timestamp(String kind) {
    return "{\"type\":\"long\",\"logicalType\":\"" + kind + "\"}";
  }

  private MeshClient prices() {
    MeshClient shop = registerShop();
    Schema schema =
        record(
            "{\"name\":\"id\",\"type\":\"int\"},"
                + "{\"name\":\"amount\",\"type\":"
                + decimal(10, 2)
                + "},{\"name\":\"at\",\"type\":"
                + timestamp("timestamp-micros")
                + "},{\"name\":\"count\",\"type\":[\"null\",\"long\"],\"default\":null}");
    shop.defineProduct(PRICES).contract(Contract.of(schema)).openToMesh().commit();
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int id = 0; id < 3; id++) {
      rows.add(row("id", id, "amount", new BigDecimal("100.00"), "at", AT, "count", 8L));
    }
    rows.add(row("id", 3, "amount", new BigDecimal("-0.01"), "at", AT, "count", null));
    shop.publish(PRICES).records(rows).commit();
    return registerFinance();
  }

  @Test
  void aReaderSchemaIsResolvedLikeAvroInReadsAndPolls() {
    MeshClient finance = prices();
    Schema reader =
        record(
            "{\"name\":\"country\",\"type\":\"string\",\"default\":\"CH\"},"
                + "{\"name\":\"sum\",\"aliases\":[\"amount\"],\"type\":"
                + decimal(14, 4)
                + "},{\"name\":\"id\",\"type\":\"long\"},"
                + "{\"name\":\"at\",\"type\":\"long\"},"
                + "{\"name\":\"count\",\"type\":[\"null\",\"double\"],\"default\":null}");
    Subscription<GenericRecord> polled =
        finance.subscribe(PRICES).name("sums").purpose("Sums").as(reader).commit();

    assertSums(all(finance.read(PRICES).as(reader)), reader);
    List<GenericRecord> news = new ArrayList<>();
    try (Batch<GenericRecord> batch = polled.poll()) {
      assertThat(batch.columns()).containsExactly("amount", "id", "at", "count");
      batch.forEach(news::add);
      batch.ack();
    }
    assertSums(news, reader);
    assertThat(all(finance.read(PRICES).as(reader).where("amount < 0 AND count IS NULL")))
        .extracting(row -> row.get("id"))
        .containsExactly(3L);
  }

  private static void assertSums(List<GenericRecord> rows, Schema reader) {
    long micros = AT.getEpochSecond() * 1_000_000 + AT.getNano() / 1_000;
    assertThat(rows).hasSize(4);
    for (int id = 0; id < 4; id++) {
      GenericRecord row = rows.get(id);
      assertThat(row.getSchema()).isEqualTo(reader);
      assertThat(row.get("country")).isEqualTo("CH");
      assertThat(row.get("id")).isEqualTo((long) id);
      assertThat(row.get("at")).isEqualTo(micros);
      assertThat(row.get("count")).isEqualTo(id == 3 ? null : 8.0);
      Schema sum = reader.getField("sum").schema();
      assertThat(
              new Conversions.DecimalConversion()
                  .fromBytes((ByteBuffer) row.get("sum"), sum, sum.getLogicalType()))
          .isEqualTo(new BigDecimal(id == 3 ? "-0.0100" : "100.0000"));
    }
  }

  @Test
  void aReaderSchemaThatMayLoseOrMisreadValuesIsRejected() {
    MeshClient finance = prices();
    Map<String, String> wrong = new LinkedHashMap<>();
    wrong.put("{\"name\":\"amount\",\"type\":" + decimal(10, 4) + "}", "decimal(10,4)");
    wrong.put("{\"name\":\"amount\",\"type\":" + decimal(9, 2) + "}", "decimal(9,2)");
    wrong.put("{\"name\":\"id\",\"type\":" + decimal(10, 2) + "}", "decimal(10,2)");
    wrong.put("{\"name\":\"amount\",\"type\":\"string\"}", "string");
    for (String time : List.of("timestamp-millis", "timestamp-nanos", "local-timestamp-micros")) {
      wrong.put("{\"name\":\"at\",\"type\":" + timestamp(time) + "}", time);
    }
    wrong.put("{\"name\":\"at\",\"type\":{\"type\":\"int\",\"logicalType\":\"date\"}}", "date");
    wrong.put("{\"name\":\"id\",\"type\":{\"type\":\"int\",\"logicalType\":\"date\"}}", "date");
    wrong.put("{\"name\":\"count\",\"type\":[\"null\",\"int\"]}", "int");
    wrong.put("{\"name\":\"count\",\"type\":\"long\"}", "null");
    wrong.put("{\"name\":\"cnt\",\"type\":[\"null\",\"long\"]}", "cnt");
    State before = state();

    wrong.forEach(
        (field, named) -> {
          Schema reader = record(field);
          assertReaderRefused(() -> finance.read(PRICES).as(reader).rows().close(), named);
          assertReaderRefused(
              () -> finance.subscribe(PRICES).name("odd").purpose("Odd").as(reader).commit(),
              named);
        });
    assertNothingChanged(before);
  }

  enum Stage {
    NEW,
    PAID,
    SENT
  }

  enum EarlierStage {
    NEW,
    PAID
  }

  record Step(Stage stage) {}

  record Journey(long id, Stage stage, List<Stage> stages, Map<String, List<Step>> steps) {}

  record EarlierStep(EarlierStage stage) {}

  record StageReader(EarlierStage stage) {}

  record StagesReader(List<EarlierStage> stages) {}

  record StepsReader(Map<String, List<EarlierStep>> steps) {}

  record TextReader(String stage, List<String> stages) {}

  @Test
  void aJavaRecordWhoseEnumLacksSymbolsIsRejected() {
    MeshClient shop = registerShop();
    shop.defineProduct(PRICES).contract(Contract.of(Journey.class)).openToMesh().commit();
    shop.publish(PRICES)
        .records(
            List.of(
                new Journey(
                    1, Stage.NEW, List.of(Stage.SENT), Map.of("a", List.of(new Step(Stage.PAID))))))
        .commit();
    MeshClient finance = registerFinance();
    State before = state();

    for (Class<?> reader : List.of(StageReader.class, StagesReader.class, StepsReader.class)) {
      assertReaderRefused(() -> finance.read(PRICES).as(reader).rows().close(), "SENT");
      assertReaderRefused(
          () -> finance.subscribe(PRICES).name("odd").purpose("Odd").as(reader).commit(), "SENT");
    }
    assertNothingChanged(before);
    assertThat(all(finance.read(PRICES).as(Journey.class)))
        .extracting(Journey::steps)
        .containsExactly(Map.of("a", List.of(new Step(Stage.PAID))));
    assertThat(all(finance.read(PRICES).as(TextReader.class)))
        .containsExactly(new TextReader("NEW", List.of("SENT")));
  }

  @Test
  void aJavaRecordReadsSymbolsThatItsEnumLacksAsTheDefaultOfTheContract() {
    MeshClient shop = registerShop();
    Schema schema =
        record(
            "{\"name\":\"stage\",\"type\":{\"type\":\"enum\",\"name\":\"Stage\","
                + "\"symbols\":[\"NEW\",\"PAID\",\"SENT\"],\"default\":\"NEW\"}}");
    shop.defineProduct(PRICES).contract(Contract.of(schema)).openToMesh().commit();
    shop.publish(PRICES).records(List.of(row("stage", "SENT"), row("stage", "PAID"))).commit();

    assertThat(all(registerFinance().read(PRICES).as(StageReader.class)))
        .extracting(StageReader::stage)
        .containsExactly(EarlierStage.NEW, EarlierStage.PAID);
  }

  private static void assertReaderRefused(Runnable action, String named) {
    assertThatThrownBy(action::run)
        .as(named)
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            refused -> {
              assertThat(refused.errorCode()).isEqualTo(ErrorCode.READER_INVALID);
              assertThat(refused.findings()).isNotEmpty();
            })
        .hasMessageContainingAll(named, "Nothing was read");
  }

  @Test
  void aReaderSchemaWithoutColumnsReturnsEachRow() {
    record NoColumns() {}
    MeshClient finance = prices();
    Schema defaults = record("{\"name\":\"note\",\"type\":\"string\",\"default\":\"none\"}");

    assertThat(all(finance.read(PRICES).as(NoColumns.class))).hasSize(4);
    assertThat(all(finance.read(PRICES).as(defaults)))
        .hasSize(4)
        .allSatisfy(row -> assertThat(row.get("note")).isEqualTo("none"));
    Subscription<GenericRecord> notes =
        finance.subscribe(PRICES).name("notes").purpose("Notes").as(defaults).commit();
    try (Batch<GenericRecord> batch = notes.poll()) {
      assertThat(batch.stream()).hasSize(4);
    }
  }

  @Test
  void quarantinedRowsAreReadWithAReaderSchema() {
    MeshClient shop = registerShop();
    shop.defineProduct(ORDERS)
        .contract(
            Contract.of(Order.class)
                .require(atLeast("id", 0))
                .onViolation(OnViolation.QUARANTINE)
                .maxQuarantineShare(100))
        .commit();
    shop.publish(ORDERS).records(List.of(Order.of(1), Order.of(-7))).commit();
    Schema reader =
        record(
            "{\"name\":\"number\",\"aliases\":[\"row_number\"],\"type\":[\"null\",\"double\"]},"
                + "{\"name\":\"absent\",\"type\":\"int\",\"default\":5}");

    assertThat(all(shop.quarantine(ORDERS).as(reader)))
        .singleElement()
        .satisfies(
            row -> {
              assertThat(row.get("number")).isEqualTo(2.0);
              assertThat(row.get("absent")).isEqualTo(5);
            });
  }
}
