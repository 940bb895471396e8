package io.meshwork.internal.parquet.write;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Values that real columns have do not meet in the table of a dictionary. */
class DictionaryHashTest {
  @Test
  void shortTextsDifferInTheBitsThatChooseASlot() {
    assertSpread(
        26 * 26, number -> hash("" + (char) ('A' + number / 26) + (char) ('A' + number % 26)));
    assertSpread(26, number -> hash("" + (char) ('A' + number)));
    assertSpread(1_000, number -> hash("a note of order " + number));
  }

  @Test
  void numbersWithFewDigitsDifferInTheBitsThatChooseASlot() {
    assertSpread(1_000, number -> NumberDictionaryEncoder.hash(number));
    assertSpread(
        1_000, number -> NumberDictionaryEncoder.hash(Double.doubleToLongBits(number / 4.0)));
    assertSpread(
        1_000, number -> NumberDictionaryEncoder.hash(Double.doubleToLongBits(number * 1024.0)));
    assertSpread(1_000, number -> NumberDictionaryEncoder.hash((long) number << 32));
  }

  private static int hash(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    return BytesDictionaryEncoder.hash(
        ByteOrdering.prefix(bytes, 0, bytes.length), bytes, 0, bytes.length);
  }

  /** A table has two to four slots for each value, of which random hashes fill most. */
  private static void assertSpread(int values, IntUnaryOperator hash) {
    int mask = Integer.highestOneBit(values) * 4 - 1;

    long slots =
        IntStream.range(0, values).map(number -> hash.applyAsInt(number) & mask).distinct().count();

    assertThat(slots).isGreaterThan(values * 7L / 10);
  }
}
