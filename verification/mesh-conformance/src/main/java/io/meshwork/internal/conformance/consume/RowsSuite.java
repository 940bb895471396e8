package io.meshwork.internal.conformance.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.columnar.ColumnBatch;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.error.ContractViolationException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.publish.PublishReceipt;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

/** Rows are read as they were published, in every row format. */
public abstract class RowsSuite extends MeshFixture {
  private static final String READINGS = "commerce/readings";

  @Test
  void javaRecordsAreReadUnchanged() {
    MeshClient shop = defineOrders();
    List<Order> orders = Order.range(0, 40_000);

    PublishReceipt receipt = shop.publish(ORDERS).records(orders).commit();

    assertThat(orders()).isEqualTo(orders);
    assertThat(receipt.rowsAccepted()).isEqualTo(40_000);
    assertThat(receipt.files()).isEqualTo(1);
    assertThat(receipt.bytes())
        .isEqualTo(files.newInputFile(shop.read(ORDERS).files().get(0)).getLength());
    assertThat(shop.describe(ORDERS).current().orElseThrow().rows()).hasValue(40_000);
    assertWhole();
  }

  @Test
  void iteratorsAndStreamsArePublishedAndStreamsAreClosed() {
    MeshClient shop = defineOrders();
    AtomicBoolean closed = new AtomicBoolean();

    shop.publish(ORDERS).records(Order.range(0, 3).iterator()).commit();
    Stream<Order> stream = Order.range(3, 6).stream().onClose(() -> closed.set(true));
    shop.publish(ORDERS).records(stream).commit();

    assertThat(orders()).isEqualTo(Order.range(0, 6));
    assertThat(closed).isTrue();
  }

  @Test
  void rowsOfOnePublishMayHaveDifferentTypes() {
    MeshClient shop = defineOrders();
    Order order = Order.of(1);
    Map<String, Object> map =
        row("id", 1L, "customer", order.customer(), "amount", order.amount(), "note", "note 1");

    shop.publish(ORDERS).records(List.of(order, map)).commit();
    List<GenericRecord> records = all(shop.read(ORDERS));
    shop.publish(ORDERS).records(List.of(map, records.get(0), order)).commit();

    assertThat(orders()).containsOnly(order).hasSize(5);
  }

  @Test
  void everyFlatTypeIsReadExactlyAsMapRecordAndAvro() {
    MeshClient shop = registerShop();
    shop.defineProduct("commerce/flat").contract(FlatTypes.contract()).commit();
    long seed = 20_261_120L;
    List<Map<String, Object>> rows = new ArrayList<>(FlatTypes.extremes());
    rows.addAll(FlatTypes.random(new Random(seed), 2_000));

    shop.publish("commerce/flat").records(rows).commit();
    assertThat(all(shop.read("commerce/flat").asMaps())).as("seed %s", seed).isEqualTo(rows);

    List<FlatRecord> records = all(shop.read("commerce/flat").as(FlatRecord.class));
    List<GenericRecord> avro = all(shop.read("commerce/flat"));
    shop.defineProduct("commerce/records").contract(FlatTypes.contract()).commit();
    shop.defineProduct("commerce/avro").contract(FlatTypes.contract()).commit();
    shop.publish("commerce/records").records(records).commit();
    shop.publish("commerce/avro").records(avro).commit();

    assertThat(all(shop.read("commerce/records").asMaps())).as("seed %s", seed).isEqualTo(rows);
    assertThat(all(shop.read("commerce/avro").asMaps())).as("seed %s", seed).isEqualTo(rows);
    assertThat(all(shop.read("commerce/avro"))).as("seed %s", seed).isEqualTo(avro);
  }

  @Test
  void nanosecondsAreReadExactlyInTableFormatThree() {
    MeshClient shop = registerShop();
    shop.defineProduct("commerce/nanos")
        .contract(FlatTypes.contractWithNanos())
        .tableFormat(3)
        .commit();
    List<Map<String, Object>> rows =
        List.of(
            row(
                "instant_nanos",
                Instant.parse("1677-09-21T00:12:43.145224193Z"),
                "local_nanos",
                LocalDateTime.parse("2262-04-11T23:47:16.854775807")),
            row("instant_nanos", Instant.parse("1969-12-31T23:59:59.999999999Z")));

    shop.publish("commerce/nanos").records(rows).commit();

    List<Map<String, Object>> read =
        all(shop.read("commerce/nanos").columns("instant_nanos", "local_nanos").asMaps());
    MeshFixture.put(rows.get(1), "local_nanos", null);
    assertThat(read).isEqualTo(rows);
  }

