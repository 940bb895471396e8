package io.meshwork.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SeedsTest {
  private final String before = System.getProperty(Seeds.PROPERTY);

  @AfterEach
  void restore() {
    choose(before);
  }

  @Test
  void theSeedOfAFailureRepeatsIt() {
    choose(null);
    List<Long> seen = new ArrayList<>();
    Throwable failure =
        catchThrowable(
            () ->
                Seeds.forEach(
                    50,
                    random -> {
                      seen.add(random.nextLong());
                      assertThat(seen).hasSizeLessThan(7);
                    }));
    assertThat(failure).isInstanceOf(AssertionError.class).hasMessageContaining("run 7 of 50");
    assertThat(seen).hasSize(7).doesNotHaveDuplicates();

    Matcher seed = Pattern.compile("-Dmesh\\.seed=(-?\\d+) ").matcher(failure.getMessage());
    assertThat(seed.find()).isTrue();
    choose(seed.group(1));
    List<Long> again = new ArrayList<>();
    Seeds.forEach(50, random -> again.add(random.nextLong()));

    assertThat(again).containsExactly(seen.get(6));
  }

  @Test
  void theSeedsAreFixedUnlessNewOnesAreRequested() {
    choose(null);
    List<Long> first = run();
    assertThat(run()).isEqualTo(first);

    choose("new");
    assertThat(run()).isNotEqualTo(first);
  }

  @Test
  void aPropertyNeedsAtLeastOneInput() {
    assertThatThrownBy(() -> Seeds.forEach(0, random -> {}))
        .isInstanceOf(IllegalArgumentException.class);
    choose("old");
    assertThatThrownBy(() -> Seeds.forEach(1, random -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("mesh.seed=old");
  }

  private static List<Long> run() {
    List<Long> seen = new ArrayList<>();
    Seeds.forEach(3, random -> seen.add(random.nextLong()));
    return seen;
  }

  private static void choose(@org.jspecify.annotations.Nullable String seed) {
    if (seed == null) {
      System.clearProperty(Seeds.PROPERTY);
    } else {
      System.setProperty(Seeds.PROPERTY, seed);
    }
  }
}
