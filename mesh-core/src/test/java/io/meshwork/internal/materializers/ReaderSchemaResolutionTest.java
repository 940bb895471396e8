package io.meshwork.internal.materializers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.rows.FlatTypes;
import io.meshwork.internal.rows.NestedRows;
import io.meshwork.internal.schema.IcebergSchemas;
import io.meshwork.internal.vector.VectorBatch;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Conversion;
import org.apache.avro.Conversions;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.data.TimeConversions;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;

/** Tests every reader type against every column type, with Avro as the reference. */
class ReaderSchemaResolutionTest {
  private static final String DECIMAL = "\"logicalType\":\"decimal\",\"precision\":%d,\"scale\":%d";

  /** Types with extreme values, as rows have them in Java. */
  static final Map<String, List<Object>> TYPES = new LinkedHashMap<>();

  static {
    TYPES.put("\"boolean\"", List.of(true, false));
    TYPES.put("\"int\"", List.of(0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, 16_777_217));
    TYPES.put("\"long\"", List.of(8L, Long.MIN_VALUE, Long.MAX_VALUE, 9_007_199_254_740_993L));
    TYPES.put("\"float\"", List.of(1.1f, -0.0f, Float.MAX_VALUE, Float.NaN));
    TYPES.put("\"double\"", List.of(1.1, Double.MIN_VALUE, Double.NEGATIVE_INFINITY));
    TYPES.put("\"string\"", List.of("", "a", "tschüß 🚕"));
    TYPES.put("\"bytes\"", List.of(bytes(""), bytes("a"), bytes("tschüß 🚕")));
    TYPES.put("{\"type\":\"fixed\",\"name\":\"X\",\"size\":4}", List.of(bytes("abcd")));
    TYPES.put(
        "{\"type\":\"fixed\",\"name\":\"X\",\"size\":16}", List.of(bytes("abcdefghijklmnop")));
    TYPES.put(symbols("", "A", "B", "C"), List.of("A", "B", "C"));
    TYPES.put(symbols("", "A", "B"), List.of("A", "B"));
    TYPES.put(symbols("A", "A", "B"), List.of("A", "B"));
    TYPES.put(symbols("D", "D", "C", "B", "A"), List.of("A", "D"));
    for (int[] digits : new int[][] {{9, 2}, {12, 4}, {10, 4}, {38, 2}, {9, 0}}) {
      String decimal = DECIMAL.formatted(digits[0], digits[1]);
      BigDecimal most =
          BigDecimal.TEN.pow(digits[0]).subtract(BigDecimal.ONE).movePointLeft(digits[1]);
      List<Object> values = List.of(most, most.negate(), new BigDecimal("100").setScale(digits[1]));
      TYPES.put("{\"type\":\"bytes\"," + decimal + "}", values);
      TYPES.put("{\"type\":\"fixed\",\"name\":\"X\",\"size\":16," + decimal + "}", values);
    }
    TYPES.put(
        "{\"type\":\"int\",\"logicalType\":\"date\"}",
        List.of(LocalDate.EPOCH, LocalDate.of(-4000, 1, 1), LocalDate.of(2026, 11, 20)));
    LocalTime time = LocalTime.of(23, 59, 59, 999_000_000);
    TYPES.put("{\"type\":\"int\",\"logicalType\":\"time-millis\"}", List.of(time));
    TYPES.put(
        "{\"type\":\"long\",\"logicalType\":\"time-micros\"}", List.of(time, time.plusNanos(1000)));
    for (String kind : List.of("", "local-")) {
      for (String unit : List.of("millis", "micros", "nanos")) {
        TYPES.put(
            "{\"type\":\"long\",\"logicalType\":\"" + kind + "timestamp-" + unit + "\"}",
            moments(kind.isEmpty(), unit));
      }
    }
    UUID uuid = UUID.fromString("f81d4fae-7dec-11d0-a765-00a0c91e6bf6");
    TYPES.put("{\"type\":\"string\",\"logicalType\":\"uuid\"}", List.of(uuid));
    TYPES.put(
        "{\"type\":\"fixed\",\"name\":\"X\",\"size\":16,\"logicalType\":\"uuid\"}", List.of(uuid));
    TYPES.put(
        "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"a\",\"type\":\"int\"}]}",
        List.of(Map.of("a", 1)));
    TYPES.put("{\"type\":\"array\",\"items\":\"int\"}", List.of(List.of(1, 2), List.of()));
    TYPES.put("{\"type\":\"map\",\"values\":\"int\"}", List.of(Map.of("k", 1)));
  }

