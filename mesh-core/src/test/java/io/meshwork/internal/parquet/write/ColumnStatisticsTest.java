package io.meshwork.internal.parquet.write;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.expressions.InclusiveMetricsEvaluator;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;

class ColumnStatisticsTest {
  @Test
  void nanIsCountedAndIsNeverABound() {
    ColumnNumberStatistics statistics = new ColumnNumberStatistics(NumberEncoding.DOUBLE);
    statistics.add(bits(Double.NaN, Double.NaN), 2);
    assertThat(statistics.bounded()).isFalse();
    assertThat(statistics.lower()).isNull();

    statistics.add(bits(3, Double.NaN, -2), 3);

    assertThat(statistics.nans()).isEqualTo(3);
    assertThat(statistics.icebergLower(Types.DoubleType.get())).isEqualTo(-2.0);
    assertThat(statistics.icebergUpper(Types.DoubleType.get())).isEqualTo(3.0);
  }

  @Test
  void zeroBoundsAreNegativeBelowAndPositiveAbove() {
    ColumnNumberStatistics statistics = new ColumnNumberStatistics(NumberEncoding.DOUBLE);
    statistics.add(bits(0.0), 1);
    assertThat(statistics.icebergLower(Types.DoubleType.get())).isEqualTo(-0.0);

    statistics.reset();
    statistics.add(bits(-0.0), 1);
    assertThat(statistics.icebergUpper(Types.DoubleType.get())).isEqualTo(0.0);
  }

  @Test
  void infinitiesWithoutOtherValuesAreBounds() {
    ColumnNumberStatistics statistics = new ColumnNumberStatistics(NumberEncoding.FLOAT);
    statistics.add(new long[] {Float.floatToRawIntBits(Float.POSITIVE_INFINITY)}, 1);

    assertThat(statistics.icebergLower(Types.FloatType.get())).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(statistics.icebergUpper(Types.FloatType.get())).isEqualTo(Float.POSITIVE_INFINITY);
  }

  @Test
  void longTextBoundsAreTruncatedBetweenCharactersAndIncremented() {
    String text = "é".repeat(40);
    ColumnBytesStatistics statistics = texts(text);

    ColumnStatistics.Bound lower = statistics.lower();
    ColumnStatistics.Bound upper = statistics.upper();

    assertThat(new String(lower.bytes(), StandardCharsets.UTF_8)).isEqualTo("é".repeat(32));
    assertThat(lower.exact()).isFalse();
    assertThat(new String(upper.bytes(), StandardCharsets.UTF_8)).isEqualTo("é".repeat(30) + "ê");
    assertThat(upper.exact()).isFalse();
  }

  @Test
  void incrementedTextSkipsSurrogatesAndDropsTheLargestCodePoint() {
    byte[] beforeSurrogates = texts("\uD7FF".repeat(30)).upper().bytes();
    byte[] afterLargest = texts("a" + "\uDBFF\uDFFF".repeat(30)).upper().bytes();

    assertThat(new String(beforeSurrogates, StandardCharsets.UTF_8)).endsWith("\uE000");
    assertThat(new String(afterLargest, StandardCharsets.UTF_8)).isEqualTo("b");
    assertThat(texts("\uDBFF\uDFFF".repeat(30)).upper()).isNull();
  }

  @Test
  void boundsOfUuidsNeverHideARowFromIceberg() {
    Schema schema = new Schema(Types.NestedField.required(1, "id", Types.UUIDType.get()));
    UUID[] sameOrder = {new UUID(5, -7), new UUID(5, -9), new UUID(900, -1)};
    UUID[] bothHalves = {new UUID(5, 5), new UUID(-5, 5)};
    UUID[] bothEnds = {new UUID(5, -7), new UUID(5, 7), new UUID(900, 1)};
    UUID[] upperHalf = {new UUID(-5, 5), new UUID(-4, 5)};

    assertThat(metrics(sameOrder).lowerBounds())
        .containsEntry(1, Conversions.toByteBuffer(Types.UUIDType.get(), new UUID(5, -9)));
    assertThat(metrics(sameOrder).upperBounds())
        .containsEntry(1, Conversions.toByteBuffer(Types.UUIDType.get(), new UUID(900, -1)));
    for (UUID[] other : new UUID[][] {bothHalves, bothEnds, upperHalf}) {
      assertThat(metrics(other).lowerBounds()).isEmpty();
      assertThat(metrics(other).upperBounds()).isEmpty();
    }
    for (UUID[] stored : new UUID[][] {sameOrder, bothHalves, bothEnds, upperHalf}) {
      DataFile file =
          DataFiles.builder(PartitionSpec.unpartitioned())
              .withPath("ids.parquet")
              .withFormat(FileFormat.PARQUET)
              .withFileSizeInBytes(1)
              .withMetrics(metrics(stored))
              .build();
      for (UUID wanted : stored) {
        assertThat(
                new InclusiveMetricsEvaluator(schema, Expressions.equal("id", wanted)).eval(file))
            .isTrue();
      }
    }
  }

  private static Metrics metrics(UUID... stored) {
    ColumnBytesStatistics statistics = new ColumnBytesStatistics(ColumnBytesStatistics.Kind.UUID);
    ByteBuffer data = ByteBuffer.allocate(16 * stored.length);
    int[] offsets = new int[stored.length + 1];
    for (int i = 0; i < stored.length; i++) {
      data.putLong(stored[i].getMostSignificantBits()).putLong(stored[i].getLeastSignificantBits());
      offsets[i + 1] = 16 * (i + 1);
    }
    statistics.add(data.array(), offsets, stored.length, null);
    long rows = stored.length;
    return new Metrics(
        rows,
        Map.of(1, 16 * rows),
        Map.of(1, rows),
        Map.of(1, 0L),
        Map.of(),
        bound(statistics.icebergLower(Types.UUIDType.get())),
        bound(statistics.icebergUpper(Types.UUIDType.get())));
  }

  private static Map<Integer, ByteBuffer> bound(Object value) {
    return value == null
        ? Map.of()
        : Map.of(1, Conversions.toByteBuffer(Types.UUIDType.get(), value));
  }

  private static ColumnBytesStatistics texts(String text) {
    ColumnBytesStatistics statistics = new ColumnBytesStatistics(ColumnBytesStatistics.Kind.TEXT);
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    statistics.add(bytes, new int[] {0, bytes.length}, 1, null);
    return statistics;
  }

  private static long[] bits(double... values) {
    long[] bits = new long[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Double.doubleToRawLongBits(values[i]);
    }
    return bits;
  }
}
