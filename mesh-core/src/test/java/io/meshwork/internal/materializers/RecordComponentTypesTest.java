package io.meshwork.internal.materializers;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.rows.ColumnGroup;
import io.meshwork.internal.rows.FlatTypes;
import io.meshwork.internal.rows.JavaTypes;
import io.meshwork.internal.rows.NestedRows;
import io.meshwork.internal.rows.SchemaMismatches;
import io.meshwork.internal.vector.VectorBatch;
import java.lang.reflect.Array;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/** Tests every component class against every column type. */
class RecordComponentTypesTest {
  enum Letter {
    A,
    B,
    C,
    D
  }

  record Inner(int a) {}

  record ABoolean(boolean v) {}

  record AByte(byte v) {}

  record AShort(short v) {}

  record AnInt(int v) {}

  record ALong(long v) {}

  record AFloat(float v) {}

  record ADouble(double v) {}

  record AChar(char v) {}

  private static final List<Class<? extends Record>> PRIMITIVES =
      List.of(
          ABoolean.class,
          AByte.class,
          AShort.class,
          AnInt.class,
          ALong.class,
          AFloat.class,
          ADouble.class,
          AChar.class);

  record Flat0(
      Boolean c0, Byte c1, Short c2, Integer c3, Long c4, Float c5, Double c6, Character c7) {}

  record Flat1(
      String c0,
      CharSequence c1,
      byte[] c2,
      ByteBuffer c3,
      Letter c4,
      BigDecimal c5,
      LocalDate c6,
      LocalTime c7,
      Instant c8,
      LocalDateTime c9,
      UUID c10,
      Object c11,
      Number c12,
      Comparable<?> c13,
      Inner c14,
      Map<String, Object> c15,
      Map<?, ?> c16) {}

  record Inside0(
      Optional<Long> c0,
      Optional<Integer> c1,
      Optional<String> c2,
      Optional<Instant> c3,
      Optional<BigDecimal> c4,
      List<Long> c5,
      List<Integer> c6,
      List<Double> c7,
      List<String> c8,
      List<Letter> c9,
      List<Instant> c10,
      List<Inner> c11,
      List<?> c12,
      Collection<Short> c13,
      Iterable<Byte> c14) {}

  record Inside1(
      long[] c0,
      int[] c1,
      short[] c2,
      double[] c3,
      float[] c4,
      String[] c5,
      Letter[] c6,
      Object[] c7,
      Map<String, Long> c8,
      Map<String, Integer> c9,
      Map<CharSequence, Double> c10,
      Map<String, Letter> c11,
      Map<String, Instant> c12,
      Map<String, Inner> c13,
      Map<Letter, Integer> c14) {}

  /** One component: the class, and its field's index. */
  private record Wanted(RecordComponent component) {
    java.lang.reflect.Type type() {
      return component.getGenericType();
    }
  }

  @Test
  void everyComponentTypeHoldsEveryValueOfAColumnOrIsRejectedBeforeTheFirstRow() {
    List<Wanted> components = new ArrayList<>();
    for (Class<?> type : List.of(Flat0.class, Flat1.class, Inside0.class, Inside1.class)) {
      for (RecordComponent component : type.getRecordComponents()) {
        components.add(new Wanted(component));
      }
    }
    int read = 0;
    for (String around :
        List.of("%s", "{\"type\":\"array\",\"items\":%s}", "{\"type\":\"map\",\"values\":%s}")) {
      for (Map.Entry<String, List<Object>> column : ReaderSchemaResolutionTest.TYPES.entrySet()) {
        Schema contract = FlatTypes.column("v", around.formatted(column.getKey()));
        for (Object value : column.getValue()) {
          Object placed =
              around.equals("%s")
                  ? value
                  : around.contains("items") ? List.of(value) : Map.of("k", value);
          VectorBatch batch = NestedRows.shred(contract, List.of(Map.of("v", placed)));
          ColumnGroup group = ColumnGroup.of(contract, batch.schema());
          Object stored = RowMaterializers.asMap(batch.schema()).row(batch, 0).get("v");
          for (Wanted wanted : components) {
            read += check(wanted, group, batch, stored, contract) ? 1 : 0;
          }
          for (Class<? extends Record> primitive : PRIMITIVES) {
            read += check(primitive, batch, stored, contract) ? 1 : 0;
          }
        }
      }
    }
    assertThat(read).isGreaterThan(1_000);
  }

