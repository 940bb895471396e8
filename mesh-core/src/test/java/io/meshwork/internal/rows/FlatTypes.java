package io.meshwork.internal.rows;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/** A contract with every flat type, and the kinds of records that carry it. */
public final class FlatTypes {
  public enum Color {
    RED,
    GREEN,
    BLUE
  }

  /** One component a column, in the classes that values have in Java. */
  record Everything(
      Boolean flag,
      Integer small,
      Long big,
      Float single,
      @io.meshwork.contract.Column("double") Double twice,
      String text,
      ByteBuffer bytes,
      ByteBuffer four,
      Color color,
      BigDecimal price,
      BigDecimal quantity,
      BigDecimal wide,
      BigDecimal huge,
      LocalDate day,
      LocalTime minute,
      LocalTime moment,
      Instant seen,
      Instant at,
      Instant exact,
      LocalDateTime localSeen,
      LocalDateTime localAt,
      LocalDateTime localExact,
      UUID id,
      UUID key) {}

  /** A specific record by hand. */
  static final class Specific extends SpecificRecordBase {
    private final Object[] values = new Object[CONTRACT.getFields().size()];

    @Override
    public Schema getSchema() {
      return CONTRACT;
    }

    @Override
    public Object get(int field) {
      return values[field];
    }

    @Override
    public void put(int field, Object value) {
      values[field] = value;
    }
  }

  static final String FIELDS =
      """
      flag       | "boolean"
      small      | "int"
      big        | "long"
      single     | "float"
      double     | "double"
      text       | "string"
      bytes      | "bytes"
      four       | {"type":"fixed","name":"Four","size":4}
      color      | {"type":"enum","name":"Color","symbols":["RED","GREEN","BLUE"]}
      price      | {"type":"bytes","logicalType":"decimal","precision":9,"scale":2}
      quantity   | {"type":"fixed","name":"Q","size":8,"logicalType":"decimal","precision":18,"scale":0}
      wide       | {"type":"bytes","logicalType":"decimal","precision":19,"scale":19}
      huge       | {"type":"fixed","name":"H","size":16,"logicalType":"decimal","precision":38,"scale":10}
      day        | {"type":"int","logicalType":"date"}
      minute     | {"type":"int","logicalType":"time-millis"}
      moment     | {"type":"long","logicalType":"time-micros"}
      seen       | {"type":"long","logicalType":"timestamp-millis"}
      at         | {"type":"long","logicalType":"timestamp-micros"}
      exact      | {"type":"long","logicalType":"timestamp-nanos"}
      localSeen  | {"type":"long","logicalType":"local-timestamp-millis"}
      localAt    | {"type":"long","logicalType":"local-timestamp-micros"}
      localExact | {"type":"long","logicalType":"local-timestamp-nanos"}
      id         | {"type":"string","logicalType":"uuid"}
      key        | {"type":"fixed","name":"K","size":16,"logicalType":"uuid"}
      """;

  static final Schema CONTRACT = nullable(FIELDS);
  static final org.apache.iceberg.Schema TABLE = table(CONTRACT);

  private FlatTypes() {}

  /** A contract of lines "name | type", every column nullable. */
  public static Schema nullable(String lines) {
    StringBuilder fields = new StringBuilder();
    for (String line : lines.lines().toList()) {
      int bar = line.indexOf('|');
      fields
          .append(fields.isEmpty() ? "" : ",")
          .append("{\"name\":\"")
          .append(line.substring(0, bar).trim())
          .append("\",\"type\":[\"null\",")
          .append(line.substring(bar + 1).trim())
          .append("],\"default\":null}");
    }
    return record(fields.toString());
  }

  /** A contract of fields in Avro's JSON. */
  public static Schema record(String fields) {
    return new Schema.Parser()
        .parse("{\"type\":\"record\",\"name\":\"Row\",\"fields\":[" + fields + "]}");
  }

  /** A contract of one column. */
  public static Schema column(String name, String type) {
    return record("{\"name\":\"" + name + "\",\"type\":" + type + "}");
  }

  /** The table of a flat contract. */
  public static org.apache.iceberg.Schema table(Schema contract) {
    List<Types.NestedField> columns = new ArrayList<>();
    for (Schema.Field field : contract.getFields()) {
      Schema type = field.schema().isUnion() ? field.schema().getTypes().get(1) : field.schema();
      columns.add(
          Types.NestedField.builder()
              .withId(columns.size() + 1)
              .withName(field.name())
              .isOptional(field.schema().isNullable())
              .ofType(stored(type))
              .build());
    }
    return new org.apache.iceberg.Schema(columns);
  }

  static Map<String, Object> mapOf(Everything row) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("flag", row.flag());
    values.put("small", row.small());
    values.put("big", row.big());
    values.put("single", row.single());
    values.put("double", row.twice());
    values.put("text", row.text());
    values.put("bytes", row.bytes());
    values.put("four", row.four());
    values.put("color", row.color() == null ? null : row.color().name());
    values.put("price", row.price());
    values.put("quantity", row.quantity());
    values.put("wide", row.wide());
    values.put("huge", row.huge());
    values.put("day", row.day());
    values.put("minute", row.minute());
    values.put("moment", row.moment());
    values.put("seen", row.seen());
    values.put("at", row.at());
    values.put("exact", row.exact());
    values.put("localSeen", row.localSeen());
    values.put("localAt", row.localAt());
    values.put("localExact", row.localExact());
    values.put("id", row.id());
    values.put("key", row.key());
    return values;
  }

  private static Type stored(Schema type) {
    ColumnKind kind = ColumnKind.of(type);
    if (kind == null) {
      throw new IllegalArgumentException(type.toString());
    }
    return switch (kind) {
      case BOOLEAN -> Types.BooleanType.get();
      case INT -> Types.IntegerType.get();
      case LONG -> Types.LongType.get();
      case FLOAT -> Types.FloatType.get();
      case DOUBLE -> Types.DoubleType.get();
      case STRING, ENUM -> Types.StringType.get();
      case BYTES -> Types.BinaryType.get();
      case FIXED -> Types.FixedType.ofLength(type.getFixedSize());
      case DECIMAL -> {
        var decimal = (org.apache.avro.LogicalTypes.Decimal) type.getLogicalType();
        yield Types.DecimalType.of(decimal.getPrecision(), decimal.getScale());
      }
      case DATE -> Types.DateType.get();
      case TIME -> Types.TimeType.get();
      case INSTANT ->
          ColumnKind.unitNanos(type) == 1
              ? Types.TimestampNanoType.withZone()
              : Types.TimestampType.withZone();
      case LOCAL_TIMESTAMP ->
          ColumnKind.unitNanos(type) == 1
              ? Types.TimestampNanoType.withoutZone()
              : Types.TimestampType.withoutZone();
      case UUID -> Types.UUIDType.get();
      case RECORD, LIST, MAP -> throw new IllegalArgumentException("not flat: " + type);
    };
  }
}
