package io.meshwork.internal.parquet.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.internal.parquet.encoding.ValueDecoder;
import io.meshwork.internal.parquet.schema.UnreadableFileException;
import io.meshwork.internal.vector.LongVector;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DictionaryDecoderTest {
  @Test
  void indexBeyondTheDictionaryIsRejected() {
    LongVector entries = new LongVector();
    entries.append(5);
    entries.append(6);
    boolean[] used = new boolean[2];
    DictionaryDecoder dictionary = new DictionaryDecoder(entries, used);
    LongVector values = new LongVector();
    dictionary.append(runOfTwo(1), values, 2);
    assertThat(values.get(1)).isEqualTo(6);
    assertThat(used).containsExactly(false, true);
    assertThatThrownBy(() -> dictionary.append(runOfTwo(2), values, 2))
        .isInstanceOf(UnreadableFileException.class)
        .hasMessageContaining("exceeds the 2 entries");
  }

  /** Two times the same index, in a width of two bits. */
  private static ValueDecoder runOfTwo(int index) {
    byte[] bytes = {2, 2 << 1, (byte) index};
    return ValueDecoder.ofIndices(Arrays.copyOf(bytes, 3 + ValueDecoder.SLACK), 0, 3);
  }
}
