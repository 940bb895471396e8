package io.meshwork.internal.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InstantTextTest {
  private static final long YEAR_10000 = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond() + 1;
  private static final int[] UNITS = {1, 1_000, 1_000_000, 1_000_000_000};

  @Test
  void timesAsJavaWritesThemAreReadBack() {
    Random random = new Random(7);
    for (int i = 0; i < 10_000; i++) {
      long seconds = random.nextLong(-70_000_000_000L, YEAR_10000 + 1_000);
      int unit = UNITS[random.nextInt(UNITS.length)];
      Instant time = Instant.ofEpochSecond(seconds, random.nextInt(1_000_000_000) / unit * unit);

      assertThat(InstantText.parse(time.toString())).isEqualTo(time);
    }
  }

  @Test
  void changedTextsAreReadOrRefusedAsByJava() {
    Random random = new Random(11);
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder("2026-12-31T23:59:59.123456789Z");
      text.delete(19, 19 + random.nextInt(12));
      for (int change = random.nextInt(3); change >= 0; change--) {
        int at = random.nextInt(text.length());
        switch (random.nextInt(3)) {
          case 0 -> text.setCharAt(at, "0123456789-:.TZz+ ٣".charAt(random.nextInt(19)));
          case 1 -> text.deleteCharAt(at);
          default -> text.insert(at, "0123456789-:.TZ".charAt(random.nextInt(15)));
        }
      }
      assertSame(text.toString());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Z",
        "2024-02-29T00:00:00Z",
        "2023-02-29T00:00:00Z",
        "2026-04-31T00:00:00Z",
        "2026-01-01T24:00:00Z",
        "2026-06-30T23:59:60Z",
        "2026-00-01T00:00:00Z",
        "2026-01-00T00:00:00Z",
        "0000-01-01T00:00:00Z",
        "-0001-01-01T00:00:00Z",
        "+10000-01-01T00:00:00Z",
        "2026-01-01T00:00:00.Z",
        "2026-01-01T00:00:00.1Z",
        "2026-01-01T00:00:00.1234567890Z",
        "2026-01-01T00:00Z",
        "2026-01-01T00:00:00+02:00"
      })
  void textsAtTheLimitsAreReadOrRefusedAsByJava(String text) {
    assertSame(text);
  }

  private static void assertSame(String text) {
    assertThat(result(text, InstantText::parse)).as(text).isEqualTo(result(text, Instant::parse));
  }

  private static String result(String text, Function<String, Instant> parse) {
    try {
      return parse.apply(text).toString();
    } catch (DateTimeException e) {
      return e.getClass() + e.getMessage();
    }
  }
}
