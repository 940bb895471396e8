package io.meshwork.internal.rows;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.internal.schema.IcebergSchemas;
import io.meshwork.internal.vector.VectorBatch;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.util.Utf8;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;

class TypedRowsTest {
  private static final Utf8 MALFORMED = new Utf8(new byte[] {'a', (byte) 0xFF});

  @Test
  void typedRowsGiveTheRowsAndViolationsOfMaps() {
    int violations = 0;
    int unread = 0;
    for (long seed = 1; seed <= 300; seed++) {
      Random random = new Random(seed);
      RandomContract contract = new RandomContract(random, 4);
      List<Map<String, Object>> rows = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        rows.add(contract.row());
      }
      if (seed % 2 == 0) {
        rows.replaceAll(row -> damaged(row, random));
      }
      TypeViolations found = new TypeViolations();
      unread += assertEqual(contract.schema(), rows, found, "seed " + seed);
      violations += found.count();
    }
    assertThat(violations).isGreaterThan(100);
    assertThat(unread).isGreaterThan(3_000);
  }

  @Test
  void valuesAreCheckedAtTheEdgesOfTheirColumns() {
    Schema contract =
        FlatTypes.nullable(
            """
            price   | {"type":"bytes","logicalType":"decimal","precision":9,"scale":2}
            whole   | {"type":"bytes","logicalType":"decimal","precision":18,"scale":0}
            seen    | {"type":"long","logicalType":"timestamp-millis"}
            at      | {"type":"long","logicalType":"timestamp-micros"}
            localAt | {"type":"long","logicalType":"local-timestamp-micros"}
            """);
    List<Object> row =
        Arrays.asList(
            new BigDecimal("-9999999.99"),
            new BigDecimal("999999999999999999"),
            Instant.ofEpochMilli(-1),
            Instant.ofEpochSecond(-2, 1_000),
            LocalDateTime.of(1969, 12, 31, 23, 59, 59, 999_999_000));
    List<Object> bad =
        Arrays.asList(
            new BigDecimal("10000000.00"),
            new BigDecimal("-1000000000000000000"),
            Instant.ofEpochSecond(-2, 1_000),
            null,
            null);
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      Map<String, Object> values = new LinkedHashMap<>();
      for (int column = 0; column < row.size(); column++) {
        values.put(contract.getFields().get(column).name(), (i == column ? bad : row).get(column));
      }
      rows.add(values);
    }
    TypeViolations found = new TypeViolations();

    assertEqual(contract, rows, found, "edges");
    TypeViolations none = new TypeViolations();
    int unread = assertEqual(contract, rows.subList(5, 6), none, "fitting");

    assertThat(found.count()).isEqualTo(3);
    assertThat(none.isEmpty()).isTrue();
    assertThat(unread).isOne();
  }

  @Test
  void rowsOfOtherColumnsAreReadAsMaps() {
    Schema contract = FlatTypes.nullable("a | \"int\"\nb | \"int\"\n");
    org.apache.iceberg.Schema table = FlatTypes.table(contract);
    List<TestRow> rows = new ArrayList<>();
    for (Types.StructType type :
        List.of(
            Types.StructType.of(
                Types.NestedField.optional(1, "b", Types.IntegerType.get()),
                Types.NestedField.optional(2, "a", Types.IntegerType.get())),
            Types.StructType.of(Types.NestedField.optional(1, "b", Types.IntegerType.get())),
            Types.StructType.of(
                Types.NestedField.optional(1, "a", Types.LongType.get()),
                Types.NestedField.optional(2, "b", Types.IntegerType.get())))) {
      Map<String, Object> values = new LinkedHashMap<>();
      type.fields().forEach(field -> values.put(field.name(), field.name().equals("b") ? 2 : 1));
      rows.add(new TestRow(type, values));
    }
    VectorBatch batch = VectorBatch.empty(table);

    RecordShredders.forRecords(contract, table)
        .shredAll(rows.toArray(), rows.size(), batch, new TypeViolations());

    assertThat(values(batch)).containsExactly(List.of(1, 2), Arrays.asList(null, 2), List.of(1, 2));
  }

  /** Returns how many rows were not read as maps. */
  private static int assertEqual(
      Schema contract, List<Map<String, Object>> rows, TypeViolations ofMaps, String what) {
    org.apache.iceberg.Schema table = IcebergSchemas.fromAvro(contract);
    Types.StructType type = typeOf(table.asStruct()).asStructType();
    List<TestRow> typed = rows.stream().map(row -> new TestRow(type, row)).toList();
    TypeViolations ofTyped = new TypeViolations();
    VectorBatch one = VectorBatch.empty(table);
    VectorBatch other = VectorBatch.empty(table);
    RecordShredder shredder = RecordShredders.forRecords(contract, table);
    for (int from = 0; from < rows.size(); from += 8) {
      int to = Math.min(rows.size(), from + 8);
      shredder.shredAll(typed.subList(from, to).toArray(), to - from, one, ofTyped);
      shredder.shredAll(rows.subList(from, to).toArray(), to - from, other, ofMaps);
    }

    String all = what + " " + contract;
    assertThat(values(one)).as(all).isEqualTo(values(other));
    for (int row = 0; row < rows.size(); row++) {
      assertThat(ofTyped.at(row)).as(all).containsExactlyInAnyOrderElementsOf(ofMaps.at(row));
    }
    return (int) typed.stream().filter(row -> !row.wasRead).count();
  }

  private static List<List<Object>> values(VectorBatch batch) {
    List<List<Object>> rows = new ArrayList<>();
    for (int row = 0; row < batch.rows(); row++) {
      List<Object> values = new ArrayList<>();
      for (int column = 0; column < batch.vectors().size(); column++) {
        Type type = batch.schema().columns().get(column).type();
        values.add(VectorBatch.value(type, batch.vector(column), row));
      }
      rows.add(values);
    }
    return rows;
  }

  /** The type of an engine that has texts for UUIDs, and bytes of any length. */
  private static Type typeOf(Type stored) {
    return TypeUtil.visit(
        new org.apache.iceberg.Schema(stored.asStructType().fields()),
        new TypeUtil.SchemaVisitor<Type>() {
          @Override
          public Type schema(org.apache.iceberg.Schema schema, Type struct) {
            return struct;
          }

          @Override
          public Type struct(Types.StructType struct, List<Type> types) {
            List<Types.NestedField> fields = new ArrayList<>();
            for (int i = 0; i < types.size(); i++) {
              Types.NestedField field = struct.fields().get(i);
              fields.add(Types.NestedField.optional(field.fieldId(), field.name(), types.get(i)));
            }
            return Types.StructType.of(fields);
          }

          @Override
          public Type field(Types.NestedField field, Type type) {
            return type;
          }

          @Override
          public Type list(Types.ListType list, Type element) {
            return Types.ListType.ofOptional(list.elementId(), element);
          }

          @Override
          public Type map(Types.MapType map, Type key, Type value) {
            return Types.MapType.ofOptional(map.keyId(), map.valueId(), key, value);
          }

          @Override
          public Type primitive(Type.PrimitiveType type) {
            return switch (type.typeId()) {
              case UUID -> Types.StringType.get();
              case FIXED -> Types.BinaryType.get();
              default -> type;
            };
          }
        });
  }

  private static Map<String, Object> damaged(Map<String, Object> row, Random random) {
    Map<String, Object> damaged = new LinkedHashMap<>(row);
    damaged.replaceAll((name, value) -> random.nextInt(20) == 0 ? damaged(value) : value);
    return damaged;
  }

  /** Replaces values by those that some columns refuse. */
  private static Object damaged(Object value) {
    if (value instanceof String) {
      return MALFORMED;
    } else if (value instanceof ByteBuffer) {
      return ByteBuffer.wrap(new byte[17]);
    } else if (value instanceof List<?> list) {
      List<Object> elements = new ArrayList<>(list);
      boolean isOfTexts = !list.isEmpty() && list.get(0) instanceof String;
      elements.add(isOfTexts ? MALFORMED : null);
      return elements;
    } else if (value instanceof Map<?, ?> map) {
      Map<Object, Object> entries = new LinkedHashMap<>(map);
      entries.replaceAll((key, each) -> null);
      return entries;
    }
    return value;
  }

  /** A row that knows whether it was read as a map. */
  private static final class TestRow extends AbstractMap<String, Object> implements TypedRow {
    private final Types.StructType type;
    private final Map<String, Object> values;
    private boolean wasRead;

    TestRow(Types.StructType type, Map<String, Object> values) {
      this.type = type;
      this.values = values;
    }

    @Override
    public Types.StructType type() {
      return type;
    }

    @Override
    public Values read() {
      return new TestValues(new ArrayList<>(values.values()));
    }

    @Override
    public Set<Entry<String, Object>> entrySet() {
      wasRead = true;
      return values.entrySet();
    }
  }

  private record TestValues(List<?> all) implements TypedRow.Values {
    @Override
    public int size() {
      return all.size();
    }

    @Override
    public boolean isNull(int position) {
      return all.get(position) == null;
    }

    @Override
    public boolean booleanAt(int position) {
      return (Boolean) all.get(position);
    }

    @Override
    public int intAt(int position) {
      return all.get(position) instanceof LocalDate date
          ? (int) date.toEpochDay()
          : (Integer) all.get(position);
    }

    @Override
    public long longAt(int position) {
      Object value = all.get(position);
      if (value instanceof Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
      } else if (value instanceof LocalDateTime local) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, local.toInstant(ZoneOffset.UTC));
      }
      return value instanceof BigDecimal decimal
          ? decimal.unscaledValue().longValueExact()
          : (Long) value;
    }

    @Override
    public float floatAt(int position) {
      return (Float) all.get(position);
    }

    @Override
    public double doubleAt(int position) {
      return (Double) all.get(position);
    }

    @Override
    public int textLength(int position) {
      return text(position).length;
    }

    @Override
    public void copyText(int position, byte[] into, int from) {
      System.arraycopy(text(position), 0, into, from, textLength(position));
    }

    private byte[] text(int position) {
      Object value = all.get(position);
      return value instanceof Utf8 text
          ? text.getBytes()
          : (value instanceof UUID ? value.toString() : (String) value)
              .getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public Object objectAt(int position) {
      return all.get(position);
    }

    @Override
    public TypedRow.Values valuesAt(int position) {
      return new TestValues(
          all.get(position) instanceof Map<?, ?> map
              ? new ArrayList<>(map.values())
              : (List<?>) all.get(position));
    }

    @Override
    public TypedRow.Values keysAt(int position) {
      return new TestValues(new ArrayList<>(((Map<?, ?>) all.get(position)).keySet()));
    }
  }
}
