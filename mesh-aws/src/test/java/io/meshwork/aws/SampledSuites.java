package io.meshwork.aws;

import java.util.List;
import java.util.Random;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.UniqueId.Segment;
import org.junit.platform.launcher.PostDiscoveryFilter;

/**
 * Selects the suites of {@link DynamoMeshTest} and {@link AwsSuitesTest} that a build runs: one of
 * {@code -Dmesh.suites.oneOf=} on each, not the same ones, by a seed that each build draws. {@code
 * -Dmesh.suites.seed=} repeats a build, and {@code -Pnightly} runs all. JUnit loads it as a
 * service.
 */
public final class SampledSuites implements PostDiscoveryFilter {
  private static final String SEED_PROPERTY = "mesh.suites.seed";
  private static final int ONE_OF = Integer.getInteger("mesh.suites.oneOf", 1);
  private static final int SEED = Integer.getInteger(SEED_PROPERTY, new Random().nextInt(1_000));
  private static final String HOW =
      "One of " + ONE_OF + " suites runs on each backend, -D" + SEED_PROPERTY + "=" + SEED;
  private static final List<String> BACKENDS =
      List.of(DynamoMeshTest.class.getName(), AwsSuitesTest.class.getName());

  @Override
  public FilterResult apply(TestDescriptor test) {
    List<Segment> path = test.getUniqueId().getSegments();
    for (int i = 1; i < path.size(); i++) {
      int backend = BACKENDS.indexOf(path.get(i - 1).getValue());
      if (backend >= 0) {
        return FilterResult.includedIf(
            isSelected(path.get(i).getValue(), backend), () -> HOW, () -> HOW);
      }
    }
    return FilterResult.included("not a suite on AWS");
  }

  /**
   * True if this build runs a suite on a backend; each suite runs on each backend with one of so
   * many successive seeds.
   */
  private static boolean isSelected(String suite, int backend) {
    int offset = backend * ONE_OF / BACKENDS.size();
    return Math.floorMod(suite.hashCode() + SEED + offset, ONE_OF) == 0;
  }
}
