package io.meshwork.internal.parquet.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.internal.parquet.schema.ColumnMismatchException;
import java.nio.file.Path;
import java.util.List;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParquetFileSchemaTest {
  @TempDir Path folder;

  @Test
  void fieldIdsOfTheFileAreUsedIfEveryColumnHasOne() {
    Schema schema =
        schema(
            """
            message m {
              required int64 id = 7;
              optional group lines (LIST) = 9 { repeated group list {
                optional group element = 10 { required binary sku (STRING) = 12; } } }
            }
            """,
            true);
    assertThat(schema.findField(7).name()).isEqualTo("id");
    assertThat(schema.findField(12).type()).isEqualTo(Types.StringType.get());
    assertThat(schema.findType("lines").asListType().elementId()).isEqualTo(10);
  }

  @Test
  void missingIdReplacesAllIds() {
    Schema schema = schema("message m { required int64 id = 7; optional int32 n; }", false);
    assertThat(schema.findField("id").fieldId()).isEqualTo(1);
    assertThat(schema.findField("n").fieldId()).isEqualTo(2);
  }

  @Test
  void nestedColumnsHaveIdsAfterTheTopLevel() {
    Schema schema =
        schema(
            "message m { required group g { optional int32 a; required int32 b; } "
                + "required int32 c; }",
            false);
    assertThat(schema.asStruct())
        .isEqualTo(
            Types.StructType.of(
                Types.NestedField.required(
                    1,
                    "g",
                    Types.StructType.of(
                        Types.NestedField.optional(3, "a", Types.IntegerType.get()),
                        Types.NestedField.required(4, "b", Types.IntegerType.get()))),
                Types.NestedField.required(2, "c", Types.IntegerType.get())));
  }

  @Test
  void twoLevelListsHaveRequiredElements() {
    assertThat(listType("optional group v (LIST) { repeated int32 element; }"))
        .isEqualTo(Types.ListType.ofRequired(2, Types.IntegerType.get()));
    assertThat(listType("optional group v (LIST) { repeated group array { required int32 a; } }"))
        .isInstanceOf(Types.ListType.class)
        .satisfies(type -> assertThat(type.asListType().elementType().isStructType()).isTrue());
    assertThat(listType("repeated int32 v;"))
        .isEqualTo(Types.ListType.ofRequired(2, Types.IntegerType.get()));
  }

  @Test
  void mapsHaveKeysAndValues() {
    assertThat(
            listType(
                "optional group v (MAP) { repeated group key_value {"
                    + " required binary key (STRING); optional double value; } }"))
        .isEqualTo(Types.MapType.ofOptional(2, 3, Types.StringType.get(), Types.DoubleType.get()));
  }

  @Test
  void legacyTypeNamesAreEquivalent() {
    Schema schema =
        schema(
            """
            message m {
              required binary s (UTF8); required binary e (ENUM); required binary j (JSON);
              required binary b (BSON); required int32 d (DECIMAL(9,2)); required int32 u8 (UINT_8);
              required int32 u32 (UINT_32); required int64 u64 (UINT_64); required int32 day (DATE);
              required int32 t (TIME_MILLIS); required int64 ts (TIMESTAMP_MILLIS); required int96 old;
              required fixed_len_byte_array(3) f;
            }
            """,
            false);
    assertThat(schema.columns().stream().map(field -> field.type().toString()))
        .containsExactly(
            "string",
            "string",
            "string",
            "binary",
            "decimal(9, 2)",
            "int",
            "long",
            "decimal(20, 0)",
            "date",
            "time",
            "timestamptz",
            "timestamptz",
            "fixed[3]");
  }

  @Test
  void typeWithoutIcebergEquivalentIsReportedAndOthersAreRead() {
    MessageType schema =
        org.apache.parquet.schema.Types.buildMessage()
            .required(PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY)
            .length(12)
            .as(LogicalTypeAnnotation.IntervalLogicalTypeAnnotation.getInstance())
            .named("span")
            .required(PrimitiveTypeName.INT32)
            .named("whole")
            .named("m");
    Path file = folder.resolve("span.parquet");
    GroupFile.write(file, schema, List.of());
    try (ParquetReader reader = ReadRows.open(file)) {
      assertThatThrownBy(reader::schema)
          .isInstanceOf(ColumnMismatchException.class)
          .hasMessageContaining("span")
          .hasMessageContaining("INTERVAL");
      Schema wanted = new Schema(Types.NestedField.required(5, "whole", Types.IntegerType.get()));
      assertThat(ReadRows.all(reader, wanted)).isEmpty();
    }
  }

  private Type listType(String column) {
    return schema("message m { " + column + " }", false).findType("v");
  }

  private Schema schema(String message, boolean withIds) {
    Path file = folder.resolve("schema.parquet");
    file.toFile().delete();
    GroupFile.write(file, message, List.of());
    try (ParquetReader reader = ReadRows.open(file)) {
      assertThat(reader.hasFieldIds()).isEqualTo(withIds);
      return reader.schema();
    }
  }
}
