package io.meshwork.internal.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BatchSizeTest {
  @Test
  void aBatchEndsBeforeARowLikeItsRowsWouldExceedIt() {
    long most = BatchSize.MAX_BYTES;

    assertThat(BatchSize.isFull(most / 2 + 1, 1)).isTrue();
    assertThat(BatchSize.isFull(most / 2 - 1, 1)).isFalse();
    assertThat(BatchSize.isFull(most - 1, 1_000)).isTrue();
    assertThat(BatchSize.isFull(most / 2, 1_000)).isFalse();
    assertThat(BatchSize.isFull(0, 0)).isFalse();
  }

  @Test
  void aBatchOfLongTextsEndsEarlierInASmallHeap() {
    assertThat(BatchSize.maxBytes(16L << 20)).isEqualTo(4L << 20);
    assertThat(BatchSize.maxBytes(128L << 20)).isEqualTo(8L << 20);
    assertThat(BatchSize.maxBytes(8L << 30)).isEqualTo(64L << 20);
  }
}
