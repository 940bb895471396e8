package io.meshwork.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.access.AccessClient;
import io.meshwork.access.AccessClient.AuthorizationSummary;
import io.meshwork.access.AccessClient.GrantSummary;
import io.meshwork.access.ExplainedAccess;
import io.meshwork.card.Health;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscription;
import io.meshwork.governance.Audit;
import io.meshwork.link.ResourceLink;
import io.meshwork.local.LocalMesh;
import io.meshwork.notice.Notice;
import io.meshwork.product.Principal;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.publish.StagedPublish;
import io.meshwork.request.AccessRequest;
import io.meshwork.request.Suggestion;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.rollout.Rollout;
import io.meshwork.rollout.Rollout.Track;
import io.meshwork.rollout.StewardRequest;
import io.meshwork.rollout.TermsAmendment;
import io.meshwork.testkit.OrdersRollout.OrderRow;
import io.meshwork.testkit.OrdersRollout.OrderWithBuyer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The current build opens folders of earlier builds. The program that wrote a folder is beside it,
 * such as {@code meshes/2026-11-29.java.txt}. The first one has logs without links between the
 * entries that change rows.
 */
class MeshesOfEarlierBuildsTest {
  private static final String ORDERS = "commerce/orders";
  private static final Principal ETL = Principal.of("commerce", "etl");
  private static final Principal DESK = Principal.of("finance", "desk");

  @TempDir private Path folder;
  private final List<Notice> notices = new ArrayList<>();

  private Mesh openRollouts() {
    return open("2026-11-29", Instant.parse("2026-11-07T13:00:00Z"));
  }

  private Mesh openDoors() {
    return open("2026-11-30", Instant.parse("2026-11-30T12:00:00Z"));
  }

  private Mesh open(String day, Instant now) {
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
    return LocalMesh.builder(folder)
        .clock(ManualClock.at(now))
        .notifier("list", notices::add)
        .open();
  }

  private static List<Map<String, Object>> rows(Rows<Map<String, Object>> rows) {
    try (rows) {
      return rows.stream().toList();
    }
  }

  private static List<Object> ids(List<Map<String, Object>> rows) {
    return rows.stream().map(row -> row.get("id")).toList();
  }

  private static void assertSound(Mesh mesh) {
    assertThat(mesh.doctorWithChecksums().problems()).isEmpty();
    assertThat(mesh.clientAs(ETL).governance().audit().verify()).isEmpty();
  }

