package io.meshwork.internal.conformance.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Rule;
import io.meshwork.event.MeshEvent;
import io.meshwork.governance.Audit;
import io.meshwork.internal.conformance.fixture.JsonSchema;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.event.EventDetails.MajorCommit;
import io.meshwork.internal.event.EventDetails.TableCommit;
import io.meshwork.internal.event.EventDetailsCodec;
import io.meshwork.notice.Notice;
import io.meshwork.product.Principal;
import io.meshwork.product.Snapshot;
import io.meshwork.publish.PublishHistory.RowChange;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.testkit.InMemoryMesh;
import io.meshwork.testkit.ManualClock;
import io.meshwork.testkit.RecordingNotifier;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Each reader of the log finds a major version in an entry of several as it found it alone: the
 * same mesh is read before and after its entries name another major version, which leads.
 */
class SeveralMajorsLogTest {
  private static final String ORDERS = "commerce/orders";
  private static final Principal SHOP = Principal.of("commerce", "etl");
  private static final Principal DESK = Principal.of("finance", "desk");

  private final ManualClock clock = ManualClock.at(Instant.parse("2026-11-20T08:00:00Z"));
  private final RecordingNotifier notices = new RecordingNotifier();

  @SuppressWarnings("NullAway.Init") // set when the mesh is opened
  private SeveralMajorsLog log;

  @SuppressWarnings("NullAway.Init") // JUnit calls open() before each test
  private Mesh mesh;

  @SuppressWarnings("NullAway.Init") // JUnit calls open() before each test
  private MeshClient shop;

  @SuppressWarnings("NullAway.Init") // JUnit calls open() before each test
  private Subscription<Order> revenue;

  @BeforeEach
  void open() {
    mesh =
        InMemoryMesh.builder()
            .clock(clock)
            .notifier("list", notices)
            .testing()
            .wrapRegistry(
                real -> {
                  log = new SeveralMajorsLog(real);
                  return log;
                })
            .open();
    shop = mesh.clientAs(SHOP);
    shop.registerDomain("commerce").owner("shop@example.org").commit();
    mesh.clientAs(DESK).registerDomain("finance").owner("desk@example.org").commit();
    shop.defineProduct(ORDERS)
        .contract(
            Contract.of(Order.class)
                .require(Rule.atLeast("amount", 0))
                .freshWithin(Duration.ofHours(2))
                .onViolation(OnViolation.QUARANTINE))
        .openToMesh()
        .commit();
    revenue =
        mesh.clientAs(DESK)
            .subscribe(ORDERS)
            .name("revenue")
            .purpose("Revenue")
            .as(Order.class)
            .commit();
    change();
  }

  @AfterEach
  void close() {
    mesh.close();
  }

  private void change() {
    List<Order> orders = new ArrayList<>(Order.range(0, 20));
    orders.set(5, new Order(5, "customer 5", new BigDecimal("-1.00"), Optional.empty()));
    PublishReceipt first = shop.publish(ORDERS).records(orders).commit();
    clock.advance(Duration.ofMinutes(10));
    shop.publish(ORDERS).records(List.of(Order.of(3))).replaceWhere("id = 3").commit();
    clock.advance(Duration.ofMinutes(10));
    shop.erase(ORDERS).where("id = 7").because("asked for").commit();
    clock.advance(Duration.ofMinutes(10));
    shop.rollBack(ORDERS)
        .to(first.snapshotId().orElseThrow())
        .because("it was right")
        .restoreErased()
        .commit();
    clock.advance(Duration.ofMinutes(10));
    shop.publish(ORDERS).records(Order.range(30, 33)).commit();
  }

  private List<MajorCommit> commits(int place) {
    return shop.events(ORDERS).list().stream()
        .filter(event -> EventDetailsCodec.detailsOf(event) instanceof TableCommit)
        .map(event -> ((TableCommit) EventDetailsCodec.detailsOf(event)).majors())
        .map(majors -> majors.get(majors.size() == 1 ? 0 : place))
        .toList();
  }

  @Test
  void anEventHasTheMajorVersionBesideTheLeadingOne() {
    List<MajorCommit> alone = commits(0);

    log.several = true;

    assertThat(commits(1)).hasSize(5).isEqualTo(alone);
    assertThat(commits(0)).extracting(MajorCommit::major).containsOnly(2);
  }

  @Test
  void entriesOfSeveralMajorVersionsFollowTheSchema() {
    log.several = true;

    assertThat(shop.events(ORDERS).list())
        .extracting(MeshEvent::json)
        .allSatisfy(json -> assertThat(JsonSchema.ofEvents().faults(json)).isEmpty());
  }

