package io.meshwork.aws;

import io.meshwork.topology.Topology;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Meshes of several catalogs, whose mirrors make, change, repair, and remove objects in several
 * accounts, with faults at their calls, as {@link MirrorWalk} describes.
 *
 * <p>Each second build walks once in one of the topologies, which its seed draws; the others run
 * {@link MirrorFaultWalkTest}. The nightly tests have each kind of fault at each operation in both,
 * and walks without faults, which record their files with {@code -Dmesh.mirrors.record=true}.
 */
class MirrorCatalogsWalkTest extends EmulatorFixture {
  static final MirrorWalk<MirrorCatalogs> FEDERATED =
      walk("mirror-walk-federated.txt", Topology.federated());

  static final MirrorWalk<MirrorCatalogs> LINES =
      walk(
          "mirror-walk-lines.txt",
          Topology.byLineOfBusiness(
              Map.of("retail", Set.of("commerce"), "banking", Set.of("finance"))));

  private static MirrorWalk<MirrorCatalogs> walk(String file, Topology topology) {
    return new MirrorWalk<>(
        file, MirrorStep.OF_CATALOGS, emulator -> MirrorCatalogs.make(emulator, topology));
  }

  @Test
  void theNextRunCompletesRunsWithFaultsInTheAccountsOfCatalogs() {
    int federated = FEDERATED.size();
    int number = (int) Math.floorMod(FaultSample.SEED, (long) federated + LINES.size());
    if (number < federated) {
      FEDERATED.walk(aws, number);
    } else {
      LINES.walk(aws, number - federated);
    }
  }

  @Tag("nightly")
  @TestFactory
  Stream<DynamicTest> theNextRunCompletesRunsWithAnyFault() {
    return Stream.concat(FEDERATED.all(aws, 0), LINES.all(aws, FEDERATED.size()));
  }

  @Tag("nightly")
  @Test
  void walksWithoutFaultsLeaveWhatIsRecorded() throws IOException {
    for (MirrorWalk<MirrorCatalogs> walk : List.of(FEDERATED, LINES)) {
      walk.record(aws);
    }
  }
}
