package io.meshwork.internal.materializers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.meshwork.contract.Column;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.rows.FlatTypes;
import io.meshwork.internal.rows.JsonRow;
import io.meshwork.internal.rows.NestedRows;
import io.meshwork.internal.vector.VectorBatch;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

class NestedMaterializersTest {
  private record Codes(long[] codes) {}

  private record Primitives(List<Codes> lines) {}

  private record Part(Integer quantity, Optional<List<Optional<Long>>> codes) {}

  private record Parts(Part[] lines, Map<String, Object> address, Map<?, ?> tags, Object weights) {}

  private record Marks(Map<String, Double> marks) {}

  private record Town(int zip, String town) {}

  private record Narrow(short[] numbers, @Column("numbers") List<Byte> tiny) {}

  private record Wrong(
      Town address, Set<Object> lines, Map<String, Integer> tags, List<String> weights) {}

  @Test
  void arraysOptionalsAndGeneralTypesAreMaterialized() {
    VectorBatch batch = batch(row(List.of(line(1, Arrays.asList(5L, null)), line(2, null))));

    Parts parts =
        RowMaterializers.asRecord(Parts.class, batch.schema(), NestedRows.CONTRACT).row(batch, 0);

    assertThat(parts.lines())
        .containsExactly(
            new Part(1, Optional.of(List.of(Optional.of(5L), Optional.empty()))),
            new Part(2, Optional.empty()));
    assertThat(parts.address()).containsEntry("zip", 8000).containsEntry("country", "CH");
    assertThat(parts.tags()).isEqualTo(Map.of("k", "v"));
    assertThat(parts.weights()).isEqualTo(List.of(1.5f));
  }