  /** The position of a type: the column, and the row of a value. */
  private enum CheckedField {
    COLUMN("%s"),
    STRUCT("{\"type\":\"record\",\"name\":\"In\",\"fields\":[{\"name\":\"f\",\"type\":%s}]}"),
    ELEMENT("{\"type\":\"array\",\"items\":%s}"),
    MAP_VALUE("{\"type\":\"map\",\"values\":%s}"),
    DEEP(
        "{\"type\":\"array\",\"items\":{\"type\":\"record\",\"name\":\"In\",\"fields\":["
            + "{\"name\":\"f\",\"type\":{\"type\":\"map\",\"values\":%s}}]}}");

    private final String around;

    CheckedField(String around) {
      this.around = around;
    }

    Schema row(String type) {
      return FlatTypes.column("v", around.formatted(type));
    }

    Object of(Object value) {
      return switch (this) {
        case COLUMN -> value;
        case STRUCT -> Map.of("f", value);
        case ELEMENT -> List.of(value);
        case MAP_VALUE -> Map.of("k", value);
        case DEEP -> List.of(Map.of("f", Map.of("k", value)));
      };
    }

    /** Returns the value within a row's field. */
    Object inside(Object value) {
      return switch (this) {
        case COLUMN -> value;
        case STRUCT -> ((GenericRecord) value).get("f");
        case ELEMENT -> ((List<?>) value).get(0);
        case MAP_VALUE -> ((Map<?, ?>) value).get("k");
        case DEEP -> ((Map<?, ?>) ((GenericRecord) ((List<?>) value).get(0)).get("f")).get("k");
      };
    }
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String symbols(String fallback, String... symbols) {
    return "{\"type\":\"enum\",\"name\":\"E\",\"symbols\":[\""
        + String.join("\",\"", symbols)
        + "\"]"
        + (fallback.isEmpty() ? "" : ",\"default\":\"" + fallback + "\"")
        + "}";
  }

  private static List<Object> moments(boolean instant, String unit) {
    List<Instant> moments = new ArrayList<>();
    moments.add(Instant.parse("1969-12-31T23:59:59.999Z"));
    moments.add(Instant.parse("2026-11-20T08:00:00.001Z"));
    if (!unit.equals("millis")) {
      moments.add(Instant.parse("1969-12-31T23:59:59.999999Z"));
    }
    if (unit.equals("nanos")) {
      moments.add(Instant.parse("1969-12-31T23:59:59.999999999Z"));
    } else {
      moments.add(Instant.parse("9999-12-31T23:59:59.999Z"));
    }
    return moments.stream()
        .map(
            moment ->
                instant
                    ? (Object) moment
                    : LocalDateTime.ofInstant(moment, java.time.ZoneOffset.UTC))
        .toList();
  }

