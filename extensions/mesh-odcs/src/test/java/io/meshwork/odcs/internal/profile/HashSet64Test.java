package io.meshwork.odcs.internal.profile;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Hashes of distinct values share one budget of memory. */
class HashSet64Test {
  @Test
  void distinctValuesAreCountedWhileThereIsRoom() {
    HashMemory budget = new HashMemory();
    HashSet64 set = new HashSet64(budget);
    long added = 0;
    while (set.isComplete()) {
      set.add(ValueHash.of(added++));
    }

    assertThat(set.count()).isGreaterThan(1_000_000).isLessThan(added);
    HashSet64 other = new HashSet64(budget);
    assertThat(other.add(7)).isTrue();
    assertThat(other.add(7)).as("the full set gave its memory back").isFalse();
  }
}
