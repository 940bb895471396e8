package io.meshwork.internal.parquet.encoding;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.apache.parquet.bytes.ByteBufferInputStream;
import org.apache.parquet.column.values.delta.DeltaBinaryPackingValuesReader;
import org.junit.jupiter.api.Test;

class DeltaEncoderTest {
  @Test
  void parquetJavaDecodesLongsOfEveryBitWidth() throws Exception {
    for (long seed = 1; seed <= 400; seed++) {
      Random random = new Random(seed);
      int bits = random.nextInt(65);
      long[] values = new long[1 + random.nextInt(1000)];
      for (int i = 0; i < values.length; i++) {
        values[i] = bits == 0 ? 7 : random.nextLong() >> (64 - bits);
      }

      DeltaBinaryPackingValuesReader reader = encoded(values, false);

      long[] read = new long[values.length];
      Arrays.setAll(read, i -> reader.readLong());
      assertThat(read).as("seed %s, %s bits", seed, bits).isEqualTo(values);
    }
  }

  @Test
  void parquetJavaDecodesIntsWhoseDifferencesOverflow() throws Exception {
    for (long seed = 1; seed <= 200; seed++) {
      Random random = new Random(seed);
      int[] extremes = {Integer.MIN_VALUE, Integer.MAX_VALUE, 0, -1, 1};
      long[] values = new long[1 + random.nextInt(700)];
      for (int i = 0; i < values.length; i++) {
        values[i] =
            random.nextBoolean() ? extremes[random.nextInt(extremes.length)] : random.nextInt();
      }

      DeltaBinaryPackingValuesReader reader = encoded(values, true);

      long[] read = new long[values.length];
      Arrays.setAll(read, i -> reader.readInteger());
      assertThat(read).as("seed %s", seed).isEqualTo(values);
    }
  }

  @Test
  void deltasOfIntsNeverExceed32Bits() {
    long[] values = new long[129];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % 2 == 0 ? Integer.MIN_VALUE : Integer.MAX_VALUE;
    }
    LittleEndianEncoder out = new LittleEndianEncoder();

    DeltaEncoder.encode(values, values.length, true, out);

    assertThat(out.size()).isLessThan(128 * 4 + 32);
  }

  private static DeltaBinaryPackingValuesReader encoded(long[] values, boolean narrow)
      throws Exception {
    LittleEndianEncoder out = new LittleEndianEncoder();
    DeltaEncoder.encode(values, values.length, narrow, out);
    DeltaBinaryPackingValuesReader reader = new DeltaBinaryPackingValuesReader();
    reader.initFromPage(
        values.length,
        ByteBufferInputStream.wrap(ByteBuffer.wrap(Arrays.copyOf(out.bytes(), out.size()))));
    return reader;
  }
}
