package io.meshwork.internal.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CountTest {
  @Test
  void oneIsSingularAndAllOthersArePlural() {
    assertThat(Count.of(1, "row")).isEqualTo("1 row");
    assertThat(Count.of(0, "row")).isEqualTo("0 rows");
    assertThat(Count.of(2, "known day")).isEqualTo("2 known days");
    assertThat(Count.of(2, "entry")).isEqualTo("2 entries");
    assertThat(Count.of(2, "publish")).isEqualTo("2 publishes");
    assertThat(Count.of(1, "row is", "rows are")).isEqualTo("1 row is");
    assertThat(Count.of(3, "row is", "rows are")).isEqualTo("3 rows are");
  }
}
