package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

/** The recorded walks of the mirrors have each call that a mirror can make. */
class MirrorCallsTest {
  @Test
  void theStepsMakeEachCallThatAMirrorKnows() {
    Set<String> walked = MirrorFaultWalkTest.WALK.calls();

    Set<String> known = MirrorOperations.ofClasses();
    known.add(MirrorOperations.ASSUME_ROLE);
    known.removeAll(MirrorOperations.OF_HYBRID_ACCESS);
    assertThat(walked).isEqualTo(known);
    Set<String> permitted = MirrorOperations.ofPolicies(MirrorAccounts.policies());
    permitted.add(MirrorOperations.ASSUME_ROLE);
    permitted.add(MirrorOperations.GET_CREDENTIALS);
    assertThat(walked).isEqualTo(permitted);
  }

  @Test
  void theStepsMakeEachCallThatAMirrorOfCatalogsKnows() {
    Set<String> known = MirrorOperations.ofClasses();
    known.add(MirrorOperations.ASSUME_ROLE);
    known.removeAll(MirrorOperations.OF_HYBRID_ACCESS);
    known.removeAll(MirrorCatalogs.OTHER_CALLS);

    assertThat(MirrorCatalogsWalkTest.FEDERATED.calls()).isEqualTo(known);
    assertThat(MirrorCatalogsWalkTest.LINES.calls()).isEqualTo(known);
  }
}
