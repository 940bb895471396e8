package io.meshwork.conformance;

import io.meshwork.internal.conformance.SuiteSample;
import java.util.List;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.UniqueId.Segment;
import org.junit.platform.launcher.PostDiscoveryFilter;

/**
 * Selects the suites of {@link ConsumersApartTest} that a build runs, by {@link SuiteSample}. JUnit
 * loads it as a service.
 */
public final class SampledSuites implements PostDiscoveryFilter {
  private static final String HOW = SuiteSample.reason("with consumers apart");

  @Override
  public FilterResult apply(TestDescriptor test) {
    List<Segment> path = test.getUniqueId().getSegments();
    for (int i = 1; i < path.size(); i++) {
      if (path.get(i - 1).getValue().equals(ConsumersApartTest.class.getName())) {
        return FilterResult.includedIf(
            SuiteSample.includes(path.get(i).getValue(), 0, SuiteSample.ONE_OF),
            () -> HOW,
            () -> HOW);
      }
    }
    return FilterResult.included("not a suite with consumers apart");
  }
}
