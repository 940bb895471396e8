package io.meshwork.internal.testkit.samples;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** Generates plain values of any type: no extremes, short strings. */
public final class PlainValues {
  private static final int SMALL = 99;

  private final Random random;

  PlainValues(Random random) {
    this.random = random;
  }

  /** Returns the type without null. */
  public static Schema required(Schema type) {
    if (type.getType() != Schema.Type.UNION) {
      return type;
    }
    return type.getTypes().stream()
        .filter(branch -> branch.getType() != Schema.Type.NULL)
        .findFirst()
        .orElseThrow();
  }

  static boolean isNullable(Schema type) {
    return type.getType() == Schema.Type.UNION;
  }

  /** Returns a value, or sometimes null if the type allows it. */
  @Nullable Object some(String name, Schema type) {
    return isNullable(type) && random.nextInt(5) == 0 ? null : value(name, required(type));
  }

  /** Returns a value of a type that is not nullable. */
  Object value(String name, Schema type) {
    OrderedType ordered = OrderedType.of(type);
    if (ordered != null) {
      OrderedType small =
          type.getType() == Schema.Type.INT && type.getLogicalType() == null
              ? ordered.within(0, SMALL)
              : ordered;
      return small.value().apply(small.pick(random, small.plainLow(), small.plainHigh()));
    }
    if (isUuid(type)) {
      return new UUID(random.nextLong(), random.nextLong());
    }
    return switch (type.getType()) {
      case BOOLEAN -> random.nextBoolean();
      case STRING -> text(name);
      case ENUM -> type.getEnumSymbols().get(random.nextInt(type.getEnumSymbols().size()));
      case FIXED -> bytes(type.getFixedSize());
      case BYTES -> bytes(random.nextInt(9));
      case RECORD -> record(type);
      case ARRAY -> list(name, type.getElementType());
      case MAP -> map(name, type.getValueType());
      default -> throw new IllegalArgumentException("no values of " + type);
    };
  }

  static boolean isUuid(Schema type) {
    return type.getLogicalType() != null && type.getLogicalType().getName().equals("uuid");
  }

  String text(String name) {
    return name + " " + random.nextInt(100_000);
  }

  ByteBuffer bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return ByteBuffer.wrap(bytes);
  }

  private Map<String, Object> record(Schema type) {
    Map<String, Object> record = new LinkedHashMap<>();
    for (Schema.Field field : type.getFields()) {
      put(record, field.name(), some(field.name(), field.schema()));
    }
    return record;
  }

  private List<@Nullable Object> list(String name, Schema element) {
    List<@Nullable Object> list = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      list.add(some(name, element));
    }
    return list;
  }

  private Map<String, Object> map(String name, Schema value) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      put(map, "key " + i, some(name, value));
    }
    return map;
  }

  @SuppressWarnings("NullAway") // a map represents null by a null value
  static void put(Map<String, Object> row, String column, @Nullable Object value) {
    row.put(column, value);
  }
}
