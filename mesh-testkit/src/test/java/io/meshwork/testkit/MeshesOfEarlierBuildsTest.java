package io.meshwork.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.access.GrantSummary;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscription;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.event.EventDetails;
import io.meshwork.link.ResourceLink;
import io.meshwork.local.LocalMesh;
import io.meshwork.notice.Notice;
import io.meshwork.product.Principal;
import io.meshwork.publish.PublishHistory.RowChange;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.request.AccessRequest;
import io.meshwork.rollout.Rollout;
import io.meshwork.rollout.Track;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The current build opens folders of earlier builds. The program that wrote a folder is beside it,
 * such as {@code meshes/2026-11-20.java.txt}.
 */
class MeshesOfEarlierBuildsTest {
  private static final String ORDERS = "commerce/orders";
  private static final String CUSTOMERS = "commerce/customers";
  private static final Principal ETL = Principal.of("commerce", "etl");
  private static final Principal DESK = Principal.of("finance", "desk");
  private static final Principal ANALYST = Principal.of("finance", "analyst");
  private static final Principal INTERN = Principal.of("finance", "intern");
  private static final Principal STEWARD = Principal.of("central", "steward");
  private static final List<String> IDS =
      List.of("o-2", "o-4", "o-6", "o-7", "o-9", "o-1", "o-5", "o-11", "o-12", "o-13");

  @TempDir private Path folder;
  private final ManualClock clock = ManualClock.at(Instant.parse("2026-11-07T13:00:00Z"));
  private final List<Notice> notices = new ArrayList<>();

  private Mesh open() {
    return open("2026-11-20");
  }

