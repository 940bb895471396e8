package io.meshwork.aws;

import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.UniqueId.Segment;
import org.junit.platform.launcher.PostDiscoveryFilter;

/**
 * Selects the suites of {@link DynamoMeshTest}, and the tests of {@link AwsTopologiesTest}, that a
 * build runs: one of {@code -Dmesh.suites.oneOf=}, by a seed that each build draws. {@code
 * -Dmesh.suites.seed=} repeats a build, and {@code -Pnightly} runs all. JUnit loads it as a
 * service.
 */
public final class SampledSuites implements PostDiscoveryFilter {
  private static final String SEED_PROPERTY = "mesh.suites.seed";
  private static final int ONE_OF = Integer.getInteger("mesh.suites.oneOf", 1);
  private static final int SEED = Integer.getInteger(SEED_PROPERTY, new Random().nextInt(1_000));
  private static final Set<String> SAMPLED =
      Set.of(DynamoMeshTest.class.getName(), AwsTopologiesTest.class.getName());
  private static final String HOW =
      "One of " + ONE_OF + " suites runs on AWS, -D" + SEED_PROPERTY + "=" + SEED;

  @Override
  public FilterResult apply(TestDescriptor test) {
    List<Segment> path = test.getUniqueId().getSegments();
    for (int i = 1; i < path.size(); i++) {
      if (SAMPLED.contains(path.get(i - 1).getValue())) {
        return FilterResult.includedIf(isSelected(path.get(i).getValue()), () -> HOW, () -> HOW);
      }
    }
    return FilterResult.included("not a sampled suite");
  }

  /** True if this build runs a suite; each suite runs with one of so many successive seeds. */
  private static boolean isSelected(String suite) {
    return Math.floorMod(suite.hashCode() + SEED, ONE_OF) == 0;
  }
}
