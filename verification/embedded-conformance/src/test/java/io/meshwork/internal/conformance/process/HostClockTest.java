package io.meshwork.internal.conformance.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Rule;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.testkit.ForwardingRegistry;
import io.meshwork.notice.Notifier;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry;
import io.meshwork.request.AccessRequest;
import io.meshwork.testkit.ManualClock;
import io.meshwork.testkit.MeshPlace;
import io.meshwork.testkit.RecordingNotifier;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.avro.generic.GenericRecord;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Hosts of one mesh with clocks that are ahead or behind. */
class HostClockTest {
  private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
  private static final String ORDERS = "commerce/orders";

  private final MeshPlace place = MeshPlace.inMemory();
  private long hosts;

  @AfterEach
  void close() {
    place.close();
  }

  private Mesh host(Duration ahead) {
    return place.open().clock(ManualClock.at(NOON.plus(ahead))).testing().idSeed(++hosts).open();
  }

  /** Opens a mesh whose store has its own, correct clock. */
  private Mesh hostOfTimedStore(Duration ahead) {
    return place
        .open()
        .clock(ManualClock.at(NOON.plus(ahead)))
        .testing()
        .idSeed(++hosts)
        .testing()
        .wrapRegistry(real -> timed(real, () -> NOON))
        .open();
  }

  private static Registry timed(Registry real, InstantSource time) {
    return new ForwardingRegistry(real) {
      @Override
      public Optional<Instant> time() {
        return Optional.of(time.instant());
      }
    };
  }

  private Mesh notifying(Duration ahead, Notifier notifier) {
    return place
        .open()
        .clock(ManualClock.at(NOON.plus(ahead)))
        .testing()
        .idSeed(++hosts)
        .notifier("mail", notifier)
        .open();
  }

  private static MeshClient shop(Mesh mesh) {
    return mesh.clientAs(Principal.of("commerce", "etl"));
  }

  private static void define(Mesh mesh) {
    shop(mesh).registerDomain("commerce").owner("shop@example.org").commit();
    shop(mesh).defineProduct(ORDERS).contract(Contract.of(Order.class)).openToMesh().commit();
  }

  private static void publish(Mesh mesh, String key) {
    shop(mesh).publish(ORDERS).records(Order.range(0, 3)).idempotencyKey(key).commit();
  }