  @Test
  void everyReaderTypeReadsEveryColumnTypeAsAvroDoesOrIsRejectedBeforeTheFirstRow() {
    int read = 0;
    for (CheckedField place : CheckedField.values()) {
      for (Map.Entry<String, List<Object>> column : TYPES.entrySet()) {
        Schema contract = place.row(column.getKey());
        VectorBatch batch =
            NestedRows.shred(
                contract,
                column.getValue().stream().map(value -> Map.of("v", place.of(value))).toList());
        for (String wanted : TYPES.keySet()) {
          Schema writer = new Schema.Parser().parse(column.getKey());
          Schema reader = new Schema.Parser().parse(wanted);
          Schema row = place.row(wanted);
          String pair = place + ": " + column.getKey() + " as " + wanted;
          if (!resolves(writer, reader)) {
            assertRefused(batch, contract, row, pair);
            continue;
          }
          read++;
          List<GenericRecord> raw =
              NestedRows.all(RowMaterializers.asAvro(batch.schema(), contract), batch);
          List<GenericRecord> seen =
              NestedRows.all(RowMaterializers.asAvro(batch.schema(), contract, row), batch);
          for (int i = 0; i < raw.size(); i++) {
            Object before = place.inside(raw.get(i).get("v"));
            Object after = place.inside(seen.get(i).get("v"));
            assertThat(GenericData.get().validate(row, seen.get(i))).as(pair).isTrue();
            if (reader.getLogicalType() == null) {
              assertThat(after).as(pair).isEqualTo(plain(byAvro(writer, reader, before)));
            } else {
              assertThat(meaning(reader, after)).as(pair).isEqualTo(meaning(writer, before));
            }
          }
        }
      }
    }
    // Each type as itself, each pair of decimals in two forms, and the promotions.
    assertThat(read).isGreaterThan(5 * (TYPES.size() + 30));
  }

  /** Returns Avro's result; for logical types, that of their kinds. */
  private static boolean resolves(Schema writer, Schema reader) {
    String from = logical(writer);
    String to = logical(reader);
    if (to.isEmpty()) {
      boolean digitsAsText = from.equals("decimal") && reader.getType() == Schema.Type.STRING;
      return avroResolves(writer, reader) && !digitsAsText;
    }
    if (from.equals("decimal") && to.equals("decimal")) {
      LogicalTypes.Decimal old = (LogicalTypes.Decimal) writer.getLogicalType();
      LogicalTypes.Decimal now = (LogicalTypes.Decimal) reader.getLogicalType();
      return now.getScale() >= old.getScale()
          && now.getPrecision() - now.getScale() >= old.getPrecision() - old.getScale();
    }
    return from.equals(to)
        || (from.endsWith("-millis") && to.equals(from.replace("-millis", "-micros")));
  }

  private static boolean avroResolves(Schema writer, Schema reader) {
    try {
      return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer).getType()
          == SchemaCompatibilityType.COMPATIBLE;
    } catch (AvroRuntimeException ambiguous) {
      return false;
    }
  }

  private static String logical(Schema schema) {
    return schema.getLogicalType() == null ? "" : schema.getLogicalType().getName();
  }

