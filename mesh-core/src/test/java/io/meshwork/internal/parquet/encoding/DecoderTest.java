package io.meshwork.internal.parquet.encoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.internal.parquet.schema.UnreadableFileException;
import io.meshwork.internal.vector.BytesVector;
import java.util.Arrays;
import java.util.Random;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.Type;
import org.junit.jupiter.api.Test;

/** Decodes encodings that no available writer produces, and corrupt bytes. */
class DecoderTest {
  @Test
  void bitPackedLevelsAreRead() {
    // The format's own example: 0 to 7 in three bits each.
    byte[] bytes = padded(0b00000101, 0b00111001, 0b01110111);
    int[] levels = new int[8];
    new BitPackedLevelDecoder(bytes, 0, 3, 3).ints(levels, 0, 8);
    assertThat(levels).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
    assertThat(BitPackedLevelDecoder.length(9, 1)).isEqualTo(2);
  }

  @Test
  void runsAndBitPackedGroupsAlternate() {
    // Five times 2, then eight numbers of three bits, then three times 7.
    byte[] bytes = padded(5 << 1, 2, 1 << 1 | 1, 0b10001000, 0b11000110, 0b11111010, 3 << 1, 7);
    int[] numbers = new int[16];
    new RunDecoder(bytes, 0, 8, 3).ints(numbers, 0, 16);
    assertThat(numbers).containsExactly(2, 2, 2, 2, 2, 0, 1, 2, 3, 4, 5, 6, 7, 7, 7, 7);
  }

  @Test
  void runReportsEqualValues() {
    RunDecoder runs = new RunDecoder(padded(100 << 1 & 0x7F | 0x80, 1, 1), 0, 3, 1);
    assertThat(runs.same(60)).isEqualTo(1);
    assertThat(runs.same(60)).isEqualTo(-1);
    assertThat(runs.same(40)).isEqualTo(1);
    assertThatThrownBy(() -> runs.same(1)).isInstanceOf(UnreadableFileException.class);
  }