  private static void assertSkewed(ThrowingCallable call, String... words) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            BackendException.class,
            refused -> {
              assertThat(refused.errorCode()).isEqualTo(ErrorCode.CLOCK_SKEWED);
              assertThat(refused.retryable()).isFalse();
            })
        .hasMessageContaining("Nothing was changed")
        .message()
        .satisfies(message -> List.of(words).forEach(word -> assertThat(message).contains(word)));
  }

  @Test
  void maintenanceByAHostMonthsAheadKeepsEveryKey() {
    try (Mesh right = host(Duration.ZERO);
        Mesh ahead = host(Duration.ofDays(91))) {
      define(right);
      publish(right, "day-1");

      assertSkewed(
          () -> ahead.maintain().commit(), "nothing was written", "trustClock()", "maintain");
      assertSkewed(() -> ahead.maintain().plan());

      assertThat(
              shop(right)
                  .publish(ORDERS)
                  .records(Order.range(0, 3))
                  .idempotencyKey("day-1")
                  .commit()
                  .replayed())
          .isTrue();
    }
  }

  @Test
  void maintenanceThatTrustsTheClockRunsAndIsReportedOnce() {
    try (Mesh before = host(Duration.ZERO);
        Mesh later = host(Duration.ofDays(150));
        Mesh muchLater = host(Duration.ofDays(240))) {
      define(before);
      publish(before, "day-1");

      later.maintain().trustClock().commit();

      assertThat(later.maintain().commit().remaining()).isEmpty();
      assertThat(muchLater.maintain().commit().remaining()).isEmpty();
      assertThat(muchLater.doctor().problems()).isEmpty();
    }
  }

  @Test
  void maintenanceByAHostBehindTheLogsIsRejected() {
    try (Mesh right = host(Duration.ZERO);
        Mesh behind = host(Duration.ofDays(-2))) {
      define(right);

      assertSkewed(() -> behind.maintain().commit(), "doctor()");
    }
  }

  @Test
  void aHostThatIsBehindRetainsItsSnapshots() {
    ManualClock time = ManualClock.at(NOON);
    try (Mesh right = hostOfTimedStore(time, Duration.ZERO);
        Mesh behind = hostOfTimedStore(time, Duration.ofHours(-20))) {
      define(right);
      for (long id = 0; id < 4; id++) {
        shop(right).publish(ORDERS).records(Order.range(id, id + 1)).commit();
      }
      List<Order> read = new ArrayList<>();
      try (Rows<Order> rows = shop(behind).read(ORDERS).as(Order.class).rows()) {
        Iterator<Order> each = rows.iterator();
        read.add(each.next());
        shop(right).publish(ORDERS).records(Order.range(4, 5)).replaceAll().commit();
        time.advance(Duration.ofHours(13));
        read.add(each.next());
        time.advance(Duration.ofHours(17));
        right.maintain().commit();

        each.forEachRemaining(read::add);
      }
      assertThat(read).isEqualTo(Order.range(0, 4));
    }
  }

  private Mesh hostOfTimedStore(ManualClock time, Duration ahead) {
    return place
        .open()
        .clock(() -> time.instant().plus(ahead))
        .testing()
        .idSeed(++hosts)
        .testing()
        .wrapRegistry(real -> timed(real, time))
        .open();
  }

  @Test
  void theClockOfAStorePrevailsOverTheHost() {
    try (Mesh right = hostOfTimedStore(Duration.ofMinutes(-5));
        Mesh hours = hostOfTimedStore(Duration.ofHours(26));
        Mesh years = hostOfTimedStore(Duration.ofDays(3650));
        Mesh behind = hostOfTimedStore(Duration.ofDays(-8))) {
      define(right);
      publish(right, "day-1");

      assertSkewed(() -> hours.maintain().commit(), "the store's own time");
      assertSkewed(() -> hours.maintain().trustClock().commit());
      assertSkewed(() -> publish(years, "day-2"), "files of commerce/orders", "store's own time");
      assertSkewed(() -> publish(behind, "day-2"));
      assertThat(shop(right).publishHistory(ORDERS).changes()).hasSize(1);
      assertThat(right.maintain().commit().remaining()).isEmpty();
      assertThat(right.doctor().problems()).isEmpty();
      assertThat(hours.doctor().problems())
          .extracting(Finding::code)
          .contains(FindingCode.CLOCK_WRONG);
    }
  }

  @Test
  void aPublishYearsAheadOfTheLogsIsRejected() {
    try (Mesh right = host(Duration.ZERO);
        Mesh ahead = host(Duration.ofDays(3650))) {
      define(right);
      publish(right, "day-1");

      assertSkewed(() -> publish(ahead, "day-2"), "nothing was written", "trustClock()");
      assertThat(shop(right).publishHistory(ORDERS).changes()).hasSize(1);

      ahead.maintain().trustClock().commit();
      publish(ahead, "day-2");
      assertThat(shop(ahead).publishHistory(ORDERS).changes()).hasSize(2);
    }
  }

  @Test
  void aKeyOfAHostMonthsBehindIsRetainedNormally() {
    try (Mesh right = host(Duration.ZERO);
        Mesh behind = host(Duration.ofDays(-200))) {
      define(right);
      publish(right, "day-1");
      publish(behind, "day-2");

      right.maintain().commit();

      assertThat(
              shop(right)
                  .publish(ORDERS)
                  .records(Order.range(0, 3))
                  .idempotencyKey("day-2")
                  .commit()
                  .replayed())
          .isTrue();
    }
  }

  @Test
  void rowsQuarantinedByAHostMonthsBehindAreRetainedNormally() {
    try (Mesh right = host(Duration.ZERO);
        Mesh behind = host(Duration.ofDays(-200))) {
      shop(right).registerDomain("commerce").owner("shop@example.org").commit();
      shop(right)
          .defineProduct(ORDERS)
          .contract(
              Contract.of(Order.class)
                  .require(Rule.atLeast("id", 0))
                  .onViolation(OnViolation.QUARANTINE)
                  .maxQuarantineShare(100))
          .openToMesh()
          .commit();
      publish(right, "day-1");
      shop(behind)
          .publish(ORDERS)
          .records(List.of(Order.of(3), Order.of(-1)))
          .idempotencyKey("day-2")
          .commit();

      right.maintain().commit();

      try (Rows<GenericRecord> bad = shop(right).quarantine(ORDERS).rows()) {
        assertThat(bad).hasSize(1);
      }
    }
  }

  @Test
  void aNoticeOfAHostAheadIsRetriedByAHostWithTheRightTime() {
    RecordingNotifier delivered = new RecordingNotifier();
    try (Mesh right = notifying(Duration.ZERO, delivered);
        Mesh ahead =
            notifying(
                Duration.ofHours(23),
                notice -> {
                  throw new IllegalStateException("down");
                })) {
      right.deliverNotices();
      define(right);
      ahead.deliverNotices();

      right.deliverNotices();

      assertThat(delivered.all()).isNotEmpty();
    }
  }

  @Test
  void theDoctorReportsFutureEntriesAndPublishingContinues() {
    try (Mesh right = host(Duration.ZERO);
        Mesh ahead = host(Duration.ofDays(60))) {
      define(right);
      publish(right, "day-1");
      publish(ahead, "day-2");

      publish(right, "day-3");

      assertThat(right.doctor().problems())
          .singleElement()
          .satisfies(
              finding -> {
                assertThat(finding.code()).isEqualTo(FindingCode.LOG_AHEAD);
                assertThat(finding.where()).startsWith(ORDERS);
                assertThat(finding.fix()).contains("never");
              });
      assertThat(right.repair().commit().problems())
          .extracting(Finding::code)
          .containsExactly(FindingCode.LOG_AHEAD);
      assertThat(ahead.doctor().problems()).isEmpty();
    }
  }

  @Test
  void aRequestInALogAheadOfTimeCanBeDenied() {
    try (Mesh right = host(Duration.ZERO);
        Mesh ahead = host(Duration.ofDays(60))) {
      shop(right).registerDomain("commerce").owner("shop@example.org").commit();
      shop(right).defineProduct(ORDERS).contract(Contract.of(Order.class)).commit();
      publish(ahead, "day-1");
      MeshClient finance = right.clientAs(Principal.of("finance", "etl"));
      finance.registerDomain("finance").owner("finance@example.org").commit();
      String id = finance.requests().requestAccess(ORDERS).purpose("They bill.").commit().id();
      assertThat(shop(right).requests().received())
          .extracting(AccessRequest::id)
          .containsExactly(id);

      AccessRequest denied = shop(right).requests().deny(id).because("No").commit();

      assertThat(denied.state()).isEqualTo(AccessRequest.State.DENIED);
    }
  }
}
