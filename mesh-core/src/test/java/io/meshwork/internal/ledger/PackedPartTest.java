package io.meshwork.internal.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PackedPartTest {
  @Test
  void textsAreSplitByTheirBytesInADocument() {
    assertThat(PackedPart.split(List.of(), 10)).containsExactly(List.of());
    assertThat(PackedPart.split(List.of("ab", "cd", "ef"), 10))
        .containsExactly(List.of("ab", "cd"), List.of("ef"));
    assertThat(PackedPart.split(List.of("Ж", "\"\"", "a"), 10))
        .containsExactly(List.of("Ж"), List.of("\"\""), List.of("a"));
    assertThat(PackedPart.split(List.of("longer than a part", "b"), 10))
        .containsExactly(List.of("longer than a part"), List.of("b"));
  }
}
