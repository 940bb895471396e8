package io.meshwork.internal.parquet.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.internal.parquet.read.ParquetReader.ColumnMatch;
import io.meshwork.internal.parquet.schema.ColumnMismatchException;
import io.meshwork.internal.parquet.schema.UnreadableFileException;
import io.meshwork.internal.vector.MapVector;
import io.meshwork.internal.vector.VectorBatch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.Schema;
import org.apache.iceberg.expressions.Literal;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.apache.parquet.example.data.Group;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NestedProjectionTest {
  private static final String LINES =
      """
      message m { optional group lines (LIST) = 1 { repeated group list { optional group element = 2 {
        required int32 quantity = 3; optional binary note (STRING) = 4;
        optional group tags (LIST) = 5 { repeated group list { required int32 element = 6; } } } } } }
      """;

  @TempDir Path folder;

  @Test
  void structWithoutAnyFieldInTheFileKeepsItsNulls() {
    Path file = lines();
    NestedField flag = NestedField.optional(9, "flag", Types.BooleanType.get());
    NestedField rank =
        NestedField.required("rank")
            .withId(10)
            .ofType(Types.IntegerType.get())
            .withInitialDefault(Literal.of(7))
            .build();
    Map<String, Object> absent = new java.util.LinkedHashMap<>();
    absent.put("flag", null);
    absent.put("rank", 7);
    assertThat(column(file, listOf(Types.StructType.of(flag, rank)), ColumnMatch.BY_FIELD_ID))
        .containsExactly(Arrays.asList(absent, null, absent), List.of(), null, List.of(absent));
  }

  @Test
  void structDerivesItsNullsFromAListIfItHasNoOtherField() {
    Path file =
        file(
            """
            message m { optional group c { optional group tags (LIST) {
              repeated group list { required int32 element; } } } }
            """,
            row -> addInts(row.addGroup("c").addGroup("tags"), 1, 2, 3),
            row -> {},
            row -> row.addGroup("c"));
    Type wanted = Types.StructType.of(NestedField.optional(9, "x", Types.LongType.get()));
    assertThat(column(file, wanted, ColumnMatch.BY_NAME))
        .containsExactly(nothing("x"), null, nothing("x"));
  }

  @Test
  void structFieldsHaveTheOrderAndNamesOfTheProjection() {
    Type wanted =
        listOf(
            Types.StructType.of(
                NestedField.optional(
                    5, "labels", Types.ListType.ofRequired(6, Types.LongType.get())),
                NestedField.required(3, "amount", Types.LongType.get())));
    assertThat(column(lines(), wanted, ColumnMatch.BY_FIELD_ID).get(0))
        .isEqualTo(
            Arrays.asList(
                Map.of("labels", List.of(4L, 5L), "amount", 1L),
                null,
                Map.of("labels", List.of(), "amount", 2L)));
  }

  @Test
  void missingRequiredFieldIsReportedWithItsPath() {
    Type wanted = listOf(Types.StructType.of(NestedField.required(9, "x", Types.LongType.get())));
    assertMismatch(lines(), wanted, "c.element.x", "absent");
  }

  @Test
  void differentNestingIsRejectedByPath() {
    Types.StructType struct =
        Types.StructType.of(NestedField.required(3, "quantity", Types.IntegerType.get()));
    assertMismatch(lines(), struct, "column c ", "a list");
    assertMismatch(lines(), listOf(Types.LongType.get()), "c.element", "a struct");
    assertMismatch(
        lines(),
        Types.MapType.ofOptional(7, 8, Types.StringType.get(), struct),
        "column c ",
        "a list");
    assertMismatch(
        lines(),
        listOf(
            Types.StructType.of(
                NestedField.required(3, "q", Types.ListType.ofOptional(9, Types.LongType.get())))),
        "c.element.q",
        "int (INT32)");
    assertMismatch(
        lines(),
        listOf(Types.StructType.of(NestedField.optional(4, "n", Types.BinaryType.get()))),
        "c.element.n",
        "string");
    assertMismatch(lines(), listOf(Types.UnknownType.get()), "c.element", "not supported");
  }

  @Test
  void mapKeysAndValuesAreWidenedAndMayHaveLegacyNames() {
    for (String map : List.of("MAP", "MAP_KEY_VALUE")) {
      Path file =
          file(
              "message m { optional group c ("
                  + map
                  + ") { repeated group map (MAP_KEY_VALUE) {"
                  + " required int32 num; optional float amount; } } }",
              row -> {
                Group entries = row.addGroup("c");
                entries.addGroup("map").append("num", 5).append("amount", 0.5f);
                entries.addGroup("map").append("num", -6);
              },
              row -> row.addGroup("c"),
              row -> {});
      Map<Object, Object> entries = new java.util.LinkedHashMap<>();
      entries.put(5L, 0.5);
      entries.put(-6L, null);
      Type wanted = Types.MapType.ofOptional(8, 9, Types.LongType.get(), Types.DoubleType.get());
      assertThat(column(file, wanted, ColumnMatch.BY_NAME))
          .as(map)
          .containsExactly(entries, Map.of(), null);
    }
  }

  @Test
  void nullKeyIsMalformed() {
    Path file =
        file(
            """
            message m { required group c (MAP) { repeated group key_value {
              optional int32 key; required int32 value; } } }
            """,
            row -> row.addGroup("c").addGroup("key_value").append("value", 5));
    assertThatThrownBy(() -> all(file))
        .isInstanceOf(UnreadableFileException.class)
        .hasMessageContaining("null key")
        .hasMessageContaining("column c");
  }

  @Test
  void duplicateKeysAreLeftToTheCaller() {
    Path file =
        file(
            """
            message m { required group c (MAP) { repeated group key_value {
              required int32 key; required int32 value; } } }
            """,
            row -> {
              Group entries = row.addGroup("c");
              entries.addGroup("key_value").append("key", 1).append("value", 5);
              entries.addGroup("key_value").append("key", 1).append("value", 6);
            });
    try (ParquetReader reader = ReadRows.open(file);
        BatchReader batches = reader.read(reader.schema(), ColumnMatch.BY_NAME)) {
      assertThat(((MapVector) batches.next().vector(0)).length(0)).isEqualTo(2);
    }
  }

  @Test
  void absentNestedColumnsAreNull() {
    Path file = file("message m { required int32 a; }", row -> row.append("a", 1));
    Schema wanted =
        new Schema(
            NestedField.optional(3, "l", listOf(Types.LongType.get())),
            NestedField.optional(
                6,
                "m",
                Types.MapType.ofRequired(4, 5, Types.StringType.get(), Types.LongType.get())),
            NestedField.optional(
                7, "s", Types.StructType.of(NestedField.required(8, "x", Types.LongType.get()))));
    assertThat(ReadRows.all(file, wanted)).containsExactly(Arrays.asList(null, null, null));
  }

  @Test
  void nullTypeElementsAreReadAsAnyType() {
    org.apache.parquet.schema.MessageType schema =
        org.apache.parquet.schema.Types.buildMessage()
            .optionalList()
            .element(
                org.apache.parquet.schema.Types.optional(
                        org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT32)
                    .as(org.apache.parquet.schema.LogicalTypeAnnotation.unknownType())
                    .named("element"))
            .named("c")
            .named("m");
    Path file = folder.resolve("unknown.parquet");
    GroupFile.write(
        file,
        schema,
        List.of(
            row -> {
              Group list = row.addGroup("c");
              list.addGroup("list");
              list.addGroup("list");
            },
            row -> {}));
    assertThat(column(file, listOf(Types.StringType.get()), ColumnMatch.BY_NAME))
        .containsExactly(Arrays.asList(null, null), null);
  }

  private Path lines() {
    return file(
        LINES,
        row -> {
          Group lines = row.addGroup("lines");
          Group first = lines.addGroup("list").addGroup("element");
          first.append("quantity", 1).append("note", "a");
          addInts(first.addGroup("tags"), 4, 5);
          lines.addGroup("list");
          Group third = lines.addGroup("list").addGroup("element");
          third.append("quantity", 2).addGroup("tags");
        },
        row -> row.addGroup("lines"),
        row -> {},
        row -> row.addGroup("lines").addGroup("list").addGroup("element").append("quantity", 3));
  }

  private static void addInts(Group list, int... values) {
    for (int value : values) {
      list.addGroup("list").append("element", value);
    }
  }

  private static Types.ListType listOf(Type element) {
    return Types.ListType.ofOptional(2, element);
  }

  private static Map<String, Object> nothing(String name) {
    Map<String, Object> fields = new java.util.LinkedHashMap<>();
    fields.put(name, null);
    return fields;
  }

  /** Reads the file's first column as a type; it has the ID 1, or the name c. */
  private static List<Object> column(Path file, Type type, ColumnMatch match) {
    List<Object> values = new ArrayList<>();
    Schema wanted = new Schema(NestedField.optional(1, "c", type));
    try (ParquetReader reader = ReadRows.open(file);
        BatchReader batches = reader.read(wanted, match)) {
      for (VectorBatch batch = batches.next(); batch != null; batch = batches.next()) {
        VectorShape.check(batch);
        for (int row = 0; row < batch.rows(); row++) {
          values.add(batch.valueAt("c", row));
        }
      }
    }
    return values;
  }

  private static void assertMismatch(Path file, Type type, String... texts) {
    assertThatThrownBy(() -> column(file, type, ColumnMatch.BY_FIELD_ID))
        .isInstanceOf(ColumnMismatchException.class)
        .hasMessageContainingAll(texts);
  }

  private static List<List<Object>> all(Path file) {
    return ReadRows.all(file);
  }

  private Path file(String schema, GroupFile.Row... rows) {
    Path file = folder.resolve("file.parquet");
    file.toFile().delete();
    GroupFile.write(file, schema, rows);
    return file;
  }
}