  /** Returns the value that Avro's own resolving decoder reads. */
  private static Object byAvro(Schema writer, Schema reader, Object value) {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
      new GenericDatumWriter<>(writer, new GenericData()).write(value, encoder);
      encoder.flush();
      return new GenericDatumReader<>(writer, reader, new GenericData())
          .read(null, DecoderFactory.get().binaryDecoder(out.toByteArray(), null));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Converts text to strings at any depth. */
  private static Object plain(Object value) {
    if (value instanceof CharSequence text) {
      return text.toString();
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> texts = new LinkedHashMap<>();
      map.forEach((key, each) -> texts.put(key.toString(), plain(each)));
      return texts;
    }
    if (value instanceof GenericRecord record) {
      GenericRecord texts = new GenericData.Record(record.getSchema());
      record
          .getSchema()
          .getFields()
          .forEach(field -> texts.put(field.pos(), plain(record.get(field.pos()))));
      return texts;
    }
    return value;
  }

  /** Returns the meaning of a raw value of a logical type, by Avro's own conversions. */
  private static Object meaning(Schema schema, Object raw) {
    for (Conversion<?> conversion :
        List.of(
            new Conversions.DecimalConversion(),
            new TimeConversions.DateConversion(),
            new TimeConversions.TimeMillisConversion(),
            new TimeConversions.TimeMicrosConversion(),
            new TimeConversions.TimestampMillisConversion(),
            new TimeConversions.TimestampMicrosConversion(),
            new TimeConversions.TimestampNanosConversion(),
            new TimeConversions.LocalTimestampMillisConversion(),
            new TimeConversions.LocalTimestampMicrosConversion(),
            new TimeConversions.LocalTimestampNanosConversion())) {
      if (conversion.getLogicalTypeName().equals(logical(schema))) {
        Object value =
            Conversions.convertToLogicalType(raw, schema, schema.getLogicalType(), conversion);
        return value instanceof BigDecimal decimal ? decimal.stripTrailingZeros() : value;
      }
    }
    if (raw instanceof GenericFixed fixed) {
      ByteBuffer bits = ByteBuffer.wrap(fixed.bytes());
      return new UUID(bits.getLong(), bits.getLong()).toString();
    }
    return raw.toString();
  }

  private static void assertRefused(
      VectorBatch batch, Schema contract, Schema reader, String pair) {
    Throwable refused =
        catchThrowable(() -> RowMaterializers.asAvro(batch.schema(), contract, reader));
    assertThat(refused)
        .as(pair)
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            e -> {
              assertThat(e.errorCode()).isEqualTo(ErrorCode.READER_INVALID);
              assertThat(e.findings())
                  .extracting(Finding::where)
                  .allMatch(at -> at.startsWith("v"));
            });
  }

  @Test
  void nullableColumnRequiresANullableType() {
    for (CheckedField place : CheckedField.values()) {
      for (String type : TYPES.keySet()) {
        String nullable = "[\"null\"," + type + "]";
        Object value = TYPES.get(type).get(0);
        for (String written : List.of(type, nullable)) {
          Schema contract = place.row(written);
          VectorBatch batch = NestedRows.shred(contract, List.of(Map.of("v", place.of(value))));
          for (String wanted : List.of(type, nullable, "[" + type + ",\"null\"]")) {
            Schema reader = place.row(wanted);
            String pair = place + ": " + written + " as " + wanted;
            if (written.equals(nullable) && wanted.equals(type)) {
              assertThat(avroResolves(contract, reader)).as(pair).isFalse();
              assertRefused(batch, contract, reader, pair);
            } else {
              assertThat(place.inside(read(batch, contract, reader).get("v")))
                  .as(pair)
                  .isEqualTo(
                      place.inside(
                          RowMaterializers.asAvro(batch.schema(), contract)
                              .row(batch, 0)
                              .get("v")));
            }
          }
        }
      }
    }
  }

  @Test
  void readerUnionUsesTheBranchThatAvroUses() {
    List<String> plain = TYPES.keySet().stream().filter(type -> type.startsWith("\"")).toList();
    for (String column : plain) {
      Schema contract = FlatTypes.column("v", column);
      VectorBatch batch =
          NestedRows.shred(
              contract, TYPES.get(column).stream().map(value -> Map.of("v", value)).toList());
      for (String one : plain) {
        for (String other : plain) {
          if (one.equals(other)) {
            continue;
          }
          Schema reader = FlatTypes.column("v", "[" + one + ",\"null\"," + other + "]");
          String pair = column + " as " + one + " or " + other;
          if (!avroResolves(contract, reader)) {
            assertRefused(batch, contract, reader, pair);
            continue;
          }
          List<GenericRecord> raw =
              NestedRows.all(RowMaterializers.asAvro(batch.schema(), contract), batch);
          List<GenericRecord> seen =
              NestedRows.all(RowMaterializers.asAvro(batch.schema(), contract, reader), batch);
          for (int i = 0; i < raw.size(); i++) {
            assertThat(seen.get(i)).as(pair).isEqualTo(plain(byAvro(contract, reader, raw.get(i))));
          }
        }
      }
    }
  }

