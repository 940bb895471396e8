package io.meshwork.internal.quality;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FixedPatternTest {
  private static final String[] CLASSES = {
    "a", "-", "[0-9a-f]", "[a-z]", "\\d", "\\w", ".", "[^-]", "[acegikmo]", "\\+", "[\\d_-]", "~"
  };

  @Test
  void textsOfOneLengthMatchAsInTheLibrary() {
    int fixed = 0;
    for (int seed = 0; seed < 400; seed++) {
      Random random = new Random(seed);
      StringBuilder regex = new StringBuilder();
      int places = 8 + random.nextInt(40);
      for (int i = 0; i < places; i++) {
        regex.append(CLASSES[random.nextInt(random.nextBoolean() ? 3 : CLASSES.length)]);
      }
      AsciiPattern pattern = AsciiPattern.of(regex.toString());
      FixedPattern many = pattern == null ? null : pattern.fixed();
      if (many == null) {
        continue;
      }
      fixed++;
      Pattern library = Pattern.compile(regex.toString());
      int count = 1 + random.nextInt(64);
      StringBuilder texts = new StringBuilder();
      long expected = 0;
      for (int i = 0; i < count; i++) {
        String text = text(regex, places, random);
        texts.append(text);
        expected |= library.matcher(text).matches() ? 0 : 1L << i;
      }
      byte[] data = ("?" + texts).getBytes(StandardCharsets.US_ASCII);
      assertThat(many.length()).isEqualTo(places);
      assertThat(many.failing(data, 1, count))
          .as("seed %d, expression %s, texts %s", seed, regex, texts)
          .isEqualTo(expected);
    }
    assertThat(fixed).isGreaterThan(100);
  }

  @Test
  void eachCharacterIsInTheRangesOfItsClassOnly() {
    AsciiPattern pattern = AsciiPattern.of("[0-9a-f]{9}");
    assertThat(pattern).isNotNull();
    FixedPattern many = pattern.fixed();
    assertThat(many).isNotNull();
    for (int place = 0; place < 9; place++) {
      for (int c = 0; c < 128; c++) {
        byte[] text = "0123456af".getBytes(StandardCharsets.US_ASCII);
        text[place] = (byte) c;
        boolean hexadecimal = Character.digit(c, 16) >= 0 && !Character.isUpperCase(c);
        assertThat(many.failing(text, 0, 1))
            .as("character %d at %d", c, place)
            .isEqualTo(hexadecimal ? 0 : 1);
      }
    }
  }

  /** Returns a text that often matches: the library tells whether it does. */
  private static String text(CharSequence regex, int places, Random random) {
    StringBuilder text = new StringBuilder();
    while (text.length() < places) {
      String next = regex.toString();
      Pattern place = Pattern.compile(atom(next, text.length()));
      String one;
      do {
        one = String.valueOf((char) random.nextInt(128));
      } while (!place.matcher(one).matches() && random.nextInt(2_000) > 0);
      text.append(one);
    }
    return text.toString();
  }

  /** Returns the class at a position of an expression that consists of {@link #CLASSES}. */
  private static String atom(String regex, int position) {
    int at = 0;
    String atom = "";
    for (int i = 0; i <= position; i++) {
      int start = at;
      if (regex.charAt(at) == '[') {
        at = regex.indexOf(']', at) + 1;
      } else {
        at += regex.charAt(at) == '\\' ? 2 : 1;
      }
      atom = regex.substring(start, at);
    }
    return atom;
  }
}
