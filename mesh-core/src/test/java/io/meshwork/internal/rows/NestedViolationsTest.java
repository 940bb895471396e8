package io.meshwork.internal.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.error.ContractViolationException;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.materializers.RowMaterializers;
import io.meshwork.internal.rows.TypeViolations.Violation;
import io.meshwork.internal.vector.ListVector;
import io.meshwork.internal.vector.MapVector;
import io.meshwork.internal.vector.StructVector;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.util.Utf8;
import org.junit.jupiter.api.Test;

class NestedViolationsTest {
  private final VectorBatch batch = VectorBatch.empty(NestedRows.TABLE);
  private final TypeViolations violations = new TypeViolations();
  private final RecordShredder shredder =
      RecordShredders.forRecords(NestedRows.CONTRACT, NestedRows.TABLE);

  @Test
  void valueThatDoesNotFitIsReportedByPathAndItsColumnBecomesNull() {
    shredder.shred(good(1), batch, violations);
    Map<String, Object> bad = good(2);
    bad.put("address", Map.of("zip", "secret"));
    bad.put(
        "lines",
        List.of(
            Map.of("quantity", 1, "price", new BigDecimal("1.234")),
            Map.of("quantity", 2, "price", new BigDecimal("12345678.00")),
            Map.of("quantity", 3, "codes", Arrays.asList(5L, 1.5))));
    bad.put("tags", Map.of("k", 7));
    bad.put("history", Map.of("h", List.of(Map.of("day", LocalDate.MAX, "marks", Map.of()))));
    shredder.shred(bad, batch, violations);
    shredder.shred(good(3), batch, violations);

    assertThat(violations.at(1))
        .extracting(Violation::column, Violation::code)
        .containsExactly(
            tuple("address.zip", FindingCode.TYPE_MISMATCH),
            tuple("lines[].price", FindingCode.DECIMAL_SCALE),
            tuple("lines[].price", FindingCode.DECIMAL_PRECISION),
            tuple("lines[].codes[]", FindingCode.TYPE_MISMATCH),
            tuple("tags{}", FindingCode.TYPE_MISMATCH),
            tuple("history{}[].day", FindingCode.TIMESTAMP_RANGE));
    assertThat(violations.at(1).toString()).doesNotContain("secret", "234");
    assertThat(violations.rows().count()).isEqualTo(1);
    assertThat(RowMaterializers.asMap(batch.schema()).row(batch, 1))
        .containsEntry("id", 2L)
        .containsEntry("address", null)
        .containsEntry("lines", null)
        .containsEntry("tags", null)
        .containsEntry("history", null);
    assertThat(RowMaterializers.asMap(batch.schema()).row(batch, 2))
        .isEqualTo(RowMaterializers.asMap(batch.schema()).row(shredded(good(3)), 0));
    assertWhole(batch, 3);
  }

  @Test
  void nullInARequiredNestedFieldIsAViolation() {
    Map<String, Object> row = good(1);
    Map<String, Object> address = new HashMap<>();
    address.put("zip", null);
    row.put("address", address);
    row.put("lines", Arrays.asList(null, Map.of("price", BigDecimal.ONE)));
    Map<String, String> tags = new HashMap<>();
    tags.put("k", null);
    row.put("tags", tags);

    shredder.shred(row, batch, violations);

    assertThat(violations.at(0))
        .extracting(Violation::column, Violation::code)
        .containsExactly(
            tuple("address.zip", FindingCode.REQUIRED_NULL),
            tuple("lines[]", FindingCode.REQUIRED_NULL),
            tuple("lines[].quantity", FindingCode.REQUIRED_NULL),
            tuple("tags{}", FindingCode.REQUIRED_NULL));
    assertWhole(batch, 1);
  }

