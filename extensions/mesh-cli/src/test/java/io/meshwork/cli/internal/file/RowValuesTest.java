package io.meshwork.cli.internal.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RowValuesTest {
  @Test
  void timesHaveTheirSecondsAlsoIfTheseAreZero() {
    assertThat(RowValues.text(LocalDateTime.of(2024, 1, 1, 0, 46)))
        .isEqualTo("2024-01-01T00:46:00");
    assertThat(RowValues.text(LocalTime.of(8, 0))).isEqualTo("08:00:00");
    assertThat(RowValues.json(List.of(LocalTime.of(8, 0, 0, 500_000_000))).toString())
        .isEqualTo("[\"08:00:00.5\"]");
  }

  @Test
  void decimalsHaveNoExponentAndNestedValuesAreJson() {
    assertThat(RowValues.text(new BigDecimal("1E+3"))).isEqualTo("1000");
    assertThat(RowValues.text(Map.of("a", List.of(1L)))).isEqualTo("{\"a\":[1]}");
  }
}
