package io.meshwork.internal.rows;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.meshwork.contract.Column;
import io.meshwork.internal.schema.IcebergSchemas;
import io.meshwork.internal.vector.VectorBatch;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.junit.jupiter.api.Test;

class JsonRowTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private record Trip(@Column("trip-id") long id, Optional<String> note, double fare) {}

  record Broken(int fine) {
    @Override
    public int fine() {
      throw new IllegalStateException("secret");
    }
  }

  @Test
  void rowOfABatchIsOneObjectInColumnOrder() throws Exception {
    Map<String, Object> values = new HashMap<>();
    values.put("flag", true);
    values.put("big", Long.MIN_VALUE);
    values.put("single", Float.NaN);
    values.put("double", 0.1);
    values.put("text", "a\"b\n€".repeat(500));
    values.put("bytes", new byte[] {1, 2, 3});
    values.put("price", new BigDecimal("12.5"));
    values.put("day", LocalDate.of(2024, 2, 29));
    values.put("at", Instant.parse("2024-01-01T00:00:00.000001Z"));
    VectorBatch batch = VectorBatch.empty(FlatTypes.TABLE);
    RecordShredders.forRecords(FlatTypes.CONTRACT, FlatTypes.TABLE)
        .shred(values, batch, new TypeViolations());

    JsonNode row = JSON.readTree(new JsonRow(Set.of("big", "small")).of(batch, 0));

    assertThat(row.fieldNames()).toIterable().containsExactlyElementsOf(batch.columns());
    assertThat(row.get("flag").booleanValue()).isTrue();
    assertThat(row.get("big").textValue()).isEqualTo("***");
    assertThat(row.get("small").textValue()).isEqualTo("***");
    assertThat(row.get("single").textValue()).isEqualTo("NaN");
    assertThat(row.get("double").doubleValue()).isEqualTo(0.1);
    assertThat(row.get("text").textValue()).isEqualTo(values.get("text"));
    assertThat(row.get("bytes").binaryValue()).containsExactly(1, 2, 3);
    assertThat(row.get("price").textValue()).isEqualTo("12.50");
    assertThat(row.get("day").textValue()).isEqualTo("2024-02-29");
    assertThat(row.get("at").textValue()).isEqualTo("2024-01-01T00:00:00.000001Z");
    assertThat(row.get("id").isNull()).isTrue();
  }

  @Test
  void rowsOfAnotherSchemaHaveItsColumns() {
    JsonRow json = new JsonRow();
    for (String column : List.of("first", "second", "first")) {
      Schema contract = FlatTypes.column(column, "\"int\"");
      VectorBatch batch = VectorBatch.empty(IcebergSchemas.fromAvro(contract));
      RecordShredders.forRecords(contract, batch.schema())
          .shred(Map.of(column, 7), batch, new TypeViolations());

      assertThat(json.of(batch, 0)).isEqualTo("{\"" + column + "\":7}");
    }
  }

  @Test
  void aCharacterOfTwoSurrogatesIsWrittenAsItIs() {
    Schema contract = FlatTypes.column("texts", "{\"type\": \"map\", \"values\": \"string\"}");
    VectorBatch batch = VectorBatch.empty(IcebergSchemas.fromAvro(contract));
    RecordShredders.forRecords(contract, batch.schema())
        .shred(
            Map.of("texts", Map.of("\uD83D\uDE00", "\uD83D\uDE01")), batch, new TypeViolations());

    assertThat(new JsonRow().of(batch, 0))
        .isEqualTo("{\"texts\":{\"\uD83D\uDE00\":\"\uD83D\uDE01\"}}");
  }

  @Test
  void aMomentHasTheTextOfItsInstant() {
    for (Instant end : List.of(Instant.MIN, Instant.MAX)) {
      assertThat(JsonRow.text(end)).isEqualTo(end.toString());
    }
    Random random = new Random(7);
    LongStream.concat(
            LongStream.of(0, -1, 60, 59, -62_167_219_200L, -62_167_219_201L, 253_402_300_800L),
            random.longs(2_000, -400_000_000_000L, 400_000_000_000L))
        .forEach(
            second -> {
              for (long nanos : new long[] {0, 1, 1_000, 120_000_000, random.nextInt(1_000_000)}) {
                Instant moment = Instant.ofEpochSecond(second, nanos);
                assertThat(JsonRow.text(moment)).isEqualTo(moment.toString());
              }
            });
  }

  @Test
  void recordsOfEveryKindAreFormattedWithinLimits() throws Exception {
    assertThat(JsonRow.of(new Trip(5, Optional.of("x"), 1.5)))
        .isEqualTo("{\"trip-id\":5,\"note\":\"x\",\"fare\":1.5}");
    assertThat(JsonRow.of(new Trip(5, null, 1.5), Set.of("fare", "note")))
        .isEqualTo("{\"trip-id\":5,\"note\":\"***\",\"fare\":\"***\"}");
    GenericData.Record avro = new GenericData.Record(FlatTypes.CONTRACT);
    avro.put("text", "hi");
    assertThat(JSON.readTree(JsonRow.of(avro)).get("text").textValue()).isEqualTo("hi");
    Map<Object, Object> map = new LinkedHashMap<>();
    map.put("long", "y".repeat(5_000));
    map.put("lone", "a\uD83D");
    map.put("nested", List.of(1));
    map.put("self", map);
    map.put("exponent", new BigDecimal("1E+2000000000"));
    map.put(7, null);
    JsonNode shown = JSON.readTree(JsonRow.of(map));
    assertThat(shown.get("long").textValue()).hasSize(1_003).endsWith("y...");
    assertThat(shown.get("lone").textValue()).isEqualTo("a?");
    assertThat(shown.get("nested").toString()).isEqualTo("[1]");
    assertThat(shown.get("self").get("self").get("lone").textValue()).isEqualTo("a?");
    assertThat(shown.get("exponent").textValue()).isEqualTo("1E+2000000000");
    assertThat(shown.size()).isEqualTo(6);
  }

  @Test
  void unsupportedValuesAreShownAsTheirClass() {
    assertThat(JsonRow.of(null)).isEqualTo("{}");
    assertThat(JsonRow.of(new Broken(1))).contains(Broken.class.getName()).doesNotContain("secret");
    assertThat(JsonRow.of(new Object())).isEqualTo("{\"class\":\"java.lang.Object\"}");
  }
}
