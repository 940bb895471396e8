package io.meshwork.walk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The walks over everything that deletes that the build runs. */
class DeletionWalkTest {
  private static final int WALKS = 200;

  /** A build runs one of these parts of the walks, by its seed. */
  private static final int PARTS = 4;

  private static final int STEPS = 12;

  @Test
  void nothingIsDeletedThatIsNotKnownToBeRubbish() throws IOException {
    boolean isSampled = Boolean.getBoolean("mesh.tests.sampled");
    int walks = isSampled ? WALKS / PARTS : WALKS;
    int part = isSampled ? Math.floorMod(Integer.getInteger("mesh.tests.seed", 0), PARTS) : 0;

    assertThat(DeletionWalk.run(walks, 1 + part * walks, STEPS)).isEmpty();
  }
}
