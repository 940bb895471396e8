package io.meshwork.internal.parquet.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.internal.parquet.read.ParquetReader.ColumnMatch;
import io.meshwork.internal.parquet.schema.ColumnMismatchException;
import io.meshwork.internal.vector.VectorBatch;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.List;
import java.util.function.Consumer;
import org.apache.iceberg.Schema;
import org.apache.iceberg.expressions.Literal;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.NanoTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParquetProjectionTest {
  @TempDir Path folder;

  @Test
  void columnsHaveTheOrderOfTheProjectionByFieldId() {
    Path file =
        file(
            "message m { required int64 id = 1; required binary old_name (STRING) = 2; }",
            row -> row.append("id", 5L).append("old_name", "a"));
    Schema wanted =
        new Schema(
            NestedField.required(2, "new_name", Types.StringType.get()),
            NestedField.required(1, "id", Types.LongType.get()));
    try (ParquetReader reader = ReadRows.open(file);
        BatchReader batches = reader.read(wanted, ColumnMatch.BY_FIELD_ID)) {
      VectorBatch batch = batches.next();
      assertThat(batch.valueAt("new_name", 0)).isEqualTo("a");
      assertThat(batch.valueAt("id", 0)).isEqualTo(5L);
      assertThat(batches.next()).isNull();
    }
  }

  @Test
  void aProjectionWithoutColumnsHasTheRows() {
    Path file =
        file("message m { required int64 id = 1; }", row -> row.append("id", 5L));
    try (ParquetReader reader = ReadRows.open(file);
        BatchReader batches = reader.read(new Schema(), ColumnMatch.BY_FIELD_ID)) {
      VectorBatch batch = batches.next();
      assertThat(batch.columns()).isEmpty();
      assertThat(batch.rows()).isEqualTo(1);
      assertThat(batch.gather(new int[0]).rows()).isZero();
      assertThat(batches.next()).isNull();
    }
  }

  @Test
  void namesAreMatchedExactly() {
    Path file = file("message m { required int32 Id; }", row -> row.append("Id", 5));
    Schema wanted = new Schema(NestedField.required(1, "id", Types.IntegerType.get()));
    assertMismatch(file, wanted, "id", "absent");
  }

  @Test
  void fileWithoutIdsCannotBeMatchedById() {
    Path file = file("message m { required int32 a; }", row -> row.append("a", 5));
    try (ParquetReader reader = ReadRows.open(file)) {
      assertThatThrownBy(() -> reader.read(reader.schema(), ColumnMatch.BY_FIELD_ID))
          .isInstanceOf(ColumnMismatchException.class)
          .hasMessageContaining("no field IDs");
    }
  }

  @Test
  void absentColumnIsNullOrItsInitialDefault() {
    Path file = file("message m { required int32 a; }", row -> row.append("a", 5));
    Schema wanted =
        new Schema(
            NestedField.optional(8, "gone", Types.DoubleType.get()),
            NestedField.required(1, "a", Types.IntegerType.get()),
            NestedField.required("text")
                .withId(9)
                .ofType(Types.StringType.get())
                .withInitialDefault(Literal.of("none"))
                .build(),
            NestedField.optional("price")
                .withId(10)
                .ofType(Types.DecimalType.of(30, 2))
                .withInitialDefault(Literal.of(new BigDecimal("-1.50")))
                .build());
    assertThat(ReadRows.all(file, wanted).get(0))
        .containsExactly(null, 5, "none", new BigDecimal("-1.50"));
  }

  @Test
  void optionalColumnIsReadIntoARequiredFieldWithItsNulls() {
    Path file = file("message m { optional int32 a; }", row -> {}, row -> row.append("a", 1));
    assertThat(read(file, "a", Types.IntegerType.get(), true)).containsExactly(null, 1);
  }

  @Test
  void valuesAreWidened() {
    Path file =
        file(
            """
            message m { required int32 i; required float f; required int32 d (DECIMAL(5,2));
              required int64 ms (TIMESTAMP(MILLIS,true)); required int64 us (TIMESTAMP(MICROS,false));
              required int32 day (DATE); required int32 u (INTEGER(32,false));
              required int64 u64 (INTEGER(64,false)); required binary big (DECIMAL(20,3)); }
            """,
            row ->
                row.append("i", Integer.MIN_VALUE)
                    .append("f", 0.5f)
                    .append("d", -12_345)
                    .append("ms", 1_700_000_000_123L)
                    .append("us", 1_700_000_000_123_456L)
                    .append("day", 1)
                    .append("u", -1)
                    .append("u64", 77L)
                    .append(
                        "big",
                        org.apache.parquet.io.api.Binary.fromConstantByteArray(
                            new byte[] {(byte) 0xFF, 0})));
    assertThat(read(file, "i", Types.LongType.get())).containsExactly((long) Integer.MIN_VALUE);
    assertThat(read(file, "f", Types.DoubleType.get())).containsExactly(0.5);
    assertThat(read(file, "d", Types.DecimalType.of(9, 4)))
        .containsExactly(new BigDecimal("-123.4500"));
    assertThat(read(file, "d", Types.DecimalType.of(38, 20)))
        .containsExactly(new BigDecimal("-123.45").setScale(20));
    assertThat(read(file, "ms", Types.TimestampType.withZone()))
        .containsExactly(Instant.ofEpochMilli(1_700_000_000_123L));
    assertThat(read(file, "ms", Types.TimestampNanoType.withZone()))
        .containsExactly(Instant.ofEpochMilli(1_700_000_000_123L));
    assertThat(read(file, "us", Types.TimestampNanoType.withoutZone()))
        .containsExactly(LocalDateTime.parse("2023-11-14T22:13:20.123456"));
    assertThat(read(file, "day", Types.TimestampType.withoutZone()))
        .containsExactly(LocalDateTime.parse("1970-01-02T00:00:00"));
    assertThat(read(file, "u", Types.LongType.get())).containsExactly(4_294_967_295L);
    assertThat(read(file, "u64", Types.DecimalType.of(20, 0))).containsExactly(new BigDecimal(77));
    assertThat(read(file, "u64", Types.LongType.get())).containsExactly(77L);
    assertThat(read(file, "big", Types.DecimalType.of(22, 5)))
        .containsExactly(new BigDecimal("-0.25600"));
  }

  @Test
  void lossyConversionsAreRejectedByName() {
    Path file =
        file(
            """
            message m { required int64 l; required double d; required binary s (STRING);
              required binary b; required int32 p (DECIMAL(9,2)); required int64 ts (TIMESTAMP(MICROS,false));
              required int64 ns (TIMESTAMP(NANOS,true)); required fixed_len_byte_array(3) f;
              required group g { required int32 a; } repeated int32 r; }
            """);
    assertRefused(file, "l", Types.IntegerType.get());
    assertRefused(file, "l", Types.DoubleType.get());
    assertRefused(file, "d", Types.FloatType.get());
    assertRefused(file, "s", Types.BinaryType.get());
    assertRefused(file, "b", Types.StringType.get());
    assertRefused(file, "p", Types.DecimalType.of(9, 3));
    assertRefused(file, "p", Types.DecimalType.of(10, 1));
    assertRefused(file, "ts", Types.TimestampType.withZone());
    assertRefused(file, "ns", Types.TimestampType.withZone());
    assertRefused(file, "f", Types.FixedType.ofLength(4));
    assertRefused(file, "g", Types.IntegerType.get());
    assertRefused(file, "r", Types.IntegerType.get());
  }

  @Test
  void valuesOutOfRangeAreRejected() {
    Path file =
        file(
            """
            message m { required int64 t (TIME(NANOS,true)); required int32 u (INTEGER(32,false));
              required int64 u64 (INTEGER(64,false)); required int64 ms (TIMESTAMP(MILLIS,true));
              required int32 late (TIME(MILLIS,true)); }
            """,
            row ->
                row.append("t", 1_001L)
                    .append("u", -1)
                    .append("u64", -1L)
                    .append("ms", Long.MAX_VALUE)
                    .append("late", 86_400_000));
    assertValueRefused(file, "t", Types.TimeType.get());
    assertValueRefused(file, "u", Types.IntegerType.get());
    assertValueRefused(file, "u64", Types.LongType.get());
    assertValueRefused(file, "ms", Types.TimestampType.withZone());
    assertValueRefused(file, "late", Types.TimeType.get());
  }

  @Test
  void nanosecondTimesOfWholeMicrosecondsAreRead() {
    Path file =
        file(
            "message m { required int64 t (TIME(NANOS,true)); }",
            row -> row.append("t", 86_399_999_999_000L));
    assertThat(read(file, "t", Types.TimeType.get()))
        .containsExactly(LocalTime.parse("23:59:59.999999"));
  }

  @Test
  void int96IsAnInstantOrALocalTimestamp() {
    Path file =
        file(
            "message m { required int96 t; }",
            row -> row.append("t", new NanoTime(2_440_589, 3_600_000_001_000L)),
            row -> row.append("t", new NanoTime(2_440_587, 0)));
    assertThat(read(file, "t", Types.TimestampType.withZone()))
        .containsExactly(
            Instant.parse("1970-01-02T01:00:00.000001Z"), Instant.parse("1969-12-31T00:00:00Z"));
    assertThat(read(file, "t", Types.TimestampNanoType.withoutZone()))
        .containsExactly(
            LocalDateTime.parse("1970-01-02T01:00:00.000001"),
            LocalDateTime.parse("1969-12-31T00:00:00"));
  }

  @Test
  void int96FinerThanMicrosecondsIsNotRounded() {
    Path file =
        file("message m { required int96 t; }", row -> row.append("t", new NanoTime(2_440_588, 1)));
    assertValueRefused(file, "t", Types.TimestampType.withZone());
  }

  @Test
  void nullTypeColumnIsReadAsAnyType() {
    org.apache.parquet.schema.MessageType schema =
        org.apache.parquet.schema.Types.buildMessage()
            .optional(org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT32)
            .as(org.apache.parquet.schema.LogicalTypeAnnotation.unknownType())
            .named("nothing")
            .named("m");
    Path file = folder.resolve("unknown.parquet");
    GroupFile.write(file, schema, List.of(row -> {}, row -> {}));
    assertThat(read(file, "nothing", Types.StringType.get())).containsExactly(null, null);
    try (ParquetReader reader = ReadRows.open(file)) {
      assertThat(reader.schema().findType("nothing")).isEqualTo(Types.UnknownType.get());
    }
  }

  private void assertRefused(Path file, String column, Type wanted) {
    assertMismatch(
        file, new Schema(NestedField.required(1, column, wanted)), column, wanted.toString());
  }

  private void assertMismatch(Path file, Schema wanted, String column, String text) {
    try (ParquetReader reader = ReadRows.open(file)) {
      assertThatThrownBy(() -> reader.read(wanted, ColumnMatch.BY_NAME))
          .isInstanceOf(ColumnMismatchException.class)
          .hasMessageContaining("column " + column)
          .hasMessageContaining(text);
    }
  }

  private void assertValueRefused(Path file, String column, Type wanted) {
    assertThatThrownBy(() -> read(file, column, wanted))
        .isInstanceOf(ColumnMismatchException.class)
        .hasMessageContaining("column " + column)
        .hasMessageContaining("a value");
  }

  private List<Object> read(Path file, String column, Type type) {
    return read(file, column, type, false);
  }

  private List<Object> read(Path file, String column, Type type, boolean required) {
    Schema wanted =
        new Schema(
            required
                ? NestedField.required(1, column, type)
                : NestedField.optional(1, column, type));
    return ReadRows.all(file, wanted).stream().map(row -> row.get(0)).toList();
  }

  private Path file(String schema) {
    return file(schema, List.of());
  }

  private Path file(String schema, Consumer<Group> row) {
    return file(schema, List.of(row));
  }

  private Path file(String schema, Consumer<Group> first, Consumer<Group> second) {
    return file(schema, List.of(first, second));
  }

  private Path file(String schema, List<Consumer<Group>> rows) {
    Path file = folder.resolve("file.parquet");
    GroupFile.write(file, schema, rows);
    return file;
  }
}
