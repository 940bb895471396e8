package io.meshwork.internal.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

/** How objects of others are compared. */
class ContentDifferenceTest {
  private static ContentDifference between(String actual, String wanted) {
    return ContentDifference.between(actual, wanted, Set.of());
  }

  @Test
  void listsOfTextsInAnotherOrderDoNotDiffer() {
    ContentDifference difference =
        between(
            "{\"Permissions\":[\"SELECT\",\"DESCRIBE\"]}",
            "{\"Permissions\":[\"DESCRIBE\",\"SELECT\"]}");

    assertThat(difference).hasToString("");
    assertThat(difference.isEmpty()).isTrue();
  }

  @Test
  void whatAListLacksIsNamed() {
    ContentDifference difference =
        between("{\"Permissions\":[\"SELECT\"]}", "{\"Permissions\":[\"DESCRIBE\",\"SELECT\"]}");

    assertThat(difference).hasToString("Permissions [\"DESCRIBE\"] is missing");
    assertThat(difference.onlyAdds()).isTrue();
  }

  @Test
  void aListWithMoreThanIsWantedIsReplaced() {
    ContentDifference difference =
        between("{\"Permissions\":[\"SELECT\",\"DROP\"]}", "{\"Permissions\":[\"SELECT\"]}");

    assertThat(difference)
        .hasToString("Permissions is [\"SELECT\",\"DROP\"] instead of [\"SELECT\"]");
    assertThat(difference.onlyAdds()).isFalse();
  }

  @Test
  void columnsAreComparedInTheirOrder() {
    assertThat(
            between(
                "{\"C\":[{\"N\":\"a\"},{\"N\":\"b\"}]}", "{\"C\":[{\"N\":\"b\"},{\"N\":\"a\"}]}"))
        .hasToString("C[0].N is a instead of b; C[1].N is b instead of a");
  }
}
