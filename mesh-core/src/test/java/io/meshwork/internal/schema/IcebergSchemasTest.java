package io.meshwork.internal.schema;

import static org.apache.iceberg.types.Types.NestedField.optional;
import static org.apache.iceberg.types.Types.NestedField.required;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.error.InvalidRequestException;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;

/** Tests the mapping between Avro's and Iceberg's types. */
class IcebergSchemasTest {
  private static final Schema ALL =
      new Schema(
          required(1, "b", Types.BooleanType.get(), "a flag"),
          optional(2, "i", Types.IntegerType.get()),
          required(3, "l", Types.LongType.get()),
          required(4, "f", Types.FloatType.get()),
          required(5, "d", Types.DoubleType.get()),
          required(6, "s", Types.StringType.get()),
          required(7, "by", Types.BinaryType.get()),
          required(8, "fx", Types.FixedType.ofLength(3)),
          required(9, "de", Types.DecimalType.of(20, 3)),
          required(10, "da", Types.DateType.get()),
          required(11, "t", Types.TimeType.get()),
          required(12, "tz", Types.TimestampType.withZone()),
          required(13, "ts", Types.TimestampType.withoutZone()),
          required(14, "tzn", Types.TimestampNanoType.withZone()),
          required(15, "tsn", Types.TimestampNanoType.withoutZone()),
          optional(16, "u", Types.UUIDType.get()),
          optional(
              17,
              "st",
              Types.StructType.of(
                  required(18, "x", Types.IntegerType.get(), "inside"),
                  optional(19, "li", Types.ListType.ofOptional(20, Types.LongType.get())))),
          required(
              21,
              "m",
              Types.MapType.ofRequired(
                  22,
                  23,
                  Types.StringType.get(),
                  Types.ListType.ofRequired(24, Types.DateType.get()))),
          required(25, "last", Types.IntegerType.get()));

  @Test
  void similarPathsGiveTypesWithDifferentNames() {
    Types.StructType inner = Types.StructType.of(required(5, "c", Types.FixedType.ofLength(2)));
    Types.StructType other = Types.StructType.of(required(6, "c", Types.FixedType.ofLength(3)));
    Schema schema =
        new Schema(
            required(1, "a_b", inner),
            required(2, "a", Types.StructType.of(required(3, "b", other))));

    org.apache.avro.Schema avro = IcebergSchemas.toAvro(schema, "row");

    assertThat(avro.getField("a_b").schema().getName()).isEqualTo("row_a_b");
    assertThat(avro.getField("a").schema().getField("b").schema().getName()).isEqualTo("row_a_b_2");
    assertThat(LegalSchema.findings(avro.toString(), LegalSchema.NEWEST_FORMAT)).isEmpty();
    assertThat(IcebergSchemas.fromAvro(avro).findField("a.b.c").type())
        .isEqualTo(Types.FixedType.ofLength(3));
  }

  @Test
  void everyTypeRoundTripsThroughAvroWithIdsDepthFirst() {
    org.apache.avro.Schema avro = IcebergSchemas.toAvro(ALL, "all");
    assertThat(IcebergSchemas.fromAvro(avro).asStruct()).isEqualTo(ALL.asStruct());
    assertThat(avro.getField("i").schema().getTypes().get(0).getType())
        .isEqualTo(org.apache.avro.Schema.Type.NULL);
    assertThat(avro.getField("i").hasDefaultValue()).isTrue();
    assertThat(avro.getField("ts").schema().getProp("logicalType"))
        .isEqualTo("local-timestamp-micros");
    assertThat(avro.getField("tz").schema().getProp("logicalType")).isEqualTo("timestamp-micros");
    assertThat(avro.getField("de").schema().getType()).isEqualTo(org.apache.avro.Schema.Type.BYTES);
  }

  @Test
  void millisecondsAndEnumsMapToTheTypeThatHoldsThem() {
    String json =
        """
        {"type":"record","name":"r","fields":[
          {"name":"t","type":{"type":"int","logicalType":"time-millis"}},
          {"name":"z","type":{"type":"long","logicalType":"timestamp-millis"}},
          {"name":"l","type":{"type":"long","logicalType":"local-timestamp-millis"}},
          {"name":"e","type":[{"type":"enum","name":"e","symbols":["A"]},"null"]},
          {"name":"f","type":{"type":"fixed","name":"g","size":9,"logicalType":"decimal","precision":20}},
          {"name":"u","type":{"type":"fixed","name":"h","size":16,"logicalType":"uuid"}}]}
        """;
    assertThat(IcebergSchemas.fromAvro(LegalSchema.parse(json)).asStruct())
        .isEqualTo(
            Types.StructType.of(
                required(1, "t", Types.TimeType.get()),
                required(2, "z", Types.TimestampType.withZone()),
                required(3, "l", Types.TimestampType.withoutZone()),
                optional(4, "e", Types.StringType.get()),
                required(5, "f", Types.DecimalType.of(20, 0)),
                required(6, "u", Types.UUIDType.get())));
  }

  @Test
  void columnsThatAvroCannotNameAreRejectedTogether() {
    Schema schema =
        new Schema(
            required(1, "total amount", Types.LongType.get()),
            required(2, "ok", Types.LongType.get()),
            required(3, "9", Types.LongType.get()),
            required(
                4,
                "m",
                Types.MapType.ofRequired(5, 6, Types.LongType.get(), Types.LongType.get())));
    assertThatThrownBy(() -> IcebergSchemas.toAvro(schema, "r"))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            e ->
                assertThat(e.findings())
                    .extracting(f -> f.code() + " " + f.where())
                    .containsExactly(
                        "NAME_ILLEGAL total amount", "NAME_ILLEGAL 9", "TYPE_MAP_KEY m"));
  }
}
