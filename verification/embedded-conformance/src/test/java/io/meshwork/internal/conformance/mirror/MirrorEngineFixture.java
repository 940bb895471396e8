package io.meshwork.internal.conformance.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.maintenance.Mirrors;
import io.meshwork.testkit.ManualClock;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A mesh with a mirror to a service in memory, which other programs change too. */
abstract class MirrorEngineFixture {
  final GuardedStore store = new GuardedStore();
  final ManualClock clock = ManualClock.at(Instant.parse("2026-11-20T08:00:00Z"));
  final InMemoryService service = new InMemoryService();

  @SuppressWarnings("NullAway.Init") // JUnit opens the mesh before each test
  Mesh mesh;

  @BeforeEach
  void open() {
    mesh =
        Mesh.builder(store.registry(), store.files(), GuardedStore.ROOT, service.credentials(store))
            .clock(clock)
            .testing()
            .sleeper(clock::advance)
            .open();
  }

  @AfterEach
  void close() {
    mesh.close();
    assertThat(store.violations()).isEmpty();
  }

  Mirrors.Report run() {
    return mesh.mirrors().commit();
  }

  Mirrors.Report repair() {
    return mesh.mirrors().repair().commit();
  }

  List<FindingCode> verified() {
    return mesh.mirrors().verify().findings().stream().map(Finding::code).toList();
  }

  static List<FindingCode> codes(Mirrors.Report report) {
    return report.remaining().stream().map(Finding::code).toList();
  }

  void upToDate() {
    service.calls.clear();
    assertThat(mesh.mirrors().plan().isEmpty()).isTrue();
    assertThat(run().isEmpty()).isTrue();
    assertThat(service.calls).isEmpty();
  }
}
