package io.meshwork.conformance;

import io.meshwork.internal.conformance.SuiteSample;
import java.util.List;
import java.util.Map;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.UniqueId.Segment;
import org.junit.platform.launcher.PostDiscoveryFilter;

/**
 * Selects the suites that a build runs in memory, by {@link SuiteSample}: a fourth of them, and
 * fewer with consumers apart or an executor. All suites run on SQLite. JUnit loads it as a service.
 */
public final class SampledSuites implements PostDiscoveryFilter {
  private static final Map<String, Integer> ONE_OF =
      Map.of(
          ConsumersApartTest.class.getName(),
          SuiteSample.ONE_OF,
          BusyExecutorTest.class.getName(),
          SuiteSample.ONE_OF,
          InMemoryMeshTest.class.getName(),
          Math.min(SuiteSample.ONE_OF, 4));
  private static final String HOW =
      SuiteSample.reason("with consumers apart or a busy executor, and a fourth in memory");

  @Override
  public FilterResult apply(TestDescriptor test) {
    List<Segment> path = test.getUniqueId().getSegments();
    for (int i = 1; i < path.size(); i++) {
      Integer oneOf = ONE_OF.get(path.get(i - 1).getValue());
      if (oneOf != null) {
        return FilterResult.includedIf(
            SuiteSample.includes(path.get(i).getValue(), 0, oneOf), () -> HOW, () -> HOW);
      }
    }
    return FilterResult.included("not a suite in memory");
  }
}