  @Test
  void unknownNestedSymbolIsAViolation() {
    enum Paint {
      RED,
      SECRET
    }
    for (Object color : List.of("SECRET", new Utf8("SECRET"), Paint.SECRET, Paint.RED, "BLUE")) {
      Map<String, Object> row = good(1);
      row.put("lines", List.of(Map.of("quantity", 1, "color", color)));
      shredder.shred(row, batch, violations);
    }

    for (int row = 0; row < 3; row++) {
      assertThat(violations.at(row))
          .extracting(Violation::column, Violation::code)
          .containsExactly(tuple("lines[].color", FindingCode.ENUM_MEMBER));
      assertThat(violations.at(row).toString()).doesNotContain("SECRET");
    }
    assertThat(violations.rows().count()).isEqualTo(3);
  }

  @Test
  void mapKeysMustBeDistinctTexts() {
    Map<Object, Object> twice = new LinkedHashMap<>();
    twice.put("secret", "a");
    twice.put(new Utf8("secret"), "b");
    Map<Object, Object> many = new LinkedHashMap<>();
    for (int i = 0; i < 20; i++) {
      many.put("k" + i, "v");
    }
    many.put(new Utf8("k7"), "v");
    Map<Object, Object> none = new HashMap<>();
    none.put(null, "a");

    assertThat(tagged(twice)).containsExactly(tuple("tags", FindingCode.MAP_KEY_DUPLICATE));
    assertThat(tagged(many)).containsExactly(tuple("tags", FindingCode.MAP_KEY_DUPLICATE));
    assertThat(tagged(none)).containsExactly(tuple("tags", FindingCode.MAP_KEY_NULL));
    assertThat(tagged(Map.of(7, "a")))
        .containsExactly(tuple("tags{key}", FindingCode.TYPE_MISMATCH));
    assertThat(tagged(Map.of("\uD83D", "a")))
        .containsExactly(tuple("tags{key}", FindingCode.STRING_ENCODING));
    assertThat(tagged(List.of())).containsExactly(tuple("tags", FindingCode.TYPE_MISMATCH));
    assertThat(violations.at(0).toString()).doesNotContain("secret");
    assertWhole(batch, 6);
  }

  @Test
  void nestedRecordOfAnotherShapeIsAViolationWithItsReason() {
    record Town(int zip, String name) {}
    Map<String, Object> java = good(1);
    java.put("address", new Town(1, "secret"));
    Map<String, Object> map = good(2);
    map.put("address", Map.of("zip", 1, "town", "secret", "city", "x"));
    Map<String, Object> avro = good(3);
    avro.put("address", new GenericData.Record(FlatTypes.column("zip", "\"string\"")));
    Map<String, Object> text = good(4);
    text.put("address", "secret");
    text.put("lines", 7);
    List.of(java, map, avro, text).forEach(row -> shredder.shred(row, batch, violations));

    assertThat(violations.at(0)).hasSize(1);
    assertThat(violations.at(0).get(0).column()).isEqualTo("address");
    assertThat(violations.at(0).get(0).reason()).contains("'address.name'", "not a column");
    assertThat(violations.at(1))
        .extracting(Violation::column, Violation::code)
        .containsExactly(tuple("address.town", FindingCode.UNKNOWN_COLUMN));
    assertThat(violations.at(2).get(0).reason()).contains("'address.zip'", "string", "int");
    assertThat(violations.at(3))
        .extracting(Violation::column, Violation::code)
        .containsExactly(
            tuple("address", FindingCode.TYPE_MISMATCH), tuple("lines", FindingCode.TYPE_MISMATCH));
    assertThat(violations.at(3).get(0).reason()).contains("java.lang.String", "record");
    assertWhole(batch, 4);
  }

  @Test
  void incompatibleClassIsRejectedOnceWithEveryNestedMismatch() {
    record CheckedField(String zip, String town) {}
    record Item(long quantity) {}
    record Wrong(
        long id,
        CheckedField address,
        List<Item> lines,
        Map<Integer, String> tags,
        double[] weights) {}

    ContractViolationException refused =
        catchThrowableOfType(
            ContractViolationException.class,
            () -> shredder.shred(new Wrong(1, null, List.of(), null, null), batch, violations));

    assertThat(refused.findings())
        .extracting(Finding::code, Finding::where)
        .containsExactly(
            tuple(FindingCode.TYPE_MISMATCH, "address.zip"),
            tuple(FindingCode.UNKNOWN_COLUMN, "address.town"),
            tuple(FindingCode.TYPE_MISMATCH, "lines[].quantity"),
            tuple(FindingCode.TYPE_MISMATCH, "tags{key}"),
            tuple(FindingCode.TYPE_MISMATCH, "weights[]"));
    assertThat(refused.findings().get(4).what())
        .contains("an element of component 'weights'", "double", "float");
    assertWhole(batch, 0);
  }

