package io.meshwork.internal.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.internal.consume.ComparisonRows.KeyDifference;
import io.meshwork.internal.consume.ComparisonRows.SumPair;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ComparisonRowsTest {
  private static final List<String> KEY = List.of("id");

  private final ComparisonRows before = rows("id", "amount");
  private final ComparisonRows after = rows("number", "total");

  private static ComparisonRows rows(String key, String number) {
    return new ComparisonRows(
        new ComparisonColumns.VersionColumns(List.of(key), Map.of("total", number)));
  }

  @Test
  void keysOfOtherTypesAreTheSameIfTheirNumbersAre() {
    before.add(Map.of("id", 1, "amount", 5));
    before.add(Map.of("id", 2, "amount", 7));
    after.add(Map.of("number", 2L, "total", new BigDecimal("7.00")));
    after.add(Map.of("number", new BigDecimal("1.0"), "total", 5L));

    assertThat(before.keyDifference(KEY, after))
        .isEqualTo(new KeyDifference(KEY, 0, 0, List.of(), List.of()));
    assertThat(before.sums(after)).singleElement().matches(SumPair::isSame);
  }

  @Test
  void aKeyThatOneVersionHasTwiceIsADifference() {
    before.add(Map.of("id", 1));
    before.add(Map.of("id", 1));
    after.add(Map.of("number", 1));
    after.add(Map.of("number", 3));

    assertThat(before.keyDifference(KEY, after))
        .isEqualTo(new KeyDifference(KEY, 1, 1, List.of("1"), List.of("3")));
  }

  @Test
  void atMostTenKeysAreNamed() {
    for (int id = 0; id < 25; id++) {
      before.add(Map.of("id", id));
    }

    KeyDifference difference = before.keyDifference(KEY, after);

    assertThat(difference.rowsOnlyBefore()).isEqualTo(25);
    assertThat(difference.onlyBefore()).hasSize(10).startsWith("0", "1", "10");
  }

  @Test
  void theOrderOfTheRowsDoesNotChangeASum() {
    double[] values = {0.1, 1e17, Double.NaN, -1e17, 0.2};
    for (int i = 0; i < values.length; i++) {
      before.add(Map.of("id", i, "amount", values[i]));
      after.add(Map.of("number", i, "total", values[values.length - 1 - i]));
    }

    assertThat(before.sums(after)).singleElement().matches(SumPair::isSame);
    assertThat(before.count()).isEqualTo(5);
  }
}
