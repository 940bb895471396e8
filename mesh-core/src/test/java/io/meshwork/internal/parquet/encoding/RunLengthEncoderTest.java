package io.meshwork.internal.parquet.encoding;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.util.Arrays;
import java.util.Random;
import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridDecoder;
import org.junit.jupiter.api.Test;

class RunLengthEncoderTest {
  @Test
  void parquetJavaDecodesRunsAndPackedGroupsOfEveryWidth() throws Exception {
    for (long seed = 1; seed <= 400; seed++) {
      Random random = new Random(seed);
      int width = random.nextInt(33) % 32;
      int[] values = new int[1 + random.nextInt(3000)];
      int mask = (int) ((1L << width) - 1);
      int sticky = random.nextInt(20);
      for (int i = 0; i < values.length; i++) {
        values[i] = i > 0 && random.nextInt(20) < sticky ? values[i - 1] : random.nextInt() & mask;
      }
      LittleEndianEncoder out = new LittleEndianEncoder();

      RunLengthEncoder.encode(values, values.length, width, out);

      RunLengthBitPackingHybridDecoder decoder =
          new RunLengthBitPackingHybridDecoder(
              width, new ByteArrayInputStream(out.bytes(), 0, out.size()));
      int[] read = new int[values.length];
      for (int i = 0; i < read.length; i++) {
        read[i] = decoder.readInt();
      }
      assertThat(read).as("seed %s, width %s", seed, width).isEqualTo(values);
    }
  }

  @Test
  void longRunTakesAFewBytes() {
    int[] values = new int[20_000];
    Arrays.fill(values, 5);
    LittleEndianEncoder out = new LittleEndianEncoder();

    RunLengthEncoder.encode(values, values.length, 3, out);

    assertThat(out.size()).isLessThanOrEqualTo(4);
  }

  @Test
  void bitWidthHoldsTheLargestValueAndNoMore() {
    assertThat(LittleEndianEncoder.bitWidth(0)).isZero();
    assertThat(LittleEndianEncoder.bitWidth(1)).isEqualTo(1);
    assertThat(LittleEndianEncoder.bitWidth(255)).isEqualTo(8);
    assertThat(LittleEndianEncoder.bitWidth(256)).isEqualTo(9);
  }
}
