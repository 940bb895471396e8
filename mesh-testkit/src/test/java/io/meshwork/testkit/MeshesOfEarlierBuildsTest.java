package io.meshwork.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.Mesh;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscription;
import io.meshwork.local.LocalMesh;
import io.meshwork.notice.Notice;
import io.meshwork.product.Principal;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.rollout.Rollout;
import io.meshwork.rollout.Rollout.Track;
import io.meshwork.rollout.TermsAmendment;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The current build opens folders of earlier builds. The program that wrote a folder is beside it,
 * such as {@code meshes/2026-11-29.java.txt}.
 */
class MeshesOfEarlierBuildsTest {
  private static final String ORDERS = "commerce/orders";
  private static final Principal ETL = Principal.of("commerce", "etl");
  private static final Principal DESK = Principal.of("finance", "desk");

  @TempDir private Path folder;
  private final ManualClock clock = ManualClock.at(Instant.parse("2026-11-07T13:00:00Z"));
  private final List<Notice> notices = new ArrayList<>();

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
    return LocalMesh.builder(folder).clock(clock).notifier("list", notices::add).open();
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

  private record Order(long id, String customer) {}

  private record OrderWithBuyer(long id, String buyer) {
    static OrderWithBuyer of(Order order) {
      return new OrderWithBuyer(order.id(), order.customer());
    }
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
    try (Mesh mesh = open("2026-11-29")) {
      assertThat(mesh.clientAs(ETL).health(ORDERS).rowsWaiting()).hasValue(0);
    }
  }

  @Test
  void aRolloutInParallelIsReadPolledAndVerified() {
    try (Mesh mesh = open("2026-11-29")) {
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
          rollout.verify(1, Order.class, OrderWithBuyer::of).commit();
      assertThat(verification.isEqual()).as(verification.toString()).isTrue();
      assertThat(verification.newRows()).isEqualTo(5);
      assertThat(poll(orders(mesh, "revenue", 2))).containsExactly(4L, 5L);
      assertThat(poll(orders(mesh, "letters", 1))).containsExactly(1L, 2L, 3L);
      assertThat(poll(orders(mesh, "letters", 1))).containsExactly(4L, 5L);
    }
  }

  @Test
  void anAnnouncedAmendmentWaitsForItsConsumer() {
    try (Mesh mesh = open("2026-11-29")) {
      TermsAmendment rollout = mesh.clientAs(ETL).termsAmendment("commerce/customers");

      assertThat(rollout.state()).isEqualTo(Rollout.State.ANNOUNCED);
      assertThat(rollout.tracks())
          .extracting(Track::consumer, Track::answer)
          .containsExactly(tuple("finance/copy", Track.Answer.OBJECTED));
    }
  }

  @Test
  void aRetiredVersionIsRestored() {
    try (Mesh mesh = open("2026-11-29")) {
      MajorRollout rollout = mesh.clientAs(ETL).rollout("commerce/rates");
      assertThat(rollout.state()).isEqualTo(Rollout.State.RETIRED);

      MajorRollout restored = rollout.restore().because("A consumer was forgotten").commit();

      assertThat(restored.state()).isNotEqualTo(Rollout.State.RETIRED);
      assertSound(mesh);
    }
  }
}
