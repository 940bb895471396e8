package io.meshwork.internal.conformance.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.error.MeshException;
import io.meshwork.testkit.Faults;
import io.meshwork.testkit.Faults.Port;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What happens at a random call of an operation to the registry. */
enum Interference {
  NONE {
    @Override
    void commit(RandomOperations operations, Runnable commit, Runnable effect) {
      commit.run();
      effect.run();
    }
  },

  /** The call fails, or its reply is lost: the operation happened as a whole, or not at all. */
  FAULT {
    @Override
    void commit(RandomOperations operations, Runnable commit, Runnable effect) {
      Random random = operations.random();
      Faults.When when =
          random.nextBoolean()
              ? operations.faults().on(Port.REGISTRY_COMMIT).nth(1 + random.nextInt(3))
              : operations.faults().on(Port.REGISTRY_READ).nth(1 + random.nextInt(30));
      switch (random.nextInt(3)) {
        case 0 -> when.failBefore();
        case 1 -> when.failAfter();
        default -> when.loseReply();
      }
      try {
        commit.run();
        operations.faults().clear();
        effect.run();
      } catch (MeshException failed) {
        operations.faults().clear();
        operations.log("failed: " + failed.getMessage());
        if (operations.difference() != null) {
          effect.run();
          assertThat(operations.difference()).as("neither before nor after the operation").isNull();
        }
      }
    }
  },

  /** Another operation runs: both have the effect of one after the other. */
  MEANWHILE {
    @Override
    void commit(RandomOperations operations, Runnable commit, Runnable effect) {
      Random random = operations.random();
      List<Runnable> others = new ArrayList<>();
      ProductModel before = operations.model().copy();
      boolean atCommit = random.nextBoolean();
      operations
          .faults()
          .on(atCommit ? Port.REGISTRY_COMMIT : Port.REGISTRY_READ)
          .nth(1 + random.nextInt(atCommit ? 3 : 30))
          .meanwhile(() -> operations.operateBeside(others));
      try {
        commit.run();
      } finally {
        operations.faults().clear();
      }
      effect.run();
      if (others.isEmpty()) {
        return;
      }
      operations.model().snapshots.clear(); // which of them a snapshot has is unknown
      String after = operations.difference();
      if (after != null) {
        operations.model().set(before);
        effect.run();
        others.forEach(Runnable::run);
        operations.model().snapshots.clear();
        assertThat(operations.difference()).as("neither after it: %s, nor before", after).isNull();
      }
    }
  };

  /**
   * Runs an operation, and has its effect on the model if it happened.
   *
   * @throws MeshException if it is refused
   */
  abstract void commit(RandomOperations operations, Runnable commit, Runnable effect);
}