  @Test
  void valuesOfAllBitWidthsAreUnpacked() {
    Random random = new Random(5);
    for (int width = 1; width <= 64; width++) {
      long[] numbers = new long[100];
      byte[] bytes = new byte[100 * 8 + BitDecoder.SLACK];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = random.nextLong() >>> (64 - width);
        for (int bit = 0; bit < width; bit++) {
          int at = i * width + bit;
          bytes[at >>> 3] |= (byte) ((numbers[i] >>> bit & 1) << (at & 7));
        }
      }
      long[] read = new long[100];
      BitDecoder.unpack(bytes, 0, width, read, 0, 100);
      assertThat(read).as("%d bits", width).isEqualTo(numbers);
      if (width <= 32) {
        int[] ints = new int[97];
        BitDecoder.unpack(bytes, 3L * width, width, ints, 0, 97);
        assertThat(ints)
            .as("%d bits", width)
            .isEqualTo(Arrays.stream(numbers).skip(3).mapToInt(n -> (int) n).toArray());
      }
    }
  }

  @Test
  void valuesWithAnEncodingOfLevelsAreDamage() {
    assertThatThrownBy(
            () -> ValueDecoder.of(Encoding.BIT_PACKED, Type.INT32, 0, padded(1), 0, 1, 1))
        .isInstanceOfSatisfying(
            UnreadableFileException.class,
            e -> assertThat(e.reason()).isEqualTo(UnreadableFileException.Reason.CORRUPT))
        .hasMessageContaining("BIT_PACKED");
  }

  @Test
  void deltasThatExceedThePageAreRejected() {
    // Blocks of 128 in 4 miniblocks, 200 values, first value 0.
    byte[] claims = padded(0x80, 1, 4, 0xC8, 1, 0);
    assertRefused(() -> new DeltaBinaryDecoder(claims, 0, 6, 199), "200 deltas");
    assertRefused(() -> new DeltaBinaryDecoder(claims, 0, 6, 200).end(), "fewer deltas");
    byte[] noMiniblocks = padded(0x80, 1, 0, 1, 0);
    assertRefused(() -> new DeltaBinaryDecoder(noMiniblocks, 0, 5, 9), "0 miniblocks");
    byte[] endless = new byte[40];
    Arrays.fill(endless, (byte) 0xFF);
    assertRefused(() -> new DeltaBinaryDecoder(endless, 0, 20, 9), "not terminated");
  }

  @Test
  void deltaBlocksOfAnySizeAreRead() {
    // Blocks of 1 << 17 in one miniblock, 100,001 values, first value 5, least delta -1.
    byte[] header = {(byte) 0x80, (byte) 0x80, 8, 1, (byte) 0xA1, (byte) 0x8D, 6, 10, 1, 8};
    byte[] page = Arrays.copyOf(header, header.length + (1 << 17) + 8);
    long[] expected = new long[100_001];
    expected[0] = 5;
    for (int i = 1; i < expected.length; i++) {
      page[header.length + i - 1] = (byte) i;
      expected[i] = expected[i - 1] - 1 + (i & 0xFF);
    }

    assertThat(deltas(page, page.length - 8, 100_001)).isEqualTo(expected);

    // Blocks of 1L << 40 in 1 << 30 miniblocks, of which the page has the widths of none.
    byte[] many = padded(0x80, 0x80, 0x80, 0x80, 0x80, 0x20, 0x80, 0x80, 0x80, 0x80, 4, 2, 0, 0);
    assertRefused(() -> deltas(many, 14, 2), "the values need 1073741824 bytes");
    // Blocks of 1L << 40 in one miniblock: widths of no bits, and of one.
    byte[] equal = padded(0x80, 0x80, 0x80, 0x80, 0x80, 0x20, 1, 4, 14, 6, 0);
    assertThat(deltas(equal, 11, 4)).containsExactly(7, 10, 13, 16);
    byte[] tooLong = padded(0x80, 0x80, 0x80, 0x80, 0x80, 0x20, 1, 4, 14, 6, 1);
    assertRefused(() -> deltas(tooLong, 11, 4), "the values need 137438953472 bytes");
  }

  private static long[] deltas(byte[] page, int end, int count) {
    long[] values = new long[count];
    DeltaBinaryDecoder decoder = new DeltaBinaryDecoder(page, 0, end, count);
    assertThat(decoder.end()).isEqualTo(end);
    decoder.longs(values, 0, count);
    return values;
  }

  @Test
  void byteStringsThatExceedThePageAreRejected() {
    byte[] bytes = padded(0xFF, 0xFF, 0xFF, 0x7F, 'a');
    PlainDecoder plain = new PlainDecoder(Type.BYTE_ARRAY, 0, bytes, 0, 5);
    assertRefused(() -> plain.bytes(new BytesVector(), 1), "exceeds its page");
    byte[] negative = padded(0xFF, 0xFF, 0xFF, 0xFF, 'a');
    PlainDecoder minus = new PlainDecoder(Type.BYTE_ARRAY, 0, negative, 0, 5);
    assertRefused(() -> minus.bytes(new BytesVector(), 1), "exceeds its page");
  }

  @Test
  void splitStreamsOfDifferentLengthsAreRejected() {
    assertRefused(
        () -> ValueDecoder.of(Encoding.BYTE_STREAM_SPLIT, Type.DOUBLE, 8, padded(1, 2, 3), 0, 3, 1),
        "different lengths");
  }

  @Test
  void encodingThatDoesNotSupportItsTypeIsRejectedByName() {
    assertRefused(
        () ->
            ValueDecoder.of(
                    Encoding.DELTA_BINARY_PACKED, Type.DOUBLE, 8, padded(8, 1, 0, 0), 0, 4, 1)
                .doubles(new double[1], 0, 1),
        "DELTA_BINARY_PACKED is not supported for DOUBLE");
    assertRefused(
        () -> ValueDecoder.of(Encoding.BIT_PACKED, Type.INT32, 4, padded(), 0, 0, 1), "BIT_PACKED");
  }

  private static void assertRefused(Runnable decoding, String text) {
    assertThatThrownBy(decoding::run)
        .isInstanceOf(UnreadableFileException.class)
        .hasMessageContaining(text);
  }

  private static byte[] padded(int... bytes) {
    byte[] result = new byte[bytes.length + BitDecoder.SLACK];
    for (int i = 0; i < bytes.length; i++) {
      result[i] = (byte) bytes[i];
    }
    return result;
  }
}