  @Test
  void elementsAreNarrowedToShortsAndBytesIfAllFit() {
    Schema contract = FlatTypes.nullable("numbers | {\"type\":\"array\",\"items\":\"int\"}");
    VectorBatch batch =
        NestedRows.shred(
            contract,
            List.of(Map.of("numbers", List.of(1, -2)), Map.of("numbers", List.of(1, 70_000))));
    RowMaterializer<Narrow> materializer =
        RowMaterializers.asRecord(Narrow.class, batch.schema(), contract);

    Narrow read = materializer.row(batch, 0);

    assertThat(read.numbers()).isEqualTo(new short[] {1, -2});
    assertThat(read.tiny()).containsExactly((byte) 1, (byte) -2);
    assertThatThrownBy(() -> materializer.row(batch, 1))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.READER_INVALID))
        .hasMessageContainingAll("row 2", "'numbers[]'", "range of short", "int")
        .hasMessageNotContaining("70");
  }

  @Test
  void nestedNullForAPrimitiveIsRejectedWithRowPathAndFix() {
    VectorBatch batch =
        batch(
            row(List.of(line(1, List.of(5L)))),
            row(List.of(line(1, List.of()), line(2, Arrays.asList(4711L, null)))));
    RowMaterializer<Primitives> materializer =
        RowMaterializers.asRecord(Primitives.class, batch.schema(), NestedRows.CONTRACT);

    assertThat(materializer.row(batch, 0).lines().get(0).codes()).containsExactly(5);
    assertThatThrownBy(() -> materializer.row(batch, 1))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.READER_INVALID))
        .hasMessageContainingAll("row 2", "'codes'", "'lines[].codes[]'", "long", "Long")
        .hasMessageNotContaining("4711");
  }

  @Test
  void nullInAPrimitiveComponentOfANestedRecordIsRejectedWithItsPath() {
    Schema contract =
        new Schema.Parser()
            .parse(
                """
                {"type":"record","name":"Row","fields":[{"name":"place","type":
                  {"type":"record","name":"Place","fields":[
                    {"name":"zip","type":["null","int"],"default":null}]}}]}
                """);
    record CheckedField(int zip) {}
    record Holder(CheckedField place) {}
    VectorBatch batch = NestedRows.shred(contract, List.of(Map.of("place", Map.of())));
    RowMaterializer<Holder> materializer =
        RowMaterializers.asRecord(Holder.class, batch.schema(), contract);

    assertThatThrownBy(() -> materializer.row(batch, 0))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll("row 1", "'zip'", "'place.zip'", "int", "Integer");
  }

  @Test
  void recordThatDoesNotFitIsRejectedWithEveryNestedMismatch() {
    InvalidRequestException refused =
        catchThrowableOfType(
            InvalidRequestException.class,
            () -> RowMaterializers.asRecord(Wrong.class, NestedRows.TABLE, NestedRows.CONTRACT));

    assertThat(refused.errorCode()).isEqualTo(ErrorCode.READER_INVALID);
    assertThat(refused.findings())
        .extracting(Finding::where)
        .containsExactly("address.town", "lines", "tags{}", "weights[]");
    assertThat(refused.findings().get(1).fix()).contains("List", "array");
    assertThat(refused.findings().get(2).what()).contains("a value of component 'tags'");
  }

  @Test
  void readerSchemaProjectsFieldsAtAnyDepthInItsOwnOrder() {
    Schema reader =
        new Schema.Parser()
            .parse(
                """
                {"type":"record","name":"Seen","fields":[
                  {"name":"lines","type":{"type":"array","items":{"type":"record","name":"L",
                    "fields":[
                      {"name":"codes","type":["null",{"type":"array","items":["null","long"]}]},
                      {"name":"quantity","type":"int"}]}}},
                  {"name":"address","type":["null",{"type":"record","name":"A","fields":[
                    {"name":"country","type":"string"}]}]}]}
                """);
    VectorBatch batch = batch(row(List.of(line(7, List.of(1L, 2L)))));

    GenericRecord seen =
        RowMaterializers.asAvro(batch.schema(), NestedRows.CONTRACT, reader).row(batch, 0);

    assertThat(seen.toString())
        .isEqualTo(
            "{\"lines\": [{\"codes\": [1, 2], \"quantity\": 7}],"
                + " \"address\": {\"country\": \"CH\"}}");
    Schema wrong =
        new Schema.Parser()
            .parse(
                """
                {"type":"record","name":"Seen","fields":[
                  {"name":"lines","type":{"type":"array","items":{"type":"record","name":"L",
                    "fields":[{"name":"quantty","type":"int"}]}}},
                  {"name":"tags","type":{"type":"array","items":"string"}}]}
                """);
    InvalidRequestException refused =
        catchThrowableOfType(
            InvalidRequestException.class,
            () -> RowMaterializers.asAvro(batch.schema(), NestedRows.CONTRACT, wrong));
    assertThat(refused.findings())
        .extracting(Finding::where)
        .containsExactly("lines[].quantty", "tags");
    assertThat(refused).hasMessageContaining("nearest column is 'quantity'");
  }

  @Test
  void nestedValuesAreFormattedAsJsonAndMaskedByPath() throws Exception {
    Map<String, Object> row = row(List.of(line(7, Arrays.asList(1L, null)), line(8, null)));
    VectorBatch batch = batch(row);
    Set<String> masked = Set.of("address.zip", "lines[].codes", "tags{}", "history{}[].day");
    ObjectMapper json = new ObjectMapper();

    assertThat(json.readTree(new JsonRow(masked).of(batch, 0)))
        .isEqualTo(
            json.readTree(
                """
                {"id":1,"address":{"zip":"***","city":null,"country":"CH"},
                 "lines":[{"quantity":7,"price":"1.00","codes":"***","color":null},
                          {"quantity":8,"price":"1.00","codes":"***","color":null}],
                 "tags":{"k":"***"},"history":null,"weights":[1.5]}
                """));
    row.put("history", Map.of("h", List.of(Map.of("day", "secret", "marks", new Marks(null)))));
    assertThat(json.readTree(JsonRow.of(row, masked)))
        .isEqualTo(
            json.readTree(
                """
                {"id":1,"address":{"zip":"***"},
                 "lines":[{"quantity":7,"price":"1","codes":"***"},
                          {"quantity":8,"price":"1","codes":"***"}],
                 "tags":{"k":"***"},"weights":[1.5],
                 "history":{"h":[{"day":"***","marks":{"marks":null}}]}}
                """));
    List<Object> itself = new java.util.ArrayList<>();
    itself.add(itself);
    itself.add(itself);
    row.put("lines", itself);
    row.put("weights", new int[500]);
    String shown = JsonRow.of(row);
    assertThat(shown.length()).isLessThan(200_000);
    assertThat(json.readTree(shown).get("lines").get(0).isArray()).isTrue();
  }

  private static Map<String, Object> line(int quantity, List<Long> codes) {
    Map<String, Object> line = new HashMap<>();
    line.put("quantity", quantity);
    line.put("price", BigDecimal.ONE);
    line.put("codes", codes);
    return line;
  }

  private static Map<String, Object> row(List<Map<String, Object>> lines) {
    Map<String, Object> row = new HashMap<>();
    row.put("id", 1L);
    row.put("address", Map.of("zip", 8000));
    row.put("lines", lines);
    row.put("tags", Map.of("k", "v"));
    row.put("weights", List.of(1.5f));
    return row;
  }

  private static VectorBatch batch(Object... rows) {
    return NestedRows.shred(NestedRows.CONTRACT, List.of(rows));
  }
}
