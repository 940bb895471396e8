package io.meshwork.internal.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NearestNameTest {
  private static final long SEED = 20_261_122L;

  @Test
  void theFirstOfTheMostSimilarNamesIsSuggested() {
    assertThat(NearestName.to("amont", List.of("count", "amount", "about"))).contains("amount");
    assertThat(NearestName.to("ac", List.of("ad", "ab", "abcdefgh"))).contains("ab");
  }

  @Test
  void aNameThatDiffersTooMuchIsNotSuggested() {
    assertThat(NearestName.to("amount", List.of("customer"))).isEmpty();
    assertThat(NearestName.to("amount", List.of())).isEmpty();
    assertThat(NearestName.to("zz", List.of("id", "a"))).as("nothing in common").isEmpty();
    assertThat(NearestName.to("ID", List.of("a", "id"))).contains("id");
    assertThat(NearestName.to("AMOUNT", List.of("amount", "AMOUNTS"))).contains("amount");
    assertThat(NearestName.to("zz", List.of("ab", "zzab"))).contains("zzab");
  }

  @Test
  void itSuggestsWhatTheWholeDistancesSuggest() {
    Random random = new Random(SEED);
    for (int i = 0; i < 2_000; i++) {
      String name = word(random);
      List<String> names = new ArrayList<>();
      for (int j = random.nextInt(12); j > 0; j--) {
        names.add(word(random));
      }

      assertThat(NearestName.to(name, names))
          .as("'%s' among %s, seed %d", name, names, SEED)
          .isEqualTo(byWholeDistances(name, names));
    }
  }

  private static Optional<String> byWholeDistances(String name, List<String> names) {
    return names.stream()
        .filter(
            each -> {
              int longer = Math.max(name.length(), each.length());
              int distance = NearestName.distance(name, each);
              return distance < longer && distance <= Math.max(2, longer / 3);
            })
        .min(
            Comparator.<String>comparingInt(each -> NearestName.distance(name, each))
                .thenComparing(Comparator.naturalOrder()));
  }

  private static String word(Random random) {
    StringBuilder word = new StringBuilder();
    for (int i = random.nextInt(9); i > 0; i--) {
      word.append((char) ('a' + random.nextInt(3)));
    }
    return word.toString();
  }
}
