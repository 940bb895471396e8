package io.meshwork.internal.predicate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;

class FilterTreesTest {
  private static final Schema COLUMNS =
      new Schema(
          Types.NestedField.required(1, "a", Types.IntegerType.get()),
          Types.NestedField.required(2, "b", Types.IntegerType.get()),
          Types.NestedField.required(3, "c", Types.IntegerType.get()));

  private static RowPredicate filter(String text) {
    return RowPredicate.parse(text, COLUMNS);
  }

  private static List<RowPredicate> all(String... texts) {
    return Arrays.stream(texts).map(FilterTreesTest::filter).toList();
  }

  private static String relaxed(String text) {
    return filter(text).relaxed(Set.of(2)).text();
  }

  @Test
  void alternativesOfConditionsAreOneFilter() {
    assertThat(RowPredicate.anyOf(List.of(all("a = 1", "b = 2"), all("c = 3"))))
        .isEqualTo(filter("a = 1 AND b = 2 OR c = 3"));
    assertThat(RowPredicate.anyOf(List.of(all("a = 1 OR b = 2", "b = 2 AND c = 3"))))
        .isEqualTo(filter("(a = 1 OR b = 2) AND b = 2 AND c = 3"));
    assertThat(RowPredicate.anyOf(List.of(all("a = 1"))).text()).isEqualTo("a = 1");
  }

  @Test
  void noAlternativeMatchesNoRowAndAnUnconditionalOneEveryRow() {
    assertThat(RowPredicate.anyOf(List.of()).text()).isEqualTo("FALSE");
    assertThat(RowPredicate.anyOf(List.of(all("a = 1"), all())).text()).isEqualTo("TRUE");
  }

  @Test
  void relaxedFilterIsTrueWhereverTheOriginalMayBe() {
    assertThat(relaxed("a = 1 AND b = 2")).isEqualTo("a = 1");
    assertThat(relaxed("a = 1 OR b = 2")).isEqualTo("TRUE");
    assertThat(relaxed("b IS NULL")).isEqualTo("TRUE");
    assertThat(relaxed("NOT b = 2")).isEqualTo("TRUE");
    assertThat(relaxed("NOT (a = 1 AND b = 2)")).isEqualTo("TRUE");
    assertThat(relaxed("NOT (a = 1 OR b = 2)")).isEqualTo("NOT a = 1");
    assertThat(relaxed("NOT (NOT a = 1 OR b = 2) AND c = 3")).isEqualTo("a = 1 AND c = 3");
    assertThat(relaxed("a = 1 OR c = 3")).isEqualTo("a = 1 OR c = 3");
  }
}