  @Test
  void specificRecordsArePublished() {
    MeshClient shop = registerShop();
    shop.defineProduct(READINGS).contract(Contract.of(SchemaResolution.SCHEMA)).commit();

    shop.publish(READINGS)
        .records(List.of(SchemaResolution.of("roof", 21.5), SchemaResolution.of("cellar", -0.0)))
        .commit();

    assertThat(all(shop.read(READINGS).asMaps()))
        .containsExactly(
            row("sensor", "roof", "degrees", 21.5), row("sensor", "cellar", "degrees", -0.0));
  }

  @Test
  void aParquetFileIsPublishedAndItsColumnsAreMatchedByName() throws IOException {
    MeshClient shop = defineOrders();
    shop.publish(ORDERS).records(Order.range(0, 20_000)).commit();
    Path file = copyOfDataFile("orders.parquet");
    shop.defineProduct("commerce/copies").contract(Contract.fromParquet(file)).commit();

    PublishReceipt receipt = shop.publish("commerce/copies").files(file, file).commit();

    assertThat(receipt.rowsAccepted()).isEqualTo(40_000);
    List<Order> twice = new ArrayList<>(Order.range(0, 20_000));
    twice.addAll(Order.range(0, 20_000));
    assertThat(all(shop.read("commerce/copies").as(Order.class))).isEqualTo(twice);
  }

  @Test
  void anUnknownColumnOfAFileIsRejectedUnlessItIsIgnored() throws IOException {
    record Short(long id, String customer) {}
    MeshClient shop = defineOrders();
    shop.publish(ORDERS).records(Order.range(0, 3)).commit();
    Path file = copyOfDataFile("orders.parquet");
    shop.defineProduct("commerce/short").contract(Contract.of(Short.class)).commit();
    State before = state();

    assertThatThrownBy(() -> shop.publish("commerce/short").files(file).commit())
        .isInstanceOfSatisfying(
            ContractViolationException.class,
            refused -> assertThat(refused.errorCode()).isEqualTo(ErrorCode.SCHEMA_MISMATCH))
        .hasMessageContainingAll("orders.parquet", "[amount, note]", "ignoreUnknownColumns()");
    assertNothingChanged(before);

    shop.publish("commerce/short").files(file).ignoreUnknownColumns().commit();
    assertThat(all(shop.read("commerce/short").as(Short.class)))
        .containsExactly(
            new Short(0, "customer 0"), new Short(1, "customer 1"), new Short(2, "customer 2"));
  }

  @Test
  void aMissingColumnOfAFileIsItsDefaultNullOrRejected() throws IOException {
    MeshClient shop = defineOrders();
    shop.publish(ORDERS).records(Order.range(0, 2)).commit();
    Path file = copyOfDataFile("orders.parquet");
    Schema more =
        SchemaBuilder.record("More")
            .fields()
            .requiredLong("id")
            .name("country")
            .type()
            .stringType()
            .stringDefault("US")
            .optionalInt("rank")
            .endRecord();
    shop.defineProduct("commerce/more").contract(Contract.of(more)).commit();
    Schema required =
        SchemaBuilder.record("Strict").fields().requiredLong("id").requiredInt("rank").endRecord();
    shop.defineProduct("commerce/strict").contract(Contract.of(required)).commit();

    shop.publish("commerce/more").files(file).ignoreUnknownColumns().commit();

    assertThat(all(shop.read("commerce/more").asMaps()))
        .containsExactly(
            row("id", 0L, "country", "US", "rank", null),
            row("id", 1L, "country", "US", "rank", null));
    assertThatThrownBy(
            () -> shop.publish("commerce/strict").files(file).ignoreUnknownColumns().commit())
        .isInstanceOf(ContractViolationException.class)
        .hasMessageContainingAll("orders.parquet", "no column 'rank'", "without a default");
  }

  @Test
  void columnsAreReadInTheSelectedOrder() {
    MeshClient shop = defineOrders();
    shop.publish(ORDERS).records(Order.range(0, 3)).commit();

    try (Rows<Map<String, Object>> rows = shop.read(ORDERS).columns("note", "id").asMaps().rows()) {
      assertThat(rows.columns()).containsExactly("note", "id");
      Map<String, Object> second = rows.stream().skip(1).findFirst().orElseThrow();
      assertThat(second.keySet()).containsExactly("note", "id");
      assertThat(second).containsEntry("note", "note 1").containsEntry("id", 1L);
    }
    GenericRecord first = all(shop.read(ORDERS).columns("customer")).get(0);
    assertThat(first.getSchema().getFields()).hasSize(1);
    assertThat(first.get("customer")).hasToString("customer 0");
  }

