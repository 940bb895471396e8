package io.meshwork.aws;

import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * A mesh whose mirrors make, change, repair, and remove objects of each kind, with faults at their
 * calls, as {@link MirrorWalk} describes.
 *
 * <p>Each second build walks once, with a fault in each step, chosen by its seed, and compares with
 * the recorded walk; the others run {@link MirrorCatalogsWalkTest}. The nightly tests have each
 * kind of fault at each operation, and a walk without faults, which records its file with {@code
 * -Dmesh.mirrors.record=true}.
 */
class MirrorFaultWalkTest extends EmulatorFixture {
  static final MirrorWalk<MirrorAccounts> WALK =
      new MirrorWalk<>("mirror-walk.txt", MirrorStep.OF_ONE_CATALOG, MirrorAccounts::make);

  @Test
  void theNextRunCompletesRunsWithFaults() {
    WALK.walk(aws, (int) Math.floorMod(FaultSample.SEED, (long) WALK.size()));
  }

  @Tag("nightly")
  @TestFactory
  Stream<DynamicTest> theNextRunCompletesRunsWithAnyFault() {
    return WALK.all(aws, 0);
  }

  @Tag("nightly")
  @Test
  void aWalkWithoutFaultsLeavesWhatIsRecorded() throws IOException {
    WALK.record(aws);
  }
}
