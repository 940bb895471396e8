package io.meshwork.internal.quality;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeyRowsTest {
  @Test
  void theRowOfEachKeyIsRememberedWhereverRowsWereLeftOut() {
    long seed = 7;
    Random random = new Random(seed);
    KeyRows keys = new KeyRows();
    List<Long> rows = new ArrayList<>();
    for (long row = 0; row < 5_000; row++) {
      if (random.nextInt(4) > 0) {
        keys.add(row);
        rows.add(row);
      }
    }
    for (int key = 0; key < rows.size(); key++) {
      assertThat(keys.of(key)).as("seed %s, key %s", seed, key).isEqualTo(rows.get(key));
    }
    assertThat(keys.of(rows.size())).isEqualTo(KeyRows.UNKNOWN);
  }

  @Test
  void afterManyGapsTheFirstKeysAreStillKnownAndTheLastAreNot() {
    KeyRows keys = new KeyRows();
    for (long key = 0; key < 100_000; key++) {
      keys.add(2 * key);
    }

    assertThat(keys.of(65_535)).isEqualTo(131_070);
    assertThat(keys.of(65_536)).isEqualTo(KeyRows.UNKNOWN);
    assertThat(keys.of(99_999)).isEqualTo(KeyRows.UNKNOWN);
  }
}
