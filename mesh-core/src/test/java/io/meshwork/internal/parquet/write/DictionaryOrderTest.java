package io.meshwork.internal.parquet.write;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The order of the entries of a dictionary: the most frequent first. */
class DictionaryOrderTest {
  @Test
  void theMostFrequentEntryComesFirstAndEquallyFrequentOnesKeepTheirOrder() {
    int[] indices = {0, 1, 2, 2, 2, 2, 2, 1, 3, 0};

    assertThat(DictionaryOrder.byFrequency(indices, 10, 5)).containsExactly(1, 2, 0, 3, 4);
    assertThat(DictionaryOrder.byFrequency(indices, 2, 5)).containsExactly(0, 1, 2, 3, 4);
  }

  @Test
  void entriesThatAreAboutAsFrequentHaveNoBetterOrder() {
    int[] indices = IntStream.range(0, 1_000).map(i -> i % 100).toArray();

    assertThat(DictionaryOrder.byFrequency(indices, 1_000, 100)).isNull();
  }

  @Test
  void eachEntryHasOneIndexAndIndicesReturnToTheirOrder() {
    int ordered = 0;
    for (long seed = 1; seed <= 500; seed++) {
      Random random = new Random(seed);
      int size = 1 + random.nextInt(300);
      int count = 1 + random.nextInt(2_000);
      int[] indices =
          IntStream.range(0, count + 5)
              .map(i -> (int) (size * Math.pow(random.nextDouble(), 4)))
              .toArray();
      int[] renumbered = DictionaryOrder.byFrequency(indices, count, size);
      if (renumbered == null) {
        continue;
      }
      ordered++;
      int[] sorted = renumbered.clone();
      Arrays.sort(sorted);
      assertThat(sorted).as("seed %s", seed).isEqualTo(IntStream.range(0, size).toArray());

      int[] changed = indices.clone();
      DictionaryOrder.renumber(changed, count, Objects.requireNonNull(renumbered));
      int[] frequencies = new int[size];
      Arrays.stream(changed, 0, count).forEach(index -> frequencies[index]++);
      assertThat(IntStream.range(1, size).allMatch(i -> frequencies[i - 1] >= frequencies[i]))
          .as("seed %s", seed)
          .isTrue();
      DictionaryOrder.renumber(changed, count, DictionaryOrder.inverse(renumbered));
      assertThat(changed).as("seed %s", seed).isEqualTo(indices);
    }
    assertThat(ordered).isGreaterThan(250);
  }
}