  private static Subscription<Map<String, Object>> orders(Mesh mesh, String name, int major) {
    return mesh.clientAs(DESK)
        .subscribe(ORDERS)
        .name(name)
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
        rows(mesh.clientAs(DESK).read(ORDERS).majorVersion(major).columns("id").asMaps().rows()));
  }

  @Test
  void theNumberOfRowsThatWaitIsKnown() {
    try (Mesh mesh = openRollouts()) {
      assertThat(mesh.clientAs(ETL).health(ORDERS).rowsWaiting()).hasValue(0);
    }
  }

  @Test
  void aRolloutInParallelIsReadPolledAndVerified() {
    try (Mesh mesh = openRollouts()) {
      assertSound(mesh);
      MajorRollout rollout = mesh.clientAs(ETL).rollout(ORDERS);
      assertThat(rollout.state()).isEqualTo(Rollout.State.PARALLEL);
      assertThat(rollout.to()).isEqualTo(2);
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
      MajorRollout.Verification verification =
          rollout.verify(1, OrderRow.class, OrderWithBuyer::of).commit();
      assertThat(verification.isEqual()).as(verification.toString()).isTrue();
      assertThat(verification.newRows()).isEqualTo(5);
      assertThat(poll(orders(mesh, "revenue", 2))).containsExactly(4L, 5L);
      assertThat(poll(orders(mesh, "letters", 1))).containsExactly(1L, 2L, 3L);
      assertThat(poll(orders(mesh, "letters", 1))).containsExactly(4L, 5L);
    }
  }

  @Test
  void anAnnouncedAmendmentWaitsForItsConsumer() {
    try (Mesh mesh = openRollouts()) {
      TermsAmendment rollout = mesh.clientAs(ETL).termsAmendment("commerce/customers");

      assertThat(rollout.state()).isEqualTo(Rollout.State.ANNOUNCED);
      assertThat(rollout.tracks())
          .extracting(Track::consumer, Track::answer)
          .containsExactly(tuple("finance/copy", Track.Answer.OBJECTED));
    }
  }

  @Test
  void aRetiredVersionIsRestored() {
    try (Mesh mesh = openRollouts()) {
      MajorRollout rollout = mesh.clientAs(ETL).rollout("commerce/rates");
      assertThat(rollout.state()).isEqualTo(Rollout.State.RETIRED);

      MajorRollout restored = rollout.restore().because("A consumer was forgotten").commit();

      assertThat(restored.state()).isNotEqualTo(Rollout.State.RETIRED);
      assertSound(mesh);
    }
  }

  private static List<Object> idsReadBy(Mesh mesh, Principal who) {
    return ids(rows(mesh.clientAs(who).read(ORDERS).columns("id").asMaps().rows()));
  }

  @Test
  void grantsGiveTheColumnsAndRowsThatTheyGave() {
    try (Mesh mesh = openDoors()) {
      assertSound(mesh);
      AccessClient access = mesh.clientAs(ETL).access();
      assertThat(access.whoCanRead(ORDERS))
          .extracting(
              ExplainedAccess::who,
              ExplainedAccess::columns,
              each ->
                  each.rowFilters().stream().map(row -> row.replaceFirst(" by .*", "")).toList())
          .containsExactlyInAnyOrder(
              tuple(
                  "every role of account commerce",
                  List.of("id", "customer", "country", "amount"),
                  List.of()),
              tuple("audit/reader", List.of("id", "country", "amount"), List.of()),
              tuple("audit/other", List.of("id"), List.of("country = 'DE'")),
              tuple("platform/reader", List.of("id", "country", "amount"), List.of()),
              tuple("finance/desk", List.of("id", "country", "amount"), List.of("country = 'DE'")),
              tuple("hr/payroll", List.of("id"), List.of("amount > 15")),
              tuple("marketing/intern", List.of("id"), List.of()));
      assertThat(access.explain(Principal.of("hr", "trainee"), ORDERS).missing())
          .singleElement()
          .asString()
          .contains("access ended at 2026-11-30T08:00:00Z");
      assertThat(access.explain(Principal.of("marketing", "reader"), ORDERS).isAllowed()).isFalse();
      assertThat(idsReadBy(mesh, DESK)).containsExactlyInAnyOrder(1L, 4L, 7L, 10L, 14L);
      assertThat(idsReadBy(mesh, Principal.of("hr", "payroll")))
          .containsExactlyInAnyOrder(4L, 5L, 7L, 8L, 10L);
      assertThat(idsReadBy(mesh, Principal.of("marketing", "intern")))
          .containsExactlyInAnyOrder(1L, 4L, 5L, 7L, 8L, 10L, 14L);
    }
  }

  @Test
  void grantsTagsAndAuthorizationsHaveTheirTerms() {
    try (Mesh mesh = openDoors()) {
      MeshClient etl = mesh.clientAs(ETL);
      assertThat(etl.access().grants())
          .extracting(
              GrantSummary::on, GrantSummary::to, GrantSummary::until, GrantSummary::because)
          .contains(
              tuple(
                  ORDERS,
                  "finance/desk",
                  Optional.of(Instant.parse("2026-12-31T00:00:00Z")),
                  "Monthly revenue"),
              tuple(
                  "table of commerce where topic in (sales)",
                  "audit/reader",
                  Optional.empty(),
                  "The yearly audit"),
              tuple("all of commerce", "platform/steward", Optional.empty(), "Support"),
              tuple("commerce/stopped", "the mesh", Optional.empty(), "Everyone"));
      assertThat(etl.access().grants())
          .filteredOn(GrantSummary::grantOption)
          .singleElement()
          .satisfies(grant -> assertThat(grant.to()).isEqualTo("account marketing"));
      assertThat(etl.access().grants())
          .filteredOn(grant -> grant.authorization().isPresent())
          .singleElement()
          .satisfies(grant -> assertThat(grant.executedBy()).isEqualTo("platform/steward"));
      assertThat(etl.governance().tags("commerce"))
          .containsExactly(Map.entry("topic", List.of("people", "sales")));
      assertThat(etl.access().authorizations())
          .extracting(
              AuthorizationSummary::executors,
              AuthorizationSummary::consumers,
              AuthorizationSummary::columns,
              AuthorizationSummary::rows,
              AuthorizationSummary::delegating)
          .containsExactlyInAnyOrder(
              tuple(List.of("account finance"), List.of(), List.of(), Optional.empty(), true),
              tuple(
                  List.of("platform/steward"),
                  List.of("hr/payroll"),
                  List.of("id", "amount"),
                  Optional.of("amount > 15"),
                  false));
    }
  }

  @Test
  void requestsAndSuggestionsWaitOrHaveTheirAnswers() {
    try (Mesh mesh = openDoors()) {
      MeshClient etl = mesh.clientAs(ETL);
      assertThat(etl.requests().received())
          .extracting(
              each -> each.requester().toString(),
              AccessRequest::state,
              AccessRequest::columns,
              AccessRequest::rows,
              AccessRequest::question,
              AccessRequest::because)
          .containsExactlyInAnyOrder(
              tuple(
                  "hr/payroll",
                  AccessRequest.State.WAITING,
                  List.of("id", "country"),
                  Optional.of("country = 'SE'"),
                  Optional.empty(),
                  Optional.empty()),
              tuple(
                  "marketing/reader",
                  AccessRequest.State.ASKED_BACK,
                  List.of("id"),
                  Optional.empty(),
                  Optional.of("Which months?"),
                  Optional.empty()),
              answered("platform/other", AccessRequest.State.WITHDRAWN, Optional.empty()),
              answered("audit/other", AccessRequest.State.APPROVED, Optional.of("One audit")),
              answered("hr/trainee", AccessRequest.State.DENIED, Optional.of("No need")));
      assertThat(etl.suggestions().received())
          .extracting(Suggestion::text, Suggestion::state, Suggestion::because)
          .containsExactlyInAnyOrder(
              tuple("Refuse negative amounts", Suggestion.State.OPEN, Optional.empty()),
              tuple("Hourly", Suggestion.State.DECLINED, Optional.of("The source is daily")),
              tuple("Weekly", Suggestion.State.WITHDRAWN, Optional.empty()),
              tuple("Describe amounts", Suggestion.State.DELIVERED, Optional.of("Done")));
    }
  }

  private static Tuple answered(
      String requester, AccessRequest.State state, Optional<String> because) {
    return tuple(requester, state, List.of("id"), Optional.empty(), Optional.empty(), because);
  }

  @Test
  void consumersFindTheirPositionsAndLinks() {
    try (Mesh mesh = openDoors()) {
      MeshClient desk = mesh.clientAs(DESK);
      assertThat(desk.subscriptions(ORDERS))
          .extracting(
              Subscription.Summary::name,
              Subscription.Summary::purpose,
              Subscription.Summary::columns,
              Subscription.Summary::where,
              Subscription.Summary::contact)
          .containsExactlyInAnyOrder(
              tuple(
                  "closing",
                  "revenue",
                  List.of("id", "amount"),
                  Optional.empty(),
                  "books@example.org"),
              tuple(
                  "idle",
                  "audit",
                  List.of("id", "country", "amount"),
                  Optional.of("amount > 30"),
                  "idle@example.org"));
      assertThat(poll(desk.subscribe(ORDERS).name("closing").asMaps().commit()))
          .containsExactly(10L);
      assertThat(poll(desk.subscribe(ORDERS).name("idle").asMaps().commit())).isEmpty();
      assertThat(desk.links())
          .extracting(ResourceLink::name, ResourceLink::target, ResourceLink::following)
          .contains(tuple("shop", "commerce", true), tuple("sources.orders", ORDERS, true));
    }
  }

  @Test
  void rowsWaitInTheQuarantineAndInAStagedPublish() {
    try (Mesh mesh = openDoors()) {
      MeshClient etl = mesh.clientAs(ETL);
      assertThat(etl.waitingRows(ORDERS).rows())
          .singleElement()
          .satisfies(row -> assertThat(row.row()).contains("Ida"));
      Health health = etl.health(ORDERS);
      assertThat(health.status()).isEqualTo(Health.Status.QUARANTINING);
      assertThat(health.rows()).hasValue(7);
      assertThat(health.freshness().promised()).contains(Duration.ofDays(2));
      assertThat(health.lastRefused().orElseThrow().rules()).containsExactly("between.amount");
      assertThat(etl.<Object>feed("commerce/clicks", "clicks-0").open().lastSequence())
          .hasValue(18);
      StagedPublish staged = etl.stagedPublishes(ORDERS).get(0);
      assertThat(staged.idempotencyKey()).isEqualTo("staged");

      PublishReceipt promoted = staged.promote().commit();

      assertThat(promoted.rowsAccepted()).isEqualTo(1);
      assertThat(etl.health(ORDERS).rowsWaiting()).hasValue(2);
      assertSound(mesh);
    }
  }

  @Test
  void suspensionsRolloutsAndEndsAreAtTheirSteps() {
    try (Mesh mesh = openDoors()) {
      MeshClient etl = mesh.clientAs(ETL);
      Principal steward = Principal.of("platform", "steward");
      assertThat(etl.governance().stewards()).containsExactly(steward);
      assertThat(etl.describe("commerce/stopped").suspension()).isPresent();
      assertThat(etl.governance().pending("commerce/stopped"))
          .extracting(StewardRequest::kind, StewardRequest::because, StewardRequest::requestedBy)
          .containsExactly(tuple(StewardRequest.Kind.SUSPENSION, "Amounts lack taxes", ETL));
      assertThat(etl.rollouts())
          .extracting(each -> each.product().toString(), Rollout::state, Rollout::because)
          .containsExactlyInAnyOrder(
              tuple("commerce/ended", Rollout.State.ANNOUNCED, "Unused"),
              tuple(ORDERS, Rollout.State.PLANNED, "Buyers, not customers"),
              tuple("commerce/totals", Rollout.State.RETIRED, "Whole numbers"));
      assertThat(etl.rollout("commerce/totals").purgedAt())
          .contains(Instant.parse("2026-09-10T08:00:00Z"));
      assertThat(etl.rollout(ORDERS).renamedColumns())
          .containsExactly(Map.entry("customer", "buyer"));
    }
  }

  @Test
  void theAuditHasEachEventAndItsReason() {
    try (Mesh mesh = openDoors()) {
      Audit audit = mesh.clientAs(ETL).governance().audit();
      assertThat(audit.list().stream().map(Audit.Entry::action).distinct())
          .as("no kind is left out")
          .hasSize(55);
      assertThat(audit.kinds("subscription.ended", "grant.revoked").list())
          .extracting(Audit.Entry::who, Audit.Entry::subject, each -> each.details().get("reason"))
          .containsExactlyInAnyOrder(
              tuple("finance/desk", ORDERS, "The report ended"),
              tuple("commerce/etl", ORDERS, "Wrong recipient"));
      assertThat(audit.kinds("product.erasure-proved").list())
          .singleElement()
          .satisfies(entry -> assertThat(entry.details()).containsEntry("rowsErased", "1"));
    }
  }
}
