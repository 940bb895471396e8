package io.meshwork.conformance.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.internal.parquet.schema.UnreadableFileException;
import io.meshwork.internal.vector.LongVector;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TextDigestTest {
  private static final long MOST = 2L << 30;

  @Test
  void decimalsHaveExactlyTheirDigitsAfterThePoint() {
    Random random = new Random(7);
    TextDigest actual = new TextDigest(bytes -> {});
    TextDigest expected = new TextDigest(bytes -> {});
    for (int i = 0; i < 20_000; i++) {
      long unscaled =
          switch (i % 4) {
            case 0 -> random.nextLong();
            case 1 -> random.nextInt(2_000) - 1_000;
            case 2 -> i % 8 == 2 ? Long.MIN_VALUE : Long.MAX_VALUE;
            default -> 0;
          };
      int scale = random.nextInt(40);
      actual.appendDecimal(unscaled, scale);
      expected.append(BigDecimal.valueOf(unscaled, scale).toPlainString());
    }
    assertThat(actual.finish()).isEqualTo(expected.finish());
  }

  @Test
  void theTextOfAFileIsLimited() {
    TextLimit small = new TextLimit(Path.of("small.parquet"), 100);
    assertThatCode(() -> small.take(MOST, "a")).doesNotThrowAnyException();
    assertThat(small.isExceeded()).isFalse();
    assertThatThrownBy(() -> small.take(1, "a"))
        .isInstanceOfSatisfying(
            UnreadableFileException.class,
            e -> assertThat(e.reason()).isEqualTo(UnreadableFileException.Reason.LIMIT))
        .hasMessageContaining("small.parquet")
        .hasMessageContaining("column a");
    assertThat(small.isExceeded()).isTrue();

    TextLimit large = new TextLimit(Path.of("large.parquet"), MOST);
    assertThatCode(() -> large.take(50 * MOST, "a")).doesNotThrowAnyException();
    assertThatThrownBy(() -> large.takePage(4, "a")).isInstanceOf(UnreadableFileException.class);
  }

  @Test
  void pagesThatAreSlowToDecompressCountMore() {
    TextLimit limit = new TextLimit(Path.of("file.parquet"), 100);
    limit.takePage(MOST / 2, "a");
    limit.reset();
    limit.expectSlowPages();

    assertThatThrownBy(() -> limit.takePage(MOST / 2, "a"))
        .isInstanceOf(UnreadableFileException.class);
  }

  @Test
  void valuesWithoutTextCountToo() {
    TextLimit limit = new TextLimit(Path.of("file.parquet"), 100);
    LongVector values = new LongVector();
    values.appendNulls(10);
    limit.take(MOST - 80, "a");

    limit.takeValues(values, "a");

    assertThatThrownBy(() -> limit.takeValues(values, "a"))
        .isInstanceOf(UnreadableFileException.class);
  }

  @Test
  void theDigestCountsItsText() {
    long[] counted = new long[1];
    TextDigest digest = new TextDigest(bytes -> counted[0] += bytes);
    byte[] text = "x".repeat(100_000).getBytes(StandardCharsets.US_ASCII);
    digest.append(text, 0, text.length);
    digest.append("abc");
    digest.finish();
    assertThat(counted[0]).isEqualTo(100_003);
  }
}
