package io.meshwork.walk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The walks over everything that deletes that the build runs. */
class DeletionWalkTest {
  private static final int WALKS = 200;
  private static final int STEPS = 12;

  @Test
  void nothingIsDeletedThatIsNotKnownToBeRubbish() throws IOException {
    assertThat(DeletionWalk.run(WALKS, 1, STEPS)).isEmpty();
  }
}
