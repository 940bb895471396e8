package io.meshwork.walk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two meshes that differ in what a principal may not know give it equal answers. */
class WorldsWalkTest {
  private static final int PAIRS = 2;
  private static final int FIRST_SEED = 1;

  @Test
  void noDoorTellsAPrincipalWhatItMayNotKnow() {
    List<String> differences = new ArrayList<>();
    for (int pair = 0; pair < PAIRS; pair++) {
      differences.addAll(WorldPair.compare(FIRST_SEED + pair).differences());
    }

    assertThat(differences).isEmpty();
  }
}
