package io.meshwork.local;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.types.Types;

/** Rows of any contract from a seed, and what readers of another contract have to get of them. */
final class EvolvingRows {
  /** The decoder's guard against false lengths wants bytes for fields that defaults fill, too. */
  private static final int PADDING = 65_536;

  private final Random random;

  EvolvingRows(long seed) {
    this.random = new Random(seed);
  }

  List<GenericRecord> of(Schema schema, int count) {
    List<GenericRecord> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add((GenericRecord) value(schema));
    }
    return rows;
  }

  private Object value(Schema schema) {
    if (schema.isUnion()) {
      return random.nextInt(3) == 0 ? null : value(withoutNull(schema));
    }
    if (schema.getLogicalType() instanceof LogicalTypes.Decimal decimal) {
      return decimal(schema, decimal.getPrecision());
    }
    String logical = schema.getLogicalType() == null ? "" : schema.getLogicalType().getName();
    switch (logical) {
      case "date":
        return random.nextInt(40_000) - 20_000;
      case "time-millis":
        return random.nextInt(86_400_000);
      case "time-micros":
        return Math.floorMod(random.nextLong(), 86_400_000_000L);
      case "":
        break;
      case "uuid":
        UUID id = new UUID(random.nextLong(), random.nextLong());
        return schema.getType() == Schema.Type.STRING
            ? id.toString()
            : new GenericData.Fixed(
                schema,
                ByteBuffer.allocate(16)
                    .putLong(id.getMostSignificantBits())
                    .putLong(id.getLeastSignificantBits())
                    .array());
      default:
        return Math.floorMod(random.nextLong(), 4_000_000_000_000L);
    }
    return switch (schema.getType()) {
      case BOOLEAN -> random.nextBoolean();
      case INT -> random.nextInt();
      case LONG -> random.nextLong();
      case FLOAT -> random.nextFloat();
      case DOUBLE -> random.nextDouble();
      case STRING -> "text " + random.nextInt(50);
      case BYTES -> ByteBuffer.wrap(bytes(random.nextInt(9)));
      case FIXED -> new GenericData.Fixed(schema, bytes(schema.getFixedSize()));
      case ENUM ->
          new GenericData.EnumSymbol(
              schema, schema.getEnumSymbols().get(random.nextInt(schema.getEnumSymbols().size())));
      case ARRAY -> {
        List<Object> list = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          list.add(value(schema.getElementType()));
        }
        yield list;
      }
      case MAP -> {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          map.put("key " + i, value(schema.getValueType()));
        }
        yield map;
      }
      case RECORD -> {
        GenericRecord record = new GenericData.Record(schema);
        schema.getFields().forEach(field -> record.put(field.pos(), value(field.schema())));
        yield record;
      }
      default -> throw new IllegalArgumentException("no values of " + schema);
    };
  }

  private Object decimal(Schema schema, int precision) {
    BigInteger unscaled =
        new BigInteger(60, random).mod(BigInteger.TEN.pow(Math.min(18, precision)));
    byte[] bytes = (random.nextBoolean() ? unscaled : unscaled.negate()).toByteArray();
    if (schema.getType() == Schema.Type.BYTES) {
      return ByteBuffer.wrap(bytes);
    }
    byte[] padded = new byte[schema.getFixedSize()];
    java.util.Arrays.fill(padded, (byte) (bytes[0] >> 7));
    System.arraycopy(bytes, 0, padded, padded.length - bytes.length, bytes.length);
    return new GenericData.Fixed(schema, padded);
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  /** What Avro's own decoder makes of rows for a reader. */
  static List<GenericRecord> resolved(List<GenericRecord> rows, Schema writer, Schema reader) {
    List<GenericRecord> resolved = new ArrayList<>();
    for (GenericRecord row : rows) {
      try {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        new GenericDatumWriter<GenericRecord>(writer).write(row, encoder);
        encoder.flush();
        bytes.write(new byte[PADDING]);
        resolved.add(
            new GenericDatumReader<GenericRecord>(writer, reader)
                .read(null, DecoderFactory.get().binaryDecoder(bytes.toByteArray(), null)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return resolved;
  }

  /** Rows as texts that are the same for the same values, sorted. */
  static List<String> texts(Iterable<? extends GenericRecord> rows) {
    List<String> texts = new ArrayList<>();
    rows.forEach(row -> texts.add(plain(row).toString()));
    texts.sort(null);
    return texts;
  }

  static List<String> textsOf(Iterable<Record> rows) {
    List<String> texts = new ArrayList<>();
    rows.forEach(row -> texts.add(stored(row).toString()));
    texts.sort(null);
    return texts;
  }

  /** What a table of one contract holds of rows that were published under another. */
  static List<String> textsInTable(List<GenericRecord> rows, Schema contract) {
    List<String> texts = new ArrayList<>();
    rows.forEach(row -> texts.add(inTable(row.getSchema(), contract, row).toString()));
    texts.sort(null);
    return texts;
  }

  private static Object plain(Object value) {
    if (value instanceof IndexedRecord record) {
      Map<String, Object> fields = new TreeMap<>();
      record
          .getSchema()
          .getFields()
          .forEach(field -> fields.put(field.name(), plain(record.get(field.pos()))));
      return fields;
    } else if (value instanceof List<?> list) {
      return list.stream().map(EvolvingRows::plainText).toList();
    } else if (value instanceof Map<?, ?> map) {
      Map<String, Object> entries = new TreeMap<>();
      map.forEach((key, entry) -> entries.put(key.toString(), plain(entry)));
      return entries;
    } else if (value instanceof GenericFixed fixed) {
      return new BigInteger(1, fixed.bytes()) + "/" + fixed.bytes().length;
    } else if (value instanceof ByteBuffer bytes) {
      byte[] copy = new byte[bytes.remaining()];
      bytes.duplicate().get(copy);
      return java.util.Arrays.toString(copy);
    }
    return String.valueOf(value);
  }

  private static String plainText(Object value) {
    return plain(value).toString();
  }

  private static Object stored(Object value) {
    if (value instanceof Record record) {
      Map<String, Object> fields = new TreeMap<>();
      for (Types.NestedField field : record.struct().fields()) {
        fields.put(field.name(), stored(record.getField(field.name())));
      }
      return fields;
    } else if (value instanceof List<?> list) {
      return list.stream().map(element -> stored(element).toString()).toList();
    } else if (value instanceof Map<?, ?> map) {
      Map<String, Object> entries = new TreeMap<>();
      map.forEach((key, entry) -> entries.put(key.toString(), stored(entry)));
      return entries;
    } else if (value instanceof byte[] bytes) {
      return java.util.Arrays.toString(bytes);
    } else if (value instanceof ByteBuffer bytes) {
      return plain(bytes);
    }
    return String.valueOf(value);
  }

  private static Object inTable(Schema writer, Schema contract, Object value) {
    if (value == null) {
      return "null";
    }
    Schema from = withoutNull(writer);
    Schema to = withoutNull(contract);
    if (from.getLogicalType() != null) {
      return stored(logical(from, value));
    }
    return switch (from.getType()) {
      case RECORD -> {
        Map<String, Object> fields = new TreeMap<>();
        for (Schema.Field field : to.getFields()) {
          Schema.Field source = from.getField(field.name());
          fields.put(
              field.name(),
              source == null
                  ? filled(field)
                  : inTable(
                      source.schema(), field.schema(), ((IndexedRecord) value).get(source.pos())));
        }
        yield fields;
      }
      case ARRAY ->
          ((List<?>) value)
              .stream()
                  .map(one -> inTable(from.getElementType(), to.getElementType(), one).toString())
                  .toList();
      case MAP -> {
        Map<String, Object> entries = new TreeMap<>();
        ((Map<?, ?>) value)
            .forEach(
                (key, entry) ->
                    entries.put(
                        key.toString(), inTable(from.getValueType(), to.getValueType(), entry)));
        yield entries;
      }
      case FIXED -> stored(((GenericFixed) value).bytes());
      case FLOAT ->
          to.getType() == Schema.Type.DOUBLE
              ? stored(((Float) value).doubleValue())
              : stored(value);
      default -> stored(value);
    };
  }

  /** What engines see in old rows: an added collection is null there. */
  private static Object filled(Schema.Field field) {
    Object filling = GenericData.get().getDefaultValue(field);
    boolean nested = filling instanceof List<?> || filling instanceof Map<?, ?>;
    return filling == null || nested ? "null" : inTable(field.schema(), field.schema(), filling);
  }

  private static Object logical(Schema type, Object value) {
    if (type.getLogicalType() instanceof LogicalTypes.Decimal decimal) {
      byte[] bytes =
          value instanceof GenericFixed fixed ? fixed.bytes() : ((ByteBuffer) value).array();
      return new BigDecimal(new BigInteger(bytes), decimal.getScale());
    }
    long number = value instanceof Number given ? given.longValue() : 0;
    return switch (type.getLogicalType().getName()) {
      case "date" -> LocalDate.ofEpochDay(number);
      case "time-millis" -> LocalTime.ofNanoOfDay(number * 1_000_000);
      case "time-micros" -> LocalTime.ofNanoOfDay(number * 1_000);
      case "timestamp-millis" -> at(number, ChronoUnit.MILLIS).atOffset(ZoneOffset.UTC);
      case "timestamp-micros" -> at(number, ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
      case "timestamp-nanos" -> at(number, ChronoUnit.NANOS).atOffset(ZoneOffset.UTC);
      case "local-timestamp-millis" -> local(number, ChronoUnit.MILLIS);
      case "local-timestamp-micros" -> local(number, ChronoUnit.MICROS);
      case "local-timestamp-nanos" -> local(number, ChronoUnit.NANOS);
      case "uuid" ->
          value instanceof GenericFixed fixed
              ? new UUID(
                  ByteBuffer.wrap(fixed.bytes()).getLong(0),
                  ByteBuffer.wrap(fixed.bytes()).getLong(8))
              : UUID.fromString(value.toString());
      default -> throw new IllegalArgumentException("no values of " + type);
    };
  }

  private static Instant at(long number, ChronoUnit unit) {
    return Instant.EPOCH.plus(number, unit);
  }

  private static LocalDateTime local(long number, ChronoUnit unit) {
    return LocalDateTime.ofInstant(at(number, unit), ZoneOffset.UTC);
  }

  static Schema withoutNull(Schema schema) {
    return schema.isUnion()
        ? schema.getTypes().stream()
            .filter(branch -> branch.getType() != Schema.Type.NULL)
            .findFirst()
            .orElseThrow()
        : schema;
  }
}