  @Test
  void aJavaRecordWithFewerComponentsReadsThoseColumns() {
    record Amount(long id, Optional<String> note) {}
    MeshClient shop = defineOrders();
    shop.publish(ORDERS).records(Order.range(0, 4)).commit();

    assertThat(all(shop.read(ORDERS).as(Amount.class)))
        .containsExactly(
            new Amount(0, Optional.empty()),
            new Amount(1, Optional.of("note 1")),
            new Amount(2, Optional.of("note 2")),
            new Amount(3, Optional.empty()));
  }

  @Test
  void anAvroReaderSchemaSelectsColumns() {
    MeshClient shop = defineOrders();
    shop.publish(ORDERS).records(Order.range(0, 2)).commit();
    Schema reader =
        SchemaBuilder.record("Reader")
            .fields()
            .optionalString("note")
            .requiredLong("id")
            .endRecord();

    List<GenericRecord> rows = all(shop.read(ORDERS).as(reader));

    assertThat(rows).extracting(GenericRecord::getSchema).containsOnly(reader);
    assertThat(rows.get(1).get("id")).isEqualTo(1L);
    assertThat(rows.get(1).get("note")).hasToString("note 1");
  }

  @Test
  void columnBatchesContainTheSameRows() {
    MeshClient shop = defineOrders();
    shop.publish(ORDERS).records(Order.range(0, 20_000)).commit();
    shop.publish(ORDERS).records(Order.range(20_000, 20_010)).commit();
    List<Order> read = new ArrayList<>();

    try (Rows<GenericRecord> rows = shop.read(ORDERS).rows()) {
      for (Iterator<ColumnBatch> batches = rows.batches(); batches.hasNext(); ) {
        ColumnBatch batch = batches.next();
        assertThat(batch.columns()).containsExactly("id", "customer", "amount", "note");
        for (int i = 0; i < batch.rows(); i++) {
          read.add(
              new Order(
                  batch.longAt("id", i),
                  String.valueOf(batch.valueAt("customer", i)),
                  (BigDecimal) Objects.requireNonNull(batch.valueAt("amount", i)),
                  batch.isNull("note", i)
                      ? Optional.empty()
                      : Optional.of(String.valueOf(batch.valueAt("note", i)))));
        }
      }
    }
    assertThat(read).isEqualTo(Order.range(0, 20_010));
  }

  @Test
  void aLimitReturnsTheFirstRows() {
    MeshClient shop = defineOrders();
    shop.publish(ORDERS).records(Order.range(0, 20_000)).commit();
    shop.publish(ORDERS).records(Order.range(20_000, 20_500)).commit();

    assertThat(all(shop.read(ORDERS).as(Order.class).limit(0))).isEmpty();
    assertThat(all(shop.read(ORDERS).as(Order.class).limit(3))).isEqualTo(Order.range(0, 3));
    assertThat(all(shop.read(ORDERS).as(Order.class).limit(20_001)))
        .isEqualTo(Order.range(0, 20_001));
    assertThat(all(shop.read(ORDERS).as(Order.class).limit(Long.MAX_VALUE))).hasSize(20_500);
  }

  @Test
  void aProductWithoutPublishesHasNoRowsAndNoSnapshot() {
    MeshClient shop = defineOrders();

    try (Rows<Order> rows = shop.read(ORDERS).as(Order.class).rows()) {
      assertThat(rows.snapshot()).isEmpty();
      assertThat(rows).isEmpty();
    }
    assertThat(shop.read(ORDERS).files()).isEmpty();
    assertThat(shop.describe(ORDERS).current()).isEmpty();
  }

  @Test
  void rowsCanBeIteratedOnce() {
    MeshClient shop = defineOrders();
    shop.publish(ORDERS).records(Order.range(0, 3)).commit();

    try (Rows<Order> rows = shop.read(ORDERS).as(Order.class).rows()) {
      assertThat(rows.stream()).hasSize(3);
      assertThatThrownBy(rows::iterator)
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("Call rows() again");
    }
  }
}
