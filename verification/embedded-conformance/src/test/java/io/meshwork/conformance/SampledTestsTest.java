package io.meshwork.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.meshwork.internal.conformance.TestSample;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.UniqueId.Segment;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestPlan;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** What a build runs of the suites. */
class SampledTestsTest {
  @Test
  void aSampleRunsATwentiethOfTheSuitesInMemoryAndOthersOnSqliteAndSmokeTestsOnBoth() {
    List<String> all = tests(false, LocalMeshTest.class);
    List<String> inMemory = tests(true, InMemoryMeshTest.class);
    List<String> onSqlite = tests(true, LocalMeshTest.class);

    assertThat(all).hasSizeGreaterThan(1_000).doesNotHaveDuplicates();
    if (!TestSample.SAMPLED) {
      assertThat(inMemory).containsExactlyInAnyOrderElementsOf(all);
      assertThat(onSqlite).containsExactlyInAnyOrderElementsOf(all);
      return;
    }
    assertThat(inMemory).hasSizeBetween(all.size() / 25, all.size() * 2 / 20);
    assertThat(onSqlite).hasSizeBetween(all.size() / 25, all.size() * 2 / 20);
    assertThat(inMemory.stream().filter(onSqlite::contains))
        .as("smoke tests")
        .hasSize(13)
        .anyMatch(test -> test.contains("goodRowsArePublishedAndBadRowsAreShownToTheOwner"));
  }

  /** Returns the suite and name of each test of these classes. */
  private static List<String> tests(boolean filtered, Class<?>... classes) {
    Launcher launcher =
        LauncherFactory.create(
            LauncherConfig.builder().enablePostDiscoveryFilterAutoRegistration(filtered).build());
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(Stream.of(classes).map(each -> selectClass(each)).toList())
            .build();
    TestPlan plan = launcher.discover(request);
    return plan.getRoots().stream()
        .flatMap(root -> plan.getDescendants(root).stream())
        .map(each -> each.getUniqueIdObject().getSegments())
        .filter(path -> path.size() > 3) // the engine, the class, the suite, and the test
        .map(path -> path.stream().skip(2).map(Segment::getValue).toList().toString())
        .toList();
  }
}