  @Test
  void fieldsUseTheColumnOfAnAliasOrTheirDefaults() {
    Schema contract =
        FlatTypes.record(
            """
            {"name":"id","type":"int"},
            {"name":"place","type":["null",{"type":"record","name":"P","fields":[
              {"name":"zip","type":"string"}]}],"default":null}
            """);
    Schema reader =
        FlatTypes.record(
            """
            {"name":"number","type":"long","aliases":["nr","id"]},
            {"name":"place","type":["null",{"type":"record","name":"P","fields":[
              {"name":"code","type":"string","aliases":["zip"]},
              {"name":"country","type":"string","default":"CH"}]}],"default":null},
            {"name":"tags","type":{"type":"array","items":"string"},"default":["a","b"]},
            {"name":"sizes","type":{"type":"map","values":"int"},"default":{"s":1}},
            {"name":"raw","type":"bytes","default":"\\u00ff"},
            {"name":"four","type":{"type":"fixed","name":"F","size":2},"default":"\\u0001\\u00ff"},
            {"name":"kind","type":{"type":"enum","name":"K","symbols":["A","B"]},"default":"B"},
            {"name":"inner","type":{"type":"record","name":"I","fields":[
              {"name":"x","type":["null","double"],"default":null},
              {"name":"y","type":"float","default":1.5}]},"default":{"x":null}},
            {"name":"none","type":["null","string"],"default":null},
            {"name":"day","type":{"type":"int","logicalType":"date"},"default":20000}
            """);
    VectorBatch batch =
        NestedRows.shred(
            contract, List.of(Map.of("id", 1, "place", Map.of("zip", "8000")), Map.of("id", 2)));
    List<GenericRecord> raw =
        NestedRows.all(RowMaterializers.asAvro(batch.schema(), contract), batch);

    List<GenericRecord> seen =
        NestedRows.all(RowMaterializers.asAvro(batch.schema(), contract, reader), batch);

    for (int i = 0; i < 2; i++) {
      assertThat(seen.get(i).toString()).isEqualTo(byAvro(contract, reader, raw.get(i)).toString());
      assertThat(seen.get(i)).isEqualTo(plain(byAvro(contract, reader, raw.get(i))));
    }
    assertThat(((List<?>) seen.get(0).get("tags")).get(0)).isInstanceOf(String.class);
    assertThat(seen.get(0).get("tags")).isNotSameAs(seen.get(1).get("tags"));
    assertThat(RowMaterializers.columnsOf(reader, batch.schema()))
        .containsExactly("id", "place.zip");
  }

  @Test
  void ambiguousAliasesAreRejected() {
    Schema contract =
        FlatTypes.record("{\"name\":\"a\",\"type\":\"int\"},{\"name\":\"b\",\"type\":\"int\"}");
    VectorBatch batch = NestedRows.shred(contract, List.of(Map.of("a", 1, "b", 2)));
    Schema twoColumns =
        FlatTypes.record("{\"name\":\"c\",\"type\":\"int\",\"aliases\":[\"a\",\"b\"]}");
    Schema twoFields =
        FlatTypes.record(
            "{\"name\":\"a\",\"type\":\"int\"},"
                + "{\"name\":\"c\",\"type\":\"int\",\"default\":3,\"aliases\":[\"a\"]}");

    for (Schema reader : List.of(twoColumns, twoFields)) {
      assertThatThrownBy(() -> RowMaterializers.asAvro(batch.schema(), contract, reader))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContainingAll("'c'", "'a'".substring(1, 2), "alias");
    }
    // The contract's own records are matched by name, regardless of aliases.
    Schema renamed =
        FlatTypes.record(
            "{\"name\":\"a\",\"type\":\"int\"},"
                + "{\"name\":\"b\",\"type\":\"int\",\"aliases\":[\"a\"]}");
    assertThat(RowMaterializers.asAvro(batch.schema(), renamed).row(batch, 0).get("b"))
        .isEqualTo(2);
  }

