package io.meshwork.aws;

import io.meshwork.internal.conformance.SuiteSample;
import java.util.List;
import java.util.Map;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.UniqueId.Segment;
import org.junit.platform.launcher.PostDiscoveryFilter;

/**
 * Selects the tests of the suites of {@link DynamoMeshTest} and {@link AwsSuitesTest} and of other
 * long classes that a build runs, by {@link SuiteSample}: not the same ones on each. JUnit loads it
 * as a service.
 */
public final class SampledSuites implements PostDiscoveryFilter {
  private static final String HOW = SuiteSample.reason("on each backend");
  private static final List<String> BACKENDS =
      List.of(DynamoMeshTest.class.getName(), AwsSuitesTest.class.getName());

  /** Long classes, of which a build runs one of at most so many tests. */
  private static final Map<String, Integer> LONG =
      Map.of(
          AwsTopologiesTest.class.getName(), 8,
          DynamoTopologiesTest.class.getName(), 8,
          AwsLiveTopologiesTest.class.getName(), 8,
          AwsCatalogsMoveTest.class.getName(), 6,
          AwsCatalogsBackupTest.class.getName(), 6,
          AwsMoveTest.class.getName(), 4,
          AwsMovedBackupTest.class.getName(), 4,
          AwsMovedPlacesTest.class.getName(), 4);

  /** So that the classes with the same tests do not run the same ones. */
  private static final Map<String, Integer> OFFSETS =
      Map.of(
          DynamoTopologiesTest.class.getName(), 4,
          AwsLiveTopologiesTest.class.getName(), 2);

  @Override
  public FilterResult apply(TestDescriptor test) {
    List<Segment> path = test.getUniqueId().getSegments();
    for (int i = 1; i < path.size(); i++) {
      String container = path.get(i - 1).getValue();
      String member = path.get(i).getValue();
      int backend = BACKENDS.indexOf(container);
      if (backend >= 0) {
        return i + 1 == path.size()
            ? FilterResult.included("a suite, whose tests are sampled")
            : sampled(
                member + path.get(i + 1).getValue(),
                backend * SuiteSample.ONE_OF / BACKENDS.size(),
                SuiteSample.ONE_OF);
      }
      Integer oneOf = LONG.get(container);
      if (oneOf != null) {
        return sampled(
            member, OFFSETS.getOrDefault(container, 0), Math.min(SuiteSample.ONE_OF, oneOf));
      }
    }
    return FilterResult.included("not a sampled suite");
  }

  private static FilterResult sampled(String member, int offset, int oneOf) {
    return FilterResult.includedIf(
        SuiteSample.includes(member, offset, oneOf), () -> HOW, () -> HOW);
  }
}
