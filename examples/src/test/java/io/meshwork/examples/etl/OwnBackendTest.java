package io.meshwork.examples.etl;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.local.LocalMesh;
import io.meshwork.testkit.As;
import io.meshwork.testkit.ManualClock;
import io.meshwork.testkit.MeshTest;
import io.meshwork.testkit.Samples;
import io.meshwork.testkit.TestBackend;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Tests on a mesh with a team's own settings. */
@MeshTest(domains = "commerce", on = OwnBackendTest.AsInProduction.class)
class OwnBackendTest {
  private static final ExecutorService WORKERS = Executors.newFixedThreadPool(4);
  private static final LocalDate TODAY = LocalDate.parse("2026-01-01");

  private final Samples<Order> samples = Samples.of(Order.class, DailyOrders.CONTRACT, 1);

  // tag::backend[]
  /** The mesh as production opens it, with four threads to encode columns. */
  static final class AsInProduction implements TestBackend {
    @Override
    public Mesh.Builder newMesh(Path folder) {
      return LocalMesh.builder(folder).executor(WORKERS);
    }
  }

  // end::backend[]

  @AfterAll
  static void stop() {
    WORKERS.shutdown();
  }

  @Test
  void yesterdayRemainsReadable(@As("commerce/etl") MeshClient commerce, ManualClock clock) {
    DailyOrders job = new DailyOrders(commerce);
    job.define();
    job.publish(TODAY, samples.rows(10));
    Instant evening = clock.instant();
    clock.advance(Duration.ofDays(1));
    job.publish(TODAY.plusDays(1), samples.rows(5));

    try (Rows<Order> rows =
        commerce.read(DailyOrders.PRODUCT).asOf(evening).as(Order.class).rows()) {
      assertThat(rows).hasSize(10);
    }
  }
}
