package io.meshwork.internal.parquet.encoding;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.apache.parquet.column.values.bloomfilter.BlockSplitBloomFilter;
import org.apache.parquet.io.api.Binary;
import org.junit.jupiter.api.Test;

class BloomFilterTest {
  @Test
  void hashIsXxh64() {
    assertThat(hash("")).isEqualTo(0xEF46DB3751D8E999L);
    assertThat(hash("a")).isEqualTo(0xD24EC4F1A98C6E5BL);
    assertThat(hash("abc")).isEqualTo(0x44BC2CF5AD770999L);
    BlockSplitBloomFilter oracle = new BlockSplitBloomFilter(32);
    Random random = new Random(3);
    for (int length = 0; length < 200; length++) {
      byte[] bytes = new byte[length + 5];
      random.nextBytes(bytes);
      assertThat(XxHash64.of(bytes, 3, length))
          .isEqualTo(oracle.hash(Binary.fromConstantByteArray(bytes, 3, length)));
      int number = random.nextInt();
      assertThat(XxHash64.ofInt(number)).isEqualTo(oracle.hash(number));
      assertThat(XxHash64.ofLong(number * 7L)).isEqualTo(oracle.hash(number * 7L));
    }
  }

  private static long hash(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    return XxHash64.of(bytes, 0, bytes.length);
  }

  @Test
  void aFullRowGroupHasAFilterWithinTheLimit() {
    BloomFilter.Builder encoder = new BloomFilter.Builder();
    for (int value = 0; value < 1 << 20; value++) {
      encoder.add(XxHash64.ofLong(value));
    }
    byte[] filter = encoder.finish();
    assertThat(filter.length).isBetween(2 << 20, (2 << 20) + 64);
    BloomBits bits = new BloomBits(filter, filter.length - (2 << 20), 2 << 20);
    int found = 0;
    for (int value = 0; value < 1 << 20; value++) {
      assertThat(bits.mightContain(XxHash64.ofLong(value))).isTrue();
      found += bits.mightContain(XxHash64.ofLong(-1L - value)) ? 1 : 0;
    }
    assertThat(found).isLessThan(1 << 11);
    encoder.add(5);
    assertThat(encoder.finish().length).as("of the next chunk").isLessThan(100);
  }
}