  private Mesh open(String day) {
    try (InputStream in =
            Objects.requireNonNull(getClass().getResourceAsStream("/meshes/" + day + ".zip"));
        ZipInputStream zip = new ZipInputStream(in)) {
      for (ZipEntry each = zip.getNextEntry(); each != null; each = zip.getNextEntry()) {
        Path file = folder.resolve(each.getName());
        Files.createDirectories(file.getParent());
        Files.copy(zip, file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return LocalMesh.in(folder).clock(clock).notifier("list", notices::add).open();
  }

  private static List<Map<String, Object>> rows(Rows<Map<String, Object>> rows) {
    try (rows) {
      return rows.stream().toList();
    }
  }

  private static List<Map<String, Object>> read(Mesh mesh, Principal who) {
    return rows(mesh.actingAs(who).read(ORDERS).asMaps().read());
  }

  private static List<Object> ids(List<Map<String, Object>> rows) {
    return rows.stream().map(row -> row.get("id")).toList();
  }

  private static Map<String, Object> order(int n, String country) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("id", "o-" + n);
    row.put("country", country);
    row.put("amount", 10.0 * n);
    row.put("mail", "c" + n + "@example.org");
    row.put("customer", Map.of("name", "Customer " + n, "city", "City " + n % 3));
    row.put(
        "lines",
        List.of(Map.of("sku", "s-" + n, "quantity", n), Map.of("sku", "t", "quantity", 1)));
    row.put("placed", Instant.parse("2026-11-01T00:00:00Z").plusSeconds(n));
    row.put("note", "n" + n);
    return row;
  }

  private static Subscription<Map<String, Object>> copy(Mesh mesh) {
    return mesh.actingAs(DESK).subscribe(ORDERS).named("copy").purpose("A copy").asMaps().commit();
  }

  private static void assertSound(Mesh mesh) {
    assertThat(mesh.doctorWithChecksums().problems()).isEmpty();
    assertThat(mesh.actingAs(ETL).governance().audit().verify()).isEmpty();
  }

  @Test
  void everyRoleReadsItsGrantedRows() {
    try (Mesh mesh = open()) {
      assertSound(mesh);
      List<Map<String, Object>> all = read(mesh, ETL);
      assertThat(ids(all)).containsExactlyElementsOf(IDS);
      Map<String, Object> first = order(2, "SE");
      first.put("note", null);
      assertThat(all.get(0)).isEqualTo(first);
      assertThat(all.get(9)).isEqualTo(order(13, "SE"));

      assertThat(ids(read(mesh, DESK))).containsExactlyElementsOf(IDS);
      assertThat(read(mesh, DESK).get(9)).doesNotContainKey("mail").containsKey("note");
      assertThat(read(mesh, ANALYST).get(9))
          .isEqualTo(
              Map.of("id", "o-13", "amount", 130.0, "mail", "c13@example.org", "note", "n13"));
      List<Map<String, Object>> swedish = read(mesh, Principal.of("finance", "auditor"));
      assertThat(ids(swedish)).containsExactly("o-2", "o-4", "o-6", "o-7", "o-11", "o-13");
      assertThat(swedish.get(0)).doesNotContainKey("mail");
      assertThat(read(mesh, INTERN).get(9)).isEqualTo(Map.of("id", "o-13", "country", "SE"));
      assertThat(read(mesh, Principal.of("finance", "notes")).get(9))
          .isEqualTo(Map.of("id", "o-13", "note", "n13"));
      assertThatThrownBy(() -> read(mesh, Principal.of("finance", "stranger")))
          .isInstanceOf(AccessDeniedException.class);
      clock.advance(Duration.ofDays(5));
      assertThat(read(mesh, INTERN).get(9)).isEqualTo(Map.of("country", "SE"));
    }
  }

  @Test
  void everyTypeIsReadUnchanged() {
    try (Mesh mesh = open()) {
      List<Map<String, Object>> rates =
          rows(mesh.actingAs(INTERN).read("commerce/rates").asMaps().read());
      Map<String, Object> first = new LinkedHashMap<>();
      first.put("currency", "SEK");
      first.put("rate", new BigDecimal("1.2341"));
      first.put("day", LocalDate.parse("2026-11-01"));
      first.put("fixed_at", LocalTime.of(12, 1));
      first.put("key", new UUID(7, 1));
      first.put("firm", true);
      first.put("ticks", null);
      first.put("spread", 0.5f);
      first.put("raw", ByteBuffer.wrap(new byte[] {1, -1}));
      first.put("facts", Map.of("source", "bank 1"));
      assertThat(rates).hasSize(2).first().isEqualTo(first);
      assertThat(rates.get(1)).containsEntry("ticks", 1L << 40);
      assertThat(
              rows(
                  mesh.actingAs(INTERN)
                      .read("commerce/rates")
                      .where("day = DATE '2026-12-01'")
                      .asMaps()
                      .read()))
          .containsExactly(rates.get(1));
    }
  }

  @Test
  void grantsRequestsAndLinksAreKept() {
    try (Mesh mesh = open()) {
      MeshClient etl = mesh.actingAs(ETL);
      assertThat(etl.access().grants()).hasSize(9);
      assertThat(etl.requests().received())
          .extracting(AccessRequest::product, AccessRequest::requester, AccessRequest::state)
          .extracting(Object::toString)
          .containsExactlyInAnyOrder(
              tuple(CUSTOMERS, INTERN, AccessRequest.State.WAITING).toString(),
              tuple(ORDERS, INTERN, AccessRequest.State.WAITING).toString(),
              tuple(ORDERS, ANALYST, AccessRequest.State.APPROVED).toString());
      GrantSummary again =
          mesh.actingAs(STEWARD)
              .grant(ORDERS)
              .columns("id", "note")
              .to(Principal.of("finance", "notes"))
              .because("Notes")
              .commit()
              .get(0);
      assertThat(etl.access().grants()).hasSize(9).contains(again);
      AccessRequest open =
          etl.requests().received().stream()
              .filter(request -> request.product().toString().equals(ORDERS))
              .filter(request -> request.state() == AccessRequest.State.WAITING)
              .findFirst()
              .orElseThrow();
      assertThat(etl.requests().approve(open).commit().state())
          .isEqualTo(AccessRequest.State.APPROVED);
      assertThat(read(mesh, INTERN).get(9)).containsEntry("note", "n13");

      assertThat(mesh.actingAs(DESK).links().list())
          .singleElement()
          .satisfies(link -> assertThat(link.state()).isEqualTo(ResourceLink.State.VALID));
      assertThat(ids(rows(mesh.actingAs(DESK).read("finance_db.orders").asMaps().read())))
          .containsExactlyElementsOf(IDS);
      etl.access()
          .revoke(etl.access().grants().stream().map(GrantSummary::id).toArray(String[]::new))
          .because("All over")
          .commit();
      assertThatThrownBy(() -> read(mesh, ANALYST)).isInstanceOf(AccessDeniedException.class);
      assertSound(mesh);
    }
  }

  /** Domains of that build have no deciders; the role that registered them decides. */
  @Test
  void separationOfDutiesAppliesToCurrentDeciders() {
    try (Mesh mesh = open()) {
      MeshClient etl = mesh.actingAs(ETL);
      AccessRequest half =
          etl.requests().received().stream()
              .filter(request -> request.product().toString().equals(CUSTOMERS))
              .findFirst()
              .orElseThrow();
      assertThat(half.approvalsMissing()).isEqualTo(2);
      Principal lead = Principal.of("commerce", "lead");
      assertThatThrownBy(() -> mesh.actingAs(lead).requests().approve(half.id()).commit())
          .isInstanceOf(AccessDeniedException.class);
      etl.registerDomain("commerce").deciders(ETL, lead).commit();
      AccessRequest counted =
          etl.requests().received().stream()
              .filter(r -> r.id().equals(half.id()))
              .findFirst()
              .orElseThrow();
      assertThat(counted.approvedBy()).containsExactly(lead);
      assertThat(etl.requests().approve(half.id()).commit().state())
          .isEqualTo(AccessRequest.State.APPROVED);
      assertThat(mesh.actingAs(INTERN).explainAccess(INTERN, CUSTOMERS).columns())
          .containsExactly("id");
      assertSound(mesh);
    }
  }

  @Test
  void earlierKeysAreReplayedAndNewPublishesSucceed() {
    try (Mesh mesh = open()) {
      MeshClient etl = mesh.actingAs(ETL);
      List<RowChange> history = etl.history(ORDERS).changes();
      assertThat(history).hasSize(9);
      PublishReceipt again =
          etl.publish(ORDERS)
              .records(List.of(order(11, "SE"), order(12, "NO")))
              .idempotencyKey("load-3")
              .commit();
      assertThat(again.replayed()).isTrue();
      assertThat(again.snapshotId()).contains(history.get(1).snapshotId());
      assertThat(etl.history(ORDERS).receipts()).hasSize(9);
      assertThat(rows(etl.quarantine(ORDERS).asMaps().read()))
          .singleElement()
          .satisfies(row -> assertThat(row).containsEntry("rules", "between.amount"));

      etl.amendContract(ORDERS)
          .change(current -> current.describedAs("What was ordered, of all countries"))
          .commit();
      etl.publish(ORDERS).records(List.of(order(9, "DK"))).replacingPartitions().commit();
      etl.publish(ORDERS).records(List.of(order(5, "NO"))).replacingWhere("id = 'o-5'").commit();
      PublishReceipt erased = etl.publish(ORDERS).erasingWhere("id = 'o-2'", "asked to").commit();
      assertThat(erased.rowsRemoved()).isEqualTo(1);
      etl.publish(ORDERS).records(List.of(order(21, "FI"))).replacingAll().commit();
      etl.rollBack(ORDERS).to(erased.snapshotId().orElseThrow()).because("all was wrong").commit();

      assertThat(ids(read(mesh, ETL)))
          .containsExactlyInAnyOrder(
              "o-4", "o-6", "o-7", "o-9", "o-1", "o-11", "o-12", "o-13", "o-5");
      assertThat(etl.events(ORDERS).list())
          .filteredOn(event -> event.details() instanceof EventDetails.UnknownDetails)
          .isEmpty();
      assertSound(mesh);
    }
  }

  private record Order(long id, String customer) {}

  private record OrderWithBuyer(long id, String buyer) {
    static OrderWithBuyer of(Order order) {
      return new OrderWithBuyer(order.id(), order.customer());
    }
  }

  private static Subscription<Map<String, Object>> orders(Mesh mesh, String name, int major) {
    return mesh.actingAs(DESK)
        .subscribe(ORDERS)
        .named(name)
        .purpose("Reports")
        .majorVersion(major)
        .columns("id")
        .asMaps()
        .commit();
  }

  private static List<Object> poll(Subscription<Map<String, Object>> subscription) {
    try (Batch<Map<String, Object>> batch = subscription.poll()) {
      List<Object> ids = ids(batch.stream().toList());
      batch.ack();
      return ids;
    }
  }

  private static List<Object> ids(Mesh mesh, int major) {
    return ids(
        rows(mesh.actingAs(DESK).read(ORDERS).majorVersion(major).columns("id").asMaps().read()));
  }

  @Test
  void aRolloutInParallelIsReadPolledAndVerified() {
    try (Mesh mesh = open("2026-11-21")) {
      assertSound(mesh);
      Rollout rollout = mesh.actingAs(ETL).rollout(ORDERS);
      assertThat(rollout.state()).isEqualTo(Rollout.State.PARALLEL);
      assertThat(rollout.kind()).isEqualTo(Rollout.Kind.NEW_MAJOR_VERSION);
      assertThat(rollout.version()).hasToString("2.0.0");
      assertThat(rollout.because()).isEqualTo("Buyers, not customers");
      assertThat(rollout.retireAfter()).isEqualTo("2026-12-03");
      assertThat(rollout.noticeEnds()).contains(LocalDate.parse("2026-12-03"));
      assertThat(rollout.cutOver()).contains(Instant.parse("2026-11-03T08:00:00Z"));
      assertThat(rollout.tracks())
          .extracting(Track::consumer, Track::state, Track::answer)
          .containsExactlyInAnyOrder(
              tuple("finance/letters", Track.State.WAITING, Track.Answer.COUNTERED),
              tuple("finance/revenue", Track.State.MIGRATING, Track.Answer.AGREED),
              tuple("marketing/@", Track.State.WAITING, Track.Answer.NONE));

      assertThat(ids(mesh, 1)).containsExactlyInAnyOrder(1L, 2L, 3L, 4L, 5L);
      assertThat(ids(mesh, 2)).containsExactlyInAnyOrder(1L, 2L, 3L, 4L, 5L);
      Rollout.Verification verification =
          rollout.verify(1, Order.class, OrderWithBuyer::of).commit();
      assertThat(verification.isLevel()).as(verification.toString()).isTrue();
      assertThat(verification.newRows()).isEqualTo(5);
      assertThat(poll(orders(mesh, "revenue", 2))).containsExactly(4L, 5L);
      assertThat(poll(orders(mesh, "letters", 1))).containsExactly(1L, 2L, 3L);
      assertThat(poll(orders(mesh, "letters", 1))).containsExactly(4L, 5L);
    }
  }
}
