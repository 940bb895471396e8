package io.meshwork.internal.conformance.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.consume.Rows;
import io.meshwork.error.MeshException;
import io.meshwork.internal.conformance.fixture.ConcurrentCalls;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.maintenance.Maintain.Report.Work;
import io.meshwork.publish.PublishHistory.RowChange;
import io.meshwork.publish.PublishReceipt.PublishMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Maintenance with concurrent publishers and readers. */
public abstract class ConcurrentMaintenanceSuite extends MeshFixture {
  private static final Duration GRACE = Duration.ofHours(24);

  @Test
  void maintenanceDuringPublishesLosesNothing() throws Exception {
    defineOrders();
    publishOneByOne(0, 5);
    ConcurrentCalls.run(
        List.of(
            () -> {
              publishOneByOne(5, 25);
              return true;
            },
            () -> {
              for (int i = 0; i < 10; i++) {
                maintain();
              }
              return true;
            },
            () -> {
              for (long id = 100; id < 110; id++) {
                toOrders().records(Order.range(id, id + 1)).commit();
                fromOrders().where("id = " + id).because("a wish").commit();
              }
              return true;
            }));
    maintain();

    assertThat(orders()).containsExactlyInAnyOrderElementsOf(Order.range(0, 25));
    assertWhole();
  }

  @Test
  void concurrentMaintenanceDoesTheWorkOnce() throws Exception {
    defineOrders();
    for (int i = 0; i < 3; i++) {
      publishOneByOne(i * 5L, i * 5L + 5);
      toOrders().records(Order.range(i * 5L, i * 5L + 5)).replaceAll().commit();
    }
    clock.advance(Duration.ofDays(40));
    Callable<Boolean> maintaining =
        () -> {
          maintain();
          return true;
        };

    ConcurrentCalls.run(List.of(maintaining, maintaining, maintaining));

    assertThat(orders()).isEqualTo(Order.range(10, 15));
    assertThat(shop().read(ORDERS).snapshots()).hasSize(1);
    assertThat(maintain().total(Work.SNAPSHOTS_EXPIRED)).isZero();
    assertWhole();
  }

  /**
   * Simulates several days of concurrent work. The publish with number n replaces all rows with n
   * rows, which reveals reads that mix publishes or return parts of one.
   */
  @Test
  void readersAndPublishersWithinTheirTimeSurviveDaysOfMaintenance() throws Exception {
    defineOrders();
    toOrders().records(Order.range(0, 1)).replaceAll().commit();
    AtomicInteger working = new AtomicInteger(2);
    List<Callable<Boolean>> all = new ArrayList<>();
    all.add(
        () -> {
          try {
            for (int size = 2; size <= 25; size++) {
              replaceAll(size);
            }
          } finally {
            working.decrementAndGet();
          }
          return true;
        });
    all.add(
        () -> {
          try {
            for (int round = 0; round < 30; round++) {
              readAll();
            }
          } finally {
            working.decrementAndGet();
          }
          return true;
        });
    all.add(
        () -> {
          while (working.get() > 0) {
            clock.advance(Duration.ofHours(3));
            mesh.maintain().timeout(Duration.ofDays(300)).commit();
          }
          return true;
        });

    ConcurrentCalls.run(all);

    clock.advance(Duration.ofHours(25));
    maintain();
    assertThat(shop().publishHistory(ORDERS).changes().stream().map(RowChange::mode))
        .contains(PublishMode.REPLACE_ALL);
    assertThat(shop().read(ORDERS).snapshots()).hasSize(1);
    assertWhole();
  }

  private void replaceAll(int size) {
    while (true) {
      Instant began = clock.instant();
      try {
        toOrders()
            .records(Order.range(0, size))
            .replaceAll()
            .timeout(Duration.ofDays(300))
            .commit();
        return;
      } catch (MeshException e) {
        assertThat(Duration.between(began, clock.instant()))
            .as("failed publish: %s", e.getMessage())
            .isGreaterThanOrEqualTo(GRACE);
      }
    }
  }

  private void readAll() {
    Instant began = clock.instant();
    try (Rows<Order> rows = shop().read(ORDERS).as(Order.class).rows()) {
      List<Order> read = new ArrayList<>();
      rows.forEach(read::add);
      assertThat(read)
          .isEqualTo(Order.range(0, rows.snapshot().orElseThrow().rows().orElseThrow()));
    } catch (MeshException e) {
      assertThat(Duration.between(began, clock.instant()))
          .as("failed read: %s", e.getMessage())
          .isGreaterThanOrEqualTo(GRACE);
    }
  }
}
