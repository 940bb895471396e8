package io.meshwork.internal.rows;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.internal.materializers.RowMaterializer;
import io.meshwork.internal.materializers.RowMaterializers;
import io.meshwork.internal.rows.NestedRows.Address;
import io.meshwork.internal.rows.NestedRows.Event;
import io.meshwork.internal.rows.NestedRows.Line;
import io.meshwork.internal.rows.NestedRows.NestedOrder;
import io.meshwork.internal.vector.VectorBatch;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.util.Utf8;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NestedRoundTripTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 7, 2024, 99_999})
  void ordersOfAnyKindRoundTrip(long seed) {
    Random random = new Random(seed);
    List<NestedOrder> orders = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      orders.add(order(random));
    }
    VectorBatch batch = NestedRows.shred(NestedRows.CONTRACT, orders);
    RowMaterializer<GenericRecord> avro =
        RowMaterializers.asAvro(NestedRows.TABLE, NestedRows.CONTRACT);
    RowMaterializer<Map<String, Object>> maps = RowMaterializers.asMap(NestedRows.TABLE);
    List<Object> mixed = new ArrayList<>();
    for (int i = 0; i < orders.size(); i++) {
      GenericRecord record = avro.row(batch, i);
      assertThat(GenericData.get().validate(NestedRows.CONTRACT, record))
          .as("seed %d, row %d", seed, i)
          .isTrue();
      mixed.add(
          switch (random.nextInt(3)) {
            case 0 -> record;
            case 1 -> maps.row(batch, i);
            default -> orders.get(i);
          });
    }

    assertThat(orders(batch)).as("seed %d", seed).isEqualTo(orders);
    VectorBatch again = NestedRows.shred(NestedRows.CONTRACT, mixed);
    assertThat(orders(again)).as("seed %d", seed).isEqualTo(orders);
    assertThat(NestedRows.all(avro, again))
        .as("seed %d", seed)
        .isEqualTo(NestedRows.all(avro, batch));
  }

  @Test
  void rowsOfAnySchemaRoundTripAsMapsAndAsAvro() {
    for (long seed = 1; seed <= 150; seed++) {
      Random random = new Random(seed);
      RandomContract contract = new RandomContract(random, 4);
      List<Map<String, Object>> rows = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        rows.add(contract.row());
      }
      String what = "seed " + seed + " " + contract.schema();
      VectorBatch batch = NestedRows.shred(contract.schema(), rows);
      RowMaterializer<Map<String, Object>> maps = RowMaterializers.asMap(batch.schema());
      RowMaterializer<GenericRecord> avro =
          RowMaterializers.asAvro(batch.schema(), contract.schema());

      assertThat(NestedRows.all(maps, batch)).as(what).isEqualTo(rows);
      List<GenericRecord> records = NestedRows.all(avro, batch);
      assertThat(records)
          .as(what)
          .allMatch(record -> GenericData.get().validate(contract.schema(), record));
      VectorBatch again = NestedRows.shred(contract.schema(), records);
      assertThat(NestedRows.all(maps, again)).as(what).isEqualTo(rows);
      assertThat(NestedRows.all(avro, again)).as(what).isEqualTo(records);
    }
  }

  @Test
  void collectionsArraysOptionalsAndTextsOfAnyKindAreAccepted() {
    record Loose(
        long id,
        Optional<Map<String, Object>> address,
        Line[] lines,
        Map<CharSequence, ? extends CharSequence> tags,
        Object history,
        float[] weights) {}
    record Sets(long id, Set<Object> lines, Optional<Iterable<Optional<Float>>> weights) {}
    Map<CharSequence, Utf8> tags = new LinkedHashMap<>();
    tags.put(new Utf8("a"), new Utf8("x"));
    tags.put(new StringBuilder("b"), new Utf8("y"));
    Line line = new Line(3, null, Arrays.asList(1L, null), FlatTypes.Color.RED);
    Loose loose =
        new Loose(
            5,
            Optional.of(Map.of("zip", 8000)),
            new Line[] {line},
            tags,
            Map.of("h", List.of(Map.of("day", LocalDate.EPOCH, "marks", Map.of()))),
            new float[] {1.5f, 2f});
    Sets sets =
        new Sets(
            6,
            Set.of(Map.of("quantity", (short) 4, "codes", new int[] {7})),
            Optional.of(List.of(Optional.of(1f))));

    List<NestedOrder> orders = orders(NestedRows.shred(NestedRows.CONTRACT, List.of(loose, sets)));

    assertThat(orders.get(0))
        .isEqualTo(
            new NestedOrder(
                5,
                new Address(8000, Optional.empty(), "CH"),
                List.of(line),
                Map.of("a", "x", "b", "y"),
                Map.of("h", List.of(new Event(LocalDate.EPOCH, Map.of()))),
                List.of(1.5f, 2f)));
    assertThat(orders.get(1).lines()).containsExactly(new Line(4, null, List.of(7L), null));
    assertThat(orders.get(1).weights()).containsExactly(1f);
  }

  @Test
  void nestedRecordMayHaveItsOwnAvroSchema() {
    Schema other =
        FlatTypes.record(
            "{\"name\":\"city\",\"type\":\"string\"},{\"name\":\"zip\",\"type\":\"int\"}");
    GenericRecord address = new GenericData.Record(other);
    address.put("city", "Bern");
    address.put("zip", 3000);
    GenericRecord order = new GenericData.Record(NestedRows.CONTRACT);
    order.put("id", 1L);
    order.put("address", address);
    order.put("lines", List.of());

    assertThat(orders(NestedRows.shred(NestedRows.CONTRACT, List.of(order))).get(0).address())
        .isEqualTo(new Address(3000, Optional.of("Bern"), "CH"));
  }

  private static List<NestedOrder> orders(VectorBatch batch) {
    return NestedRows.all(
        RowMaterializers.asRecord(NestedOrder.class, batch.schema(), NestedRows.CONTRACT), batch);
  }

  private static NestedOrder order(Random random) {
    return new NestedOrder(
        random.nextLong(),
        maybe(
            random,
            () ->
                new Address(
                    random.nextInt(),
                    Optional.ofNullable(maybe(random, () -> text(random))),
                    text(random))),
        list(random, () -> line(random)),
        maybe(random, () -> map(random, () -> text(random))),
        maybe(
            random,
            () -> map(random, () -> maybe(random, () -> list(random, () -> event(random))))),
        maybe(random, () -> list(random, random::nextFloat)));
  }

  private static Line line(Random random) {
    return new Line(
        random.nextInt(),
        maybe(random, () -> new BigDecimal(BigInteger.valueOf(random.nextInt(999_999_999)), 2)),
        maybe(random, () -> list(random, () -> maybe(random, random::nextLong))),
        maybe(random, () -> FlatTypes.Color.values()[random.nextInt(3)]));
  }

  private static Event event(Random random) {
    return new Event(
        LocalDate.ofEpochDay(random.nextInt()),
        map(random, () -> maybe(random, random::nextDouble)));
  }

  private static String text(Random random) {
    return "text ž " + random.nextInt(100);
  }

  private static <T> T maybe(Random random, Supplier<T> value) {
    return random.nextInt(5) == 0 ? null : value.get();
  }

  private static <T> List<T> list(Random random, Supplier<T> element) {
    List<T> elements = new ArrayList<>();
    int length = random.nextInt(4);
    for (int i = 0; i < length; i++) {
      elements.add(element.get());
    }
    return elements;
  }

  private static <T> Map<String, T> map(Random random, Supplier<T> value) {
    Map<String, T> entries = new LinkedHashMap<>();
    int size = random.nextInt(10) == 0 ? 30 : random.nextInt(4);
    for (int i = 0; i < size; i++) {
      entries.put("key " + random.nextInt(1_000), value.get());
    }
    return entries;
  }
}
