package io.meshwork.internal.rows;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.internal.text.UnicodeText;
import io.meshwork.internal.vector.BytesVector;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextEncoderTest {
  @ParameterizedTest
  @ValueSource(longs = {3, 1_999})
  void charsAreEncodedOrRejectedAsByTheJdk(long seed) {
    Random random = new Random(seed);
    BytesVector vector = new BytesVector();
    for (int i = 0; i < 20_000; i++) {
      String text = chars(random);
      CharBuffer in = CharBuffer.wrap(text);
      CoderResult result =
          StandardCharsets.UTF_8.newEncoder().encode(in, ByteBuffer.allocate(200), true);
      int before = vector.size();

      int outcome = TextEncoder.append(text, vector);

      if (result.isError()) {
        assertThat(outcome).as("seed %d, text %d", seed, i).isEqualTo(in.position());
        assertThat(vector.size()).isEqualTo(before);
      } else {
        assertThat(outcome).as("seed %d, text %d", seed, i).isEqualTo(TextEncoder.ADDED);
        assertThat(vector.get(before)).isEqualTo(text.getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {3, 1_999})
  void bytesAreValidatedAsByTheJdk(long seed) {
    Random random = new Random(seed);
    int wellFormed = 0;
    for (int i = 0; i < 50_000; i++) {
      byte[] bytes = new byte[random.nextInt(6)];
      for (int k = 0; k < bytes.length; k++) {
        int kind = random.nextInt(4);
        bytes[k] =
            (byte)
                (kind == 0
                    ? random.nextInt(128)
                    : kind == 1 ? 0xe0 + random.nextInt(24) : 0x80 + random.nextInt(96));
      }
      ByteBuffer in = ByteBuffer.wrap(bytes);
      CoderResult result =
          StandardCharsets.UTF_8.newDecoder().decode(in, CharBuffer.allocate(20), true);
      wellFormed += result.isError() ? 0 : 1;

      assertThat(UnicodeText.malformedAt(bytes, 0, bytes.length))
          .as("seed %d, bytes %d", seed, i)
          .isEqualTo(result.isError() ? in.position() : -1);
    }
    assertThat(wellFormed).isGreaterThan(1_000);
  }

  private static String chars(Random random) {
    char[] chars = new char[random.nextInt(12)];
    for (int k = 0; k < chars.length; k++) {
      int kind = random.nextInt(5);
      chars[k] =
          (char)
              (kind == 0
                  ? 0xD800 + random.nextInt(0x400)
                  : kind == 1 ? 0xDC00 + random.nextInt(0x400) : random.nextInt(1 << (4 * kind)));
    }
    return new String(chars);
  }
}