  @Test
  void incompatibleAvroSchemaIsRejectedOnceWithEveryNestedMismatch() {
    Schema other =
        new Schema.Parser()
            .parse(
                """
                {"type":"record","name":"Other","fields":[
                  {"name":"id","type":"long"},
                  {"name":"lines","type":{"type":"array","items":{"type":"record","name":"L",
                    "fields":[{"name":"quantity","type":"long"},{"name":"extra","type":"int"}]}}},
                  {"name":"tags","type":{"type":"map","values":"int"}},
                  {"name":"address","type":"string"}]}
                """);

    ContractViolationException refused =
        catchThrowableOfType(
            ContractViolationException.class,
            () -> shredder.shred(new GenericData.Record(other), batch, violations));

    assertThat(refused.findings())
        .extracting(Finding::code, Finding::where)
        .containsExactlyInAnyOrder(
            tuple(FindingCode.TYPE_MISMATCH, "address"),
            tuple(FindingCode.UNKNOWN_COLUMN, "lines[].extra"),
            tuple(FindingCode.TYPE_MISMATCH, "lines[].quantity"),
            tuple(FindingCode.TYPE_MISMATCH, "tags{}"));
  }

  @Test
  void exceptionOfACollectionPropagatesAndNothingIsAdded() {
    shredder.shred(good(1), batch, violations);
    Map<String, Object> row = good(2);
    row.put(
        "lines",
        new AbstractList<Object>() {
          @Override
          public Object get(int index) {
            if (index == 2) {
              throw new IllegalStateException("from the list");
            }
            return Map.of("quantity", index, "codes", List.of(1L, 2L));
          }

          @Override
          public int size() {
            return 3;
          }
        });

    assertThatThrownBy(() -> shredder.shred(row, batch, violations))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("from the list");
    assertWhole(batch, 1);

    shredder.shred(good(3), batch, violations);
    assertThat(RowMaterializers.asMap(batch.schema()).row(batch, 1))
        .isEqualTo(RowMaterializers.asMap(batch.schema()).row(shredded(good(3)), 0));
  }

  private List<org.assertj.core.groups.Tuple> tagged(Object tags) {
    Map<String, Object> row = good(1);
    row.put("tags", tags);
    int at = batch.rows();
    shredder.shred(row, batch, violations);
    assertThat(batch.isNull("tags", at)).isTrue();
    return violations.at(at).stream().map(v -> tuple(v.column(), v.code())).toList();
  }

  private static VectorBatch shredded(Map<String, Object> row) {
    return NestedRows.shred(NestedRows.CONTRACT, List.of(row));
  }

  private static Map<String, Object> good(long id) {
    Map<String, Object> row = new HashMap<>();
    row.put("id", id);
    row.put("address", Map.of("zip", 1000 + (int) id));
    row.put("lines", List.of(Map.of("quantity", 1, "codes", List.of(id))));
    row.put("tags", Map.of("k", "v" + id));
    return row;
  }

  private static void assertWhole(VectorBatch batch, int rows) {
    batch.vectors().forEach(vector -> assertWhole(vector, rows));
  }

  private static void assertWhole(Vector vector, int rows) {
    assertThat(vector.size()).isEqualTo(rows);
    if (vector instanceof StructVector structs) {
      structs.children().forEach(child -> assertWhole(child, rows));
    } else if (vector instanceof ListVector lists) {
      assertWhole(lists.elements(), rows == 0 ? 0 : lists.start(rows - 1) + lists.length(rows - 1));
    } else if (vector instanceof MapVector maps) {
      int entries = rows == 0 ? 0 : maps.start(rows - 1) + maps.length(rows - 1);
      assertWhole(maps.keys(), entries);
      assertWhole(maps.values(), entries);
    }
  }
}