  /** Returns false if the type is rejected, or the value if only its row can tell. */
  private static boolean check(
      Wanted wanted, ColumnGroup group, VectorBatch batch, Object stored, Schema contract) {
    String pair = contract + " as " + wanted.type();
    SchemaMismatches mismatches =
        new SchemaMismatches(
            io.meshwork.error.MeshAction.of(io.meshwork.error.MeshAction.Verb.READ, "rows"));
    ValueReader reader =
        ValueReader.of(
            Objects.requireNonNull(group.find("v")),
            wanted.type(),
            "v",
            "component 'v'",
            mismatches);
    if (reader == null) {
      assertThat(mismatches.count()).as(pair).isPositive();
      return false;
    }
    Object value;
    try {
      value = reader.read(batch.vector(0), 0, 0);
    } catch (InvalidRequestException refused) {
      assertThat(refused.errorCode()).as(pair).isEqualTo(ErrorCode.READER_INVALID);
      assertThat(refused).as(pair).hasMessageContainingAll("row 1", "'v");
      assertThat(wanted.type().getTypeName()).as(pair).containsPattern("(?i)short|byte|Letter");
      return false;
    }
    assertHeld(wanted.type(), value, pair);
    assertThat(plain(value)).as(pair).isEqualTo(plain(stored));
    return true;
  }

  /** Tests a component that holds the number itself. */
  private static boolean check(
      Class<? extends Record> wanted, VectorBatch batch, Object stored, Schema contract) {
    String pair = contract + " as " + wanted;
    Record row;
    try {
      row = RowMaterializers.asRecord(wanted, batch.schema(), contract).row(batch, 0);
    } catch (InvalidRequestException refused) {
      assertThat(refused.errorCode()).as(pair).isEqualTo(ErrorCode.READER_INVALID);
      assertThat(refused).as(pair).hasMessageContaining("'v");
      return false;
    }
    try {
      assertThat(plain(wanted.getDeclaredMethod("v").invoke(row)))
          .as(pair)
          .isEqualTo(plain(stored));
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(pair, e);
    }
    return true;
  }

  /** Checks that every nested value has the declared class. */
  private static void assertHeld(java.lang.reflect.Type type, Object value, String pair) {
    Class<?> raw = JavaTypes.raw(type);
    if (value instanceof Optional<?> optional) {
      assertHeld(JavaTypes.content(type), optional.orElseThrow(), pair);
      return;
    }
    assertThat(value)
        .as(pair)
        .isInstanceOf(java.lang.invoke.MethodType.methodType(raw).wrap().returnType());
    java.lang.reflect.Type element = JavaTypes.element(type);
    java.lang.reflect.Type entry = JavaTypes.value(type);
    if (element != null && value instanceof Iterable<?> values) {
      values.forEach(each -> assertHeld(element, each, pair));
    }
    if (entry != null && value instanceof Map<?, ?> map) {
      java.lang.reflect.Type key = java.util.Objects.requireNonNull(JavaTypes.key(type));
      map.forEach(
          (name, each) -> {
            assertHeld(key, name, pair);
            assertHeld(entry, each, pair);
          });
    }
  }

  /** Returns a value independent of its class. */
  private static Object plain(Object value) {
    if (value instanceof Optional<?> optional) {
      return plain(optional.orElseThrow());
    } else if (value instanceof byte[] bytes) {
      List<Object> plain = new ArrayList<>();
      for (byte each : bytes) {
        plain.add((long) each);
      }
      return plain;
    } else if (value instanceof ByteBuffer buffer) {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.duplicate().get(bytes);
      return plain(bytes);
    } else if (value instanceof Float || value instanceof Double) {
      return ((Number) value).doubleValue();
    } else if (value instanceof Byte || value instanceof Short || value instanceof Integer) {
      return ((Number) value).longValue();
    } else if (value instanceof Enum<?> || value instanceof UUID) {
      return value.toString();
    } else if (value instanceof Inner inner) {
      return Map.of("a", (long) inner.a());
    } else if (value instanceof Map<?, ?> map) {
      Map<Object, Object> plain = new java.util.LinkedHashMap<>();
      map.forEach((key, each) -> plain.put(key.toString(), plain(each)));
      return plain;
    } else if (value instanceof Iterable<?> values) {
      List<Object> plain = new ArrayList<>();
      values.forEach(each -> plain.add(plain(each)));
      return plain;
    } else if (value.getClass().isArray()) {
      List<Object> plain = new ArrayList<>();
      for (int i = 0; i < Array.getLength(value); i++) {
        plain.add(plain(Array.get(value, i)));
      }
      return plain;
    }
    return value;
  }
}
