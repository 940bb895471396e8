package io.meshwork.internal.publish;

import io.meshwork.internal.parquet.read.RandomAvro;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.util.Utf8;

/**
 * Random rows that a producer may offer for a contract: rows of a wider schema, some of which have
 * values that the contract rejects, at any depth.
 */
final class OfferedRows {
  private static final Schema NULL = Schema.create(Schema.Type.NULL);
  private static final byte[] NO_TEXT = {'x', (byte) 0xED, (byte) 0xA0, (byte) 0x80};

  private final Random random;
  private final RandomAvro leaves;
  private int valuesPerInvalid;

  OfferedRows(Random random) {
    this.random = random;
    this.leaves = new RandomAvro(random);
  }

  /** The contract's schema with null everywhere, more symbols, and finer times. */
  Schema wider(Schema schema) {
    return switch (schema.getType()) {
      case UNION -> nullable(wider(schema.getTypes().get(1)));
      case RECORD -> {
        List<Schema.Field> fields = new ArrayList<>();
        for (Schema.Field field : schema.getFields()) {
          fields.add(new Schema.Field(field.name(), nullable(wider(field.schema())), null, null));
        }
        yield Schema.createRecord(schema.getName(), null, "test", false, fields);
      }
      case ARRAY -> Schema.createArray(nullable(wider(schema.getElementType())));
      case MAP -> Schema.createMap(nullable(wider(schema.getValueType())));
      case ENUM -> {
        List<String> symbols = new ArrayList<>(schema.getEnumSymbols());
        symbols.add("LOST");
        yield Schema.createEnum(schema.getName(), null, "test", symbols);
      }
      default -> finer(schema);
    };
  }

  private static Schema nullable(Schema schema) {
    return schema.isUnion() ? schema : Schema.createUnion(NULL, schema);
  }

  private Schema finer(Schema schema) {
    String logical = logical(schema);
    if (logical.endsWith("-millis")) {
      return ofLong(logical.replace("-millis", "-micros"));
    }
    boolean coarser = logical.endsWith("timestamp-micros") && random.nextBoolean();
    return coarser ? ofLong(logical.replace("-micros", "-millis")) : schema;
  }

  private static Schema ofLong(String logical) {
    return new Schema.Parser().parse("{\"type\":\"long\",\"logicalType\":\"" + logical + "\"}");
  }

  private static String logical(Schema schema) {
    return schema.getLogicalType() == null ? "" : schema.getLogicalType().getName();
  }

  /** Rows of the wider schema; about one of {@code valuesPerInvalid} values is invalid. */
  List<GenericRecord> rows(Schema contract, Schema offered, int count, int valuesPerInvalid) {
    this.valuesPerInvalid = valuesPerInvalid;
    List<GenericRecord> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(record(contract, offered));
    }
    return rows;
  }

  private GenericRecord record(Schema contract, Schema offered) {
    GenericRecord record = new GenericData.Record(offered);
    for (Schema.Field field : contract.getFields()) {
      Schema type = offered.getField(field.name()).schema();
      record.put(field.name(), value(field.schema(), type.getTypes().get(1)));
    }
    return record;
  }

  private boolean isInvalid() {
    return random.nextInt(valuesPerInvalid) == 0;
  }

  private Object value(Schema contract, Schema offered) {
    if (contract.isUnion()) {
      return random.nextInt(4) == 0 ? null : value(contract.getTypes().get(1), offered);
    } else if (isInvalid()) {
      return null;
    }
    return switch (contract.getType()) {
      case RECORD -> record(contract, offered);
      case ARRAY -> {
        List<Object> list = new ArrayList<>();
        for (int left = length(); left > 0; left--) {
          Schema element = offered.getElementType().getTypes().get(1);
          list.add(value(contract.getElementType(), element));
        }
        yield list;
      }
      case MAP -> map(contract, offered);
      case ENUM -> {
        List<String> symbols = contract.getEnumSymbols();
        String symbol = isInvalid() ? "LOST" : symbols.get(random.nextInt(symbols.size()));
        yield new GenericData.EnumSymbol(offered, symbol);
      }
      case STRING -> isInvalid() ? new Utf8(NO_TEXT) : leaves.value(contract);
      default -> leaf(contract, offered);
    };
  }

  private Object leaf(Schema contract, Schema offered) {
    String logical = logical(contract);
    if (logical.endsWith("timestamp-micros") && logical(offered).endsWith("-millis")) {
      return isInvalid() ? Long.MAX_VALUE - random.nextInt(9) : random.nextInt() * 1_000L;
    } else if (logical.startsWith("time-") && isInvalid()) {
      return 86_400_000_000L + random.nextInt(9);
    } else if (contract.getLogicalType() instanceof LogicalTypes.Decimal decimal && isInvalid()) {
      return tooLarge(decimal.getPrecision(), offered);
    }
    Object value = leaves.value(contract);
    if (!logical.endsWith("-millis") || !isInvalid()) {
      return value;
    }
    return value instanceof LocalTime time
        ? time.withNano(123_000)
        : value instanceof Instant moment
            ? Instant.ofEpochSecond(moment.getEpochSecond() / 2, 123_000)
            : LocalDateTime.of(1969, 12, 31, 23, 59, 59, 999_999_000);
  }

  private Object tooLarge(int precision, Schema offered) {
    BigInteger number = BigInteger.TEN.pow(precision).negate();
    if (offered.getType() == Schema.Type.BYTES) {
      return ByteBuffer.wrap(number.toByteArray());
    }
    byte[] bytes = new byte[offered.getFixedSize()];
    Arrays.fill(bytes, (byte) -1);
    byte[] shortest = number.toByteArray();
    System.arraycopy(shortest, 0, bytes, bytes.length - shortest.length, shortest.length);
    return new GenericData.Fixed(offered, bytes);
  }

  private Map<Object, Object> map(Schema contract, Schema offered) {
    Map<Object, Object> map = new LinkedHashMap<>();
    Schema type = offered.getValueType().getTypes().get(1);
    int length = length();
    for (int i = 0; i < length; i++) {
      map.put(isInvalid() ? new Utf8(NO_TEXT) : "k" + i, value(contract.getValueType(), type));
    }
    if (length > 0 && isInvalid()) {
      // Of another class, and so another key of the map, but the same text.
      map.put(new Utf8("k" + (length - 1)), value(contract.getValueType(), type));
    }
    return map;
  }

  private int length() {
    return random.nextInt(4) == 0 ? 0 : random.nextInt(60) == 0 ? 12 : 1 + random.nextInt(3);
  }
}
