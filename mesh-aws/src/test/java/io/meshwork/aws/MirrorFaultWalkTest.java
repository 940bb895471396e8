package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * A mesh whose mirrors make, change, repair, and remove objects of each kind, with faults at their
 * calls, as {@link MirrorWalk} describes.
 *
 * <p>Each build walks once, with a fault in each step, chosen by its seed, and compares with the
 * recorded walk. The nightly tests have each kind of fault at each operation, and a walk without
 * faults, which records its file with {@code -Dmesh.mirrors.record=true}.
 */
class MirrorFaultWalkTest extends EmulatorFixture {
  private static final MirrorWalk<MirrorAccounts> WALK =
      new MirrorWalk<>("mirror-walk.txt", MirrorStep.OF_ONE_CATALOG, MirrorAccounts::make);

  @Test
  void theStepsMakeEachCallThatAMirrorKnows() {
    Set<String> walked = WALK.calls();

    Set<String> known = MirrorOperations.ofClasses();
    known.add(MirrorOperations.ASSUME_ROLE);
    assertThat(walked).isEqualTo(known);
    Set<String> permitted = MirrorOperations.ofPolicies(MirrorAccounts.policies());
    permitted.add(MirrorOperations.ASSUME_ROLE);
    permitted.add(MirrorOperations.GET_CREDENTIALS);
    assertThat(walked).isEqualTo(permitted);
  }

  @Test
  void theNextRunCompletesRunsWithFaults() {
    WALK.walkOnce(aws);
  }

  @Tag("nightly")
  @TestFactory
  Stream<DynamicTest> theNextRunCompletesRunsWithAnyFault() {
    return WALK.all(aws);
  }

  @Tag("nightly")
  @Test
  void aWalkWithoutFaultsLeavesWhatIsRecorded() throws IOException {
    WALK.record(aws);
  }
}
