package io.meshwork.internal.parquet.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.internal.parquet.schema.UnreadableFileException;
import org.junit.jupiter.api.Test;

class PageMemoryTest {
  @Test
  void aRefusedPageTakesNoMemoryAndGivesNoneBack() {
    PageMemory memory = new PageMemory(10_000);
    byte[] first = memory.atLeast(new byte[0], 6_000);
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> memory.atLeast(first, 20_000))
          .isInstanceOf(UnreadableFileException.class)
          .hasMessageContaining(first.length + " are taken");
    }

    assertThatThrownBy(() -> memory.atLeast(new byte[0], 6_000))
        .isInstanceOf(UnreadableFileException.class);
    memory.release(first);
    assertThat(memory.atLeast(new byte[0], 6_000)).hasSizeGreaterThanOrEqualTo(6_000);
  }

  @Test
  void aLargerPageTakesThePlaceOfTheOneBefore() {
    PageMemory memory = new PageMemory(10_000);
    byte[] first = memory.atLeast(new byte[0], 3_000);
    byte[] second = memory.atLeast(first, 8_000);

    assertThat(memory.atLeast(second, 4_000)).isSameAs(second);
    assertThatThrownBy(() -> memory.atLeast(new byte[0], 3_000))
        .isInstanceOf(UnreadableFileException.class);
  }
}
