package io.meshwork.odcs.internal.profile;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Hashes of distinct values share one memory. */
class HashSet64Test {
  @Test
  void distinctValuesAreCountedWhileThereIsRoom() {
    HashMemory memory = new HashMemory();
    HashSet64 set = new HashSet64(memory);
    long added = 0;
    while (set.isComplete()) {
      set.add(ValueHash.of(added++));
    }

    assertThat(set.count()).isGreaterThan(1_000_000).isLessThan(added);
    HashSet64 other = new HashSet64(memory);
    assertThat(other.add(7)).isTrue();
    assertThat(other.add(7)).as("the full set gave its memory back").isFalse();
  }
}
