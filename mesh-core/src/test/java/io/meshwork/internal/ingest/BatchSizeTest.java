package io.meshwork.internal.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BatchSizeTest {
  @Test
  void aBatchOfLongTextsEndsEarlierInASmallHeap() {
    assertThat(BatchSize.maxBytes(16L << 20)).isEqualTo(4L << 20);
    assertThat(BatchSize.maxBytes(128L << 20)).isEqualTo(8L << 20);
    assertThat(BatchSize.maxBytes(8L << 30)).isEqualTo(64L << 20);
  }
}
