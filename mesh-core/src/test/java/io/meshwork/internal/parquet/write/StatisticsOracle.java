package io.meshwork.internal.parquet.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.internal.parquet.write.ParquetWriter.WrittenFile;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.util.BinaryUtil;
import org.apache.iceberg.util.UnicodeUtil;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.internal.column.columnindex.ColumnIndex;
import org.apache.parquet.internal.column.columnindex.OffsetIndex;
import org.apache.parquet.io.LocalInputFile;

/** Computes counts and bounds from every value, to compare with a file's statistics and metrics. */
final class StatisticsOracle {
  private StatisticsOracle() {}

  static void check(
      String what,
      Path file,
      Schema schema,
      ParquetMetadata footer,
      List<List<Object>> rows,
      WrittenFile written)
      throws Exception {
    try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file))) {
      List<LeafSlots> leaves = LeafSlots.of(schema);
      for (int column = 0; column < leaves.size(); column++) {
        LeafSlots leaf = leaves.get(column);
        Types.NestedField field = leaf.field();
        String where = what + ", column " + leaf.name();
        int start = 0;
        long size = 0;
        for (BlockMetaData block : footer.getBlocks()) {
          ColumnChunkMetaData chunk = block.getColumns().get(column);
          int end = start + (int) block.getRowCount();
          checkChunk(where, field.type(), chunk, leaf.slots(rows, start, end));
          ColumnIndex index = reader.readColumnIndex(chunk);
          OffsetIndex offsets = reader.readOffsetIndex(chunk);
          assertThat(offsets.getFirstRowIndex(0)).as(where).isZero();
          if (index != null) {
            for (int page = 0; page < offsets.getPageCount(); page++) {
              int from = start + (int) offsets.getFirstRowIndex(page);
              int to = start + (int) offsets.getLastRowIndex(page, block.getRowCount()) + 1;
              checkPage(where, field.type(), index, page, leaf.slots(rows, from, to));
            }
          }
          size += chunk.getTotalSize();
          start = end;
        }
        checkMetrics(where, leaf, written.metrics(), leaf.slots(rows, 0, rows.size()), size);
      }
    }
  }

  private static void checkChunk(
      String what, Type type, ColumnChunkMetaData chunk, List<Object> values) {
    Statistics<?> statistics = chunk.getStatistics();
    assertThat(chunk.getValueCount()).as(what).isEqualTo(values.size());
    assertThat(statistics.getNumNulls()).as(what).isEqualTo(nulls(values));
    Object least = least(type, values);
    if (least == null) {
      assertThat(statistics.hasNonNullValue()).as(what).isFalse();
    } else if (type.typeId() == Type.TypeID.UUID) {
      checkUuid(what, least, buffer(statistics.getMinBytes()));
      checkUuid(what, largest(type, values), buffer(statistics.getMaxBytes()));
    } else if (statistics.hasNonNullValue()) {
      checkBound(what, type, least, statistics.getMinBytes(), true);
      checkBound(what, type, largest(type, values), statistics.getMaxBytes(), false);
    } else {
      // No value is larger than this prefix, so there is no shorter upper bound.
      assertThat(raisable(type, largest(type, values))).as(what).isFalse();
    }
  }

  private static ByteBuffer buffer(byte[] bytes) {
    return bytes == null ? null : ByteBuffer.wrap(bytes);
  }

  private static boolean raisable(Type type, Object largest) {
    if (!(largest instanceof ByteBuffer bytes) || bytes.remaining() <= 64) {
      return true;
    }
    return type.typeId() == Type.TypeID.STRING
        ? !StandardCharsets.UTF_8
            .decode(bytes.duplicate())
            .toString()
            .startsWith("\uDBFF\uDFFF".repeat(15))
        : bytes.get(0) != -1;
  }

  private static void checkPage(
      String what, Type type, ColumnIndex index, int page, List<Object> values) {
    String where = what + ", page " + page;
    assertThat(index.getNullCounts().get(page)).as(where).isEqualTo(nulls(values));
    Object least = least(type, values);
    assertThat(index.getNullPages().get(page)).as(where).isEqualTo(least == null);
    if (least != null) {
      checkBound(where, type, least, bytes(index.getMinValues().get(page)), true);
      checkBound(where, type, largest(type, values), bytes(index.getMaxValues().get(page)), false);
    }
  }

  private static void checkBound(
      String what, Type type, Object value, byte[] bound, boolean lower) {
    Object found = decode(type, bound);
    if (found instanceof ByteBuffer && (bound.length > 64 || !found.equals(value))) {
      assertThat(bound.length).as(what).isBetween(1, 64);
      assertThat(((ByteBuffer) value).remaining()).as(what).isGreaterThan(64);
      int order = order().compare(found, value);
      assertThat(lower ? order : -order).as(what).isLessThan(0);
      if (type.typeId() == Type.TypeID.STRING) {
        assertThat(new String(bound, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8))
            .as(what)
            .isEqualTo(bound);
      }
    } else {
      assertThat(found).as(what).isEqualTo(signedZero(value, lower));
    }
  }

  private static Object signedZero(Object value, boolean lower) {
    if (value instanceof Double number && number == 0) {
      return lower ? -0.0 : 0.0;
    }
    if (value instanceof Float number && number == 0) {
      return lower ? -0f : 0f;
    }
    return value;
  }

  private static void checkMetrics(
      String what, LeafSlots leaf, Metrics metrics, List<Object> values, long size) {
    int id = leaf.field().fieldId();
    Type type = leaf.field().type();
    assertThat(metrics.columnSizes().get(id)).as(what).isEqualTo(size);
    assertThat(metrics.valueCounts().get(id)).as(what).isEqualTo(values.size());
    assertThat(metrics.nullValueCounts().get(id)).as(what).isEqualTo(nulls(values));
    boolean floating = type.typeId() == Type.TypeID.FLOAT || type.typeId() == Type.TypeID.DOUBLE;
    if (floating) {
      long nans = values.stream().filter(v -> v != null && nan(number(type, v))).count();
      assertThat(metrics.nanValueCounts().get(id)).as(what).isEqualTo(nans);
    } else {
      assertThat(metrics.nanValueCounts()).as(what).doesNotContainKey(id);
    }
    if (leaf.repeated()) {
      assertThat(metrics.lowerBounds()).as(what).doesNotContainKey(id);
      assertThat(metrics.upperBounds()).as(what).doesNotContainKey(id);
      return;
    }
    checkIceberg(what, type, least(type, values), metrics.lowerBounds().get(id), true);
    checkIceberg(what, type, largest(type, values), metrics.upperBounds().get(id), false);
  }

  private static void checkIceberg(
      String what, Type type, Object value, ByteBuffer bound, boolean lower) {
    if (value == null) {
      assertThat(bound).as(what).isNull();
      return;
    }
    if (type.typeId() == Type.TypeID.UUID) {
      checkUuid(what, value, bound);
      return;
    }
    Object expected =
        switch (type.typeId()) {
          case STRING -> {
            String text =
                StandardCharsets.UTF_8.decode(((ByteBuffer) value).duplicate()).toString();
            yield lower
                ? UnicodeUtil.truncateStringMin(text, 16)
                : UnicodeUtil.truncateStringMax(text, 16);
          }
          case FIXED -> ((ByteBuffer) value).remaining() > 64 ? null : value;
          case BINARY ->
              lower
                  ? BinaryUtil.truncateBinaryMin((ByteBuffer) value, 16)
                  : BinaryUtil.truncateBinaryMax((ByteBuffer) value, 16);
          default -> signedZero(value, lower);
        };
    Object found = bound == null ? null : Conversions.fromByteBuffer(type, bound);
    if (expected instanceof ByteBuffer) {
      assertThat(found).as(what).isEqualTo(expected);
    } else {
      assertThat(Objects.toString(found)).as(what).isEqualTo(Objects.toString(expected));
    }
  }

  /** Checks that a bound is the value, or missing. */
  private static void checkUuid(String what, Object value, ByteBuffer bound) {
    if (bound != null) {
      assertThat(bound).as(what).isEqualTo(value);
    }
  }

  private static long nulls(List<Object> values) {
    return values.stream().filter(Objects::isNull).count();
  }

  private static Object least(Type type, List<Object> values) {
    return values.stream()
        .filter(Objects::nonNull)
        .map(value -> number(type, value))
        .filter(value -> !nan(value))
        .min(order())
        .orElse(null);
  }

  private static Object largest(Type type, List<Object> values) {
    return values.stream()
        .filter(Objects::nonNull)
        .map(value -> number(type, value))
        .filter(value -> !nan(value))
        .max(order())
        .orElse(null);
  }

  private static Object number(Type type, Object value) {
    return switch (type.typeId()) {
      case FLOAT -> Float.intBitsToFloat((Integer) value);
      case DOUBLE -> Double.longBitsToDouble((Long) value);
      default -> value;
    };
  }

  private static boolean nan(Object value) {
    return value instanceof Double number && number.isNaN()
        || value instanceof Float single && single.isNaN();
  }

  @SuppressWarnings("unchecked") // all values of a column have one comparable class
  private static Comparator<Object> order() {
    return (left, right) ->
        left instanceof ByteBuffer
            ? Arrays.compareUnsigned(bytes((ByteBuffer) left), bytes((ByteBuffer) right))
            : ((Comparable<Object>) left).compareTo(right);
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }

  private static Object decode(Type type, byte[] plain) {
    ByteBuffer buffer = ByteBuffer.wrap(plain).order(ByteOrder.LITTLE_ENDIAN);
    return switch (type.typeId()) {
      case BOOLEAN -> plain[0] != 0;
      case INTEGER, DATE -> buffer.getInt();
      case LONG, TIME, TIMESTAMP, TIMESTAMP_NANO -> buffer.getLong();
      case FLOAT -> buffer.getFloat();
      case DOUBLE -> buffer.getDouble();
      case DECIMAL -> {
        Types.DecimalType decimal = (Types.DecimalType) type;
        yield decimal.precision() <= 9
            ? BigDecimal.valueOf(buffer.getInt(), decimal.scale())
            : decimal.precision() <= 18
                ? BigDecimal.valueOf(buffer.getLong(), decimal.scale())
                : new BigDecimal(new java.math.BigInteger(plain), decimal.scale());
      }
      default -> ByteBuffer.wrap(plain);
    };
  }
}
