package io.meshwork.aws;

import io.meshwork.internal.conformance.SuiteSample;
import java.util.List;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.UniqueId.Segment;
import org.junit.platform.launcher.PostDiscoveryFilter;

/**
 * Selects the suites of {@link DynamoMeshTest} and {@link AwsSuitesTest} that a build runs, by
 * {@link SuiteSample}: not the same ones on each, and one of at most {@value #TOPOLOGIES_ONE_OF}
 * tests of {@link AwsTopologiesTest}. JUnit loads it as a service.
 */
public final class SampledSuites implements PostDiscoveryFilter {
  static final int TOPOLOGIES_ONE_OF = 4;

  private static final String HOW = SuiteSample.reason("on each backend");
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
        int offset = backend * SuiteSample.ONE_OF / BACKENDS.size();
        return FilterResult.includedIf(
            SuiteSample.includes(member, offset, SuiteSample.ONE_OF), () -> HOW, () -> HOW);
      } else if (container.equals(TOPOLOGIES)) {
        return FilterResult.includedIf(
            SuiteSample.includes(member, 0, Math.min(SuiteSample.ONE_OF, TOPOLOGIES_ONE_OF)),
            () -> HOW,
            () -> HOW);
      }
    }
    return FilterResult.included("not a sampled suite");
  }
}
