package io.meshwork.aws;

import java.util.List;
import java.util.Random;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.UniqueId.Segment;
import org.junit.platform.launcher.PostDiscoveryFilter;

/**
 * Selects the suites of {@link DynamoMeshTest} and {@link AwsSuitesTest} that a build runs: one of
 * {@code -Dmesh.suites.oneOf=} on each, not the same ones, and one of at most {@value
 * #TOPOLOGIES_ONE_OF} tests of {@link AwsTopologiesTest}, by a seed that each build draws. {@code
 * -Dmesh.suites.seed=} repeats a build, and {@code -Pnightly} runs all. JUnit loads it as a
 * service.
 */
public final class SampledSuites implements PostDiscoveryFilter {
  static final int TOPOLOGIES_ONE_OF = 4;

  private static final String SEED_PROPERTY = "mesh.suites.seed";
  private static final int ONE_OF = Integer.getInteger("mesh.suites.oneOf", 1);
  private static final int SEED = Integer.getInteger(SEED_PROPERTY, new Random().nextInt(1_000));
  private static final String HOW =
      "One of " + ONE_OF + " suites runs on each backend, -D" + SEED_PROPERTY + "=" + SEED;
  private static final List<String> BACKENDS =
      List.of(DynamoMeshTest.class.getName(), AwsSuitesTest.class.getName());
  private static final String TOPOLOGIES = AwsTopologiesTest.class.getName();

  @Override
  public FilterResult apply(TestDescriptor test) {
    List<Segment> path = test.getUniqueId().getSegments();
    for (int i = 1; i < path.size(); i++) {
      String container = path.get(i - 1).getValue();
      String member = path.get(i).getValue();
      int backend = BACKENDS.indexOf(container);
      if (backend >= 0) {
        int offset = backend * ONE_OF / BACKENDS.size();
        return FilterResult.includedIf(isSelected(member, offset, ONE_OF), () -> HOW, () -> HOW);
      } else if (container.equals(TOPOLOGIES)) {
        return FilterResult.includedIf(
            isSelected(member, 0, Math.min(ONE_OF, TOPOLOGIES_ONE_OF)), () -> HOW, () -> HOW);
      }
    }
    return FilterResult.included("not a sampled suite");
  }

  /** True if this build runs a suite or a test; each runs with one of so many successive seeds. */
  private static boolean isSelected(String member, int offset, int oneOf) {
    return Math.floorMod(member.hashCode() + SEED + offset, oneOf) == 0;
  }
}
