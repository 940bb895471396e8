package io.meshwork.walk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The walks over everything that deletes that the build runs. */
class DeletionWalkTest {
  /** A build runs one of these parts of the walks, by its seed; otherwise, all are one part. */
  private static final int PARTS = Boolean.getBoolean("mesh.tests.sampled") ? 40 : 1;

  private static final int WALKS = 200 / PARTS;
  private static final int STEPS = 12;

  @Test
  void nothingIsDeletedThatIsNotKnownToBeRubbish() throws IOException {
    int part = Math.floorMod(Integer.getInteger("mesh.tests.seed", 0), PARTS);

    assertThat(DeletionWalk.run(WALKS, 1 + part * WALKS, STEPS)).isEmpty();
  }
}