  @Test
  void everyUnresolvedFieldIsReportedWithItsColumnAndBothTypes() {
    Schema contract =
        FlatTypes.record(
            """
            {"name":"price","type":{"type":"bytes","logicalType":"decimal","precision":12,"scale":4}},
            {"name":"at","type":{"type":"long","logicalType":"timestamp-micros"}},
            {"name":"note","type":["null","string"],"default":null},
            {"name":"kind","type":{"type":"enum","name":"K","symbols":["A","B"]}}
            """);
    Schema reader =
        FlatTypes.record(
            """
            {"name":"price","type":{"type":"bytes","logicalType":"decimal","precision":10,"scale":2}},
            {"name":"time","aliases":["at"],
             "type":{"type":"long","logicalType":"local-timestamp-micros"}},
            {"name":"note","type":"string"},
            {"name":"kind","type":{"type":"enum","name":"K","symbols":["A"]}},
            {"name":"nte","type":"string"}
            """);

    InvalidRequestException refused =
        catchThrowableOfType(
            InvalidRequestException.class,
            () -> RowMaterializers.asAvro(IcebergSchemas.fromAvro(contract), contract, reader));

    assertThat(refused.findings())
        .extracting(Finding::code)
        .containsExactly(
            FindingCode.TYPE_MISMATCH,
            FindingCode.TYPE_MISMATCH,
            FindingCode.NULL_UNSUPPORTED,
            FindingCode.ENUM_SYMBOLS_UNSUPPORTED,
            FindingCode.UNKNOWN_COLUMN);
    assertThat(refused.findings().get(0).what())
        .contains("'price'", "decimal(10,2)", "decimal(12,4)");
    assertThat(refused.findings().get(1).what())
        .contains("'time'", "'at'", "local-timestamp-micros", "type timestamp-micros");
    assertThat(refused.findings().get(3).what()).contains("B", "default");
    assertThat(refused.findings().get(4).fix()).contains("default", "note");
    assertThat(refused).hasMessageContaining("Nothing was read");
  }

  @Test
  void invalidUtf8IsRejectedWithItsRow() {
    Schema contract = FlatTypes.column("v", "\"bytes\"");
    VectorBatch batch =
        NestedRows.shred(
            contract,
            List.of(
                Map.of("v", bytes("a")), Map.of("v", ByteBuffer.wrap(new byte[] {(byte) 0xff}))));
    RowMaterializer<GenericRecord> texts =
        RowMaterializers.asAvro(batch.schema(), contract, FlatTypes.column("v", "\"string\""));

    assertThat(texts.row(batch, 0).get("v")).isEqualTo("a");
    assertThatThrownBy(() -> texts.row(batch, 1))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll("row 2", "'v'", "UTF-8", "bytes");
  }

  @Test
  void nullThatTheContractForbidsIsRejectedWithItsRow() {
    Schema stored = FlatTypes.column("v", "[\"null\",\"int\"]");
    Schema contract = FlatTypes.column("v", "\"int\"");
    Map<String, Object> nothing = new java.util.HashMap<>();
    nothing.put("v", null);
    VectorBatch batch = NestedRows.shred(stored, Arrays.asList(Map.of("v", 1), nothing));
    RowMaterializer<GenericRecord> numbers =
        RowMaterializers.asAvro(batch.schema(), contract, FlatTypes.column("v", "\"long\""));

    assertThat(numbers.row(batch, 0).get("v")).isEqualTo(1L);
    assertThatThrownBy(() -> numbers.row(batch, 1))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll("row 2", "'v'", "null");
  }

  private static GenericRecord read(VectorBatch batch, Schema contract, Schema reader) {
    return RowMaterializers.asAvro(batch.schema(), contract, reader).row(batch, 0);
  }
}