  @Test
  void theHistoryAndItsScopesAndScoresAreTheSame() {
    List<RowChange> alone = shop.publishHistory(ORDERS).changes();
    List<RowChange> ofReader = mesh.clientAs(DESK).publishHistory(ORDERS).changes();

    log.several = true;

    assertThat(shop.publishHistory(ORDERS).changes()).hasSize(5).isEqualTo(alone);
    assertThat(mesh.clientAs(DESK).publishHistory(ORDERS).changes()).isEqualTo(ofReader);
    assertThat(alone).extracting(RowChange::scope).contains(Optional.of("id = 7"));
  }

  @Test
  void snapshotsHaveTheTimesOfTheirEntries() {
    MeshClient desk = mesh.clientAs(DESK);
    Instant early = clock.instant().minus(Duration.ofMinutes(35));
    List<Snapshot> alone = desk.read(ORDERS).snapshots();
    List<Order> before = MeshFixture.all(desk.read(ORDERS).asOf(early).as(Order.class));

    log.several = true;

    assertThat(desk.read(ORDERS).snapshots()).hasSize(5).isEqualTo(alone);
    assertThat(MeshFixture.all(desk.read(ORDERS).asOf(early).as(Order.class))).isEqualTo(before);
    assertThat(desk.describe(ORDERS).current()).isEqualTo(Optional.of(alone.get(0)));
    assertThat(revenue.freshness().toString()).isNotEmpty();
  }

  @Test
  void aSubscriberReceivesWhatWasRemovedByTheFilterOfItsMajorVersion() {
    try (Batch<Order> batch = poll()) {
      batch.ack();
    }
    shop.erase(ORDERS).where("id = 30").because("asked for").commit();
    log.several = true;

    try (Batch<Order> batch = poll()) {
      assertThat(batch.kind()).isEqualTo(Batch.Kind.ERASED);
      assertThat(batch.predicate()).contains("id = 30");
    }
  }

  private Batch<Order> poll() {
    return revenue.poll();
  }

  @Test
  void subscribersAreNotifiedOfTheirMajorVersionOnly() {
    log.several = true;

    mesh.deliverNotices();

    List<Notice> published =
        notices.all().stream().filter(notice -> notice.facts().containsKey("rowsTotal")).toList();
    assertThat(published)
        .extracting(notice -> notice.facts().get("major"))
        .as("no subscription reads major version 2")
        .containsOnly("1");
    assertThat(published)
        .extracting(Notice::id)
        .contains(
            ORDERS + "/2/published.finance.revenue",
            ORDERS + "/2/quarantined.v1",
            ORDERS + "/5/rolled-back.finance.revenue")
        .doesNotHaveDuplicates();
  }

  @Test
  void theAuditHasOneEntryForEachMajorVersion() {
    List<Audit.Entry> alone = publishes();

    log.several = true;

    List<Audit.Entry> entries = publishes();
    assertThat(entries).hasSize(2 * alone.size());
    assertThat(entries)
        .filteredOn(entry -> entry.details().get("major").equals("1"))
        .extracting(Audit.Entry::details)
        .isEqualTo(alone.stream().map(Audit.Entry::details).toList());
    assertThat(entries).extracting(Audit.Entry::id).doesNotHaveDuplicates();
  }

  private List<Audit.Entry> publishes() {
    return shop.governance().audit().subject(ORDERS).kinds("product").list().stream()
        .filter(entry -> !entry.action().equals(MeshEvent.Type.PRODUCT_DEFINED.text()))
        .toList();
  }

  @Test
  void aReceiptHasThoseOfTheOtherMajorVersions() {
    List<PublishReceipt> alone = shop.publishHistory(ORDERS).receipts();

    log.several = true;

    List<PublishReceipt> receipts = shop.publishHistory(ORDERS).receipts();
    assertThat(receipts).extracting(PublishReceipt::major).containsOnly(2);
    assertThat(receipts)
        .extracting(PublishReceipt::otherVersions)
        .isEqualTo(alone.stream().map(List::of).toList());
    assertThat(alone).extracting(PublishReceipt::otherVersions).containsOnly(List.of());
  }

  @Test
  void rowsMayBeDerivedFromASnapshotThatOnlyTheLogStillNames() {
    Snapshot first = shop.read(ORDERS).snapshots().get(4);
    clock.advance(Duration.ofDays(400));
    shop.publish(ORDERS).records(Order.range(40, 41)).commit();
    mesh.maintain().keepSnapshotsFor(Duration.ofDays(30)).commit();
    assertThat(shop.read(ORDERS).snapshots()).doesNotContain(first);
    log.several = true;

    shop.publish(ORDERS).records(Order.range(50, 51)).derivedFrom(first).commit();

    assertThat(shop.publishHistory(ORDERS).changes().get(0).derivedFrom()).hasSize(1);
  }
}
