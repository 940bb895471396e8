package io.meshwork.internal.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class BytesVectorTest {
  @Test
  void laterValuesCountWhenAVectorIsAskedForAsciiAgain() {
    BytesVector vector = new BytesVector();
    assertThat(vector.isAscii()).isTrue();
    append(vector, "plain");
    assertThat(vector.isAscii()).isTrue();
    append(vector, "blåbär");
    assertThat(vector.isAscii()).isFalse();
    append(vector, "plain again");
    assertThat(vector.isAscii()).isFalse();
    vector.truncate(1);
    assertThat(vector.isAscii()).isTrue();
    append(vector, "é");
    assertThat(vector.isAscii()).isFalse();
  }

  @Test
  void valuesAfterATruncationAreLookedAt() {
    BytesVector vector = new BytesVector();
    append(vector, "four");
    append(vector, "more");
    assertThat(vector.isAscii()).isTrue();
    vector.truncate(1);
    append(vector, "éé");
    assertThat(vector.isAscii()).isFalse();
    vector.reset();
    append(vector, "ü");
    assertThat(vector.isAscii()).isFalse();
  }

  private static void append(BytesVector vector, String text) {
    vector.append(text.getBytes(StandardCharsets.UTF_8));
  }
}
