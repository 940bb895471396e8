package io.meshwork.internal.conformance.lifecycle;

import io.meshwork.internal.conformance.fixture.MeshFixture;
import org.junit.jupiter.api.Test;

/** After random operations of every kind, a product has exactly the rows of a model. */
public abstract class RandomLifecycleSuite extends MeshFixture {
  private static final int OPERATIONS = 40;

  @Test
  void operationsOneAfterTheOtherMatchTheModel() {
    new RandomOperations(this, 1, Interference.NONE).run(OPERATIONS);
  }

  @Test
  void operationsBesideEachOtherMatchTheModelInOneOrder() {
    new RandomOperations(this, 2, Interference.MEANWHILE).run(OPERATIONS);
  }

  @Test
  void operationsThatFailHappenAsAWholeOrNotAtAll() {
    new RandomOperations(this, 3, Interference.FAULT).run(OPERATIONS);
  }
}
