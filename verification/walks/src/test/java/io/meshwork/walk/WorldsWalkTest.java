package io.meshwork.walk;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.product.Principal;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Two meshes that differ in what a principal may not know give it equal answers. */
class WorldsWalkTest {
  /** Seeds whose worlds differ in most secrets, of which one has no rollout that is known. */
  static Stream<Arguments> pairs() {
    return Stream.of(
        Arguments.of(3L, World.ROWS),
        Arguments.of(4L, World.COLUMNS),
        Arguments.of(7L, World.OUTSIDER));
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void noDoorTellsAPrincipalWhatItMayNotKnow(long seed, Principal asked) {
    assertThat(WorldPair.compare(seed, List.of(asked)).differences()).isEmpty();
  }
}
