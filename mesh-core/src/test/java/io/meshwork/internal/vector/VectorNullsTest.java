package io.meshwork.internal.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class VectorNullsTest {
  @Test
  void nullsMoveValuesOfEveryKindToTheirRows() {
    int[] levels = {0, 1, 0, 0, 1, 1, 0};
    LongVector longs = new LongVector();
    BytesVector bytes = new BytesVector();
    for (int i = 0; i < 4; i++) {
      longs.append(i);
      bytes.append(new byte[i]);
    }
    longs.spread(3, 7, levels, 1);
    bytes.spread(3, 7, levels, 1);
    bytes.appendNulls(2);
    assertThat(Arrays.copyOf(longs.values(), longs.size())).containsExactly(0, 0, 1, 0, 0, 2, 3, 0);
    assertThat(longs.nullCount()).isEqualTo(4);
    int[] lengths = new int[bytes.size()];
    for (int row = 0; row < lengths.length; row++) {
      lengths[row] = bytes.length(row);
    }
    assertThat(lengths).containsExactly(0, 0, 1, 0, 0, 2, 3, 0, 0, 0);
    assertThat(bytes.isNull(0)).isFalse();
    assertThat(bytes.isNull(1)).isTrue();
    assertThat(bytes.nullCount()).isEqualTo(6);
  }
}
