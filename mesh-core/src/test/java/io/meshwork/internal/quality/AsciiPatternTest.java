package io.meshwork.internal.quality;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AsciiPatternTest {
  private static final String[] ATOMS = {
    "a", "b", ".", "[ab]", "[^a]", "[a-c]", "\\d", "\\w", "\\s", "\\.", "[\\d_-]", "\\W", "-", "x"
  };
  private static final String[] COUNTS = {
    "", "", "?", "*", "+", "{2}", "{0,2}", "{1,3}", "{2,}", "*?", "{0}", "??"
  };
  private static final String LETTERS = "abcxX019._- \n~";

  @Test
  void randomSimpleExpressionsMatchAsInTheLibrary() {
    int plain = 0;
    for (int seed = 0; seed < 3_000; seed++) {
      Random random = new Random(seed);
      StringBuilder regex = new StringBuilder(random.nextInt(8) == 0 ? "^" : "");
      int atoms = random.nextInt(6);
      for (int i = 0; i < atoms; i++) {
        regex.append(ATOMS[random.nextInt(ATOMS.length)]);
        regex.append(COUNTS[random.nextInt(COUNTS.length)]);
      }
      regex.append(random.nextInt(8) == 0 ? "$" : "");
      AsciiPattern pattern = AsciiPattern.of(regex.toString());
      if (pattern == null) {
        continue;
      }
      plain++;
      Pattern library = Pattern.compile(regex.toString());
      for (int i = 0; i < 40; i++) {
        String text = text(random);
        assertThat(matches(pattern, text))
            .as("seed %d, expression %s, text '%s'", seed, regex, text)
            .isEqualTo(library.matcher(text).matches());
      }
    }
    assertThat(plain).isGreaterThan(2_500);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a|b",
        "(ab)+",
        "(?i)a",
        "\\bword",
        "\\pL+",
        "[[:alpha:]]",
        "a{64}",
        "é",
        "[é]",
        "\\x41",
        "a$b",
        "[]a]"
      })
  void otherExpressionsAreLeftToTheLibrary(String regex) {
    assertThat(AsciiPattern.of(regex)).isNull();
  }

  @Test
  void uuidPatternIsSimple() {
    AsciiPattern uuid =
        AsciiPattern.of("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    assertThat(uuid).isNotNull();
    assertThat(matches(uuid, "123e4567-e89b-12d3-a456-426614174000")).isTrue();
    assertThat(matches(uuid, "123e4567-e89b-12d3-a456-42661417400G")).isFalse();
    assertThat(matches(uuid, "123e4567-e89b-12d3-a456-42661417400")).isFalse();
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(7);
    for (int i = 0; i < length; i++) {
      text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    return text.toString();
  }

  private static boolean matches(AsciiPattern pattern, String text) {
    byte[] bytes = ("<" + text + ">").getBytes(StandardCharsets.US_ASCII);
    return pattern.matches(bytes, 1, bytes.length - 2);
  }
}
