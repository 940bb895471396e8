package io.meshwork.internal.conformance.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.internal.conformance.fixture.RolloutFixture;
import io.meshwork.notice.Notice;
import io.meshwork.notice.Notice.Kind;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.rollout.Rollout.Track;
import io.meshwork.testkit.RecordingNotifier;
import java.time.LocalDate;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** A planned rollout and its consumers, for the suites of announcements and tracks. */
public abstract class TrackFixture extends RolloutFixture {
  public static final LocalDate EARLIEST = LocalDate.parse("2026-12-20");
  final RecordingNotifier notices = new RecordingNotifier();

  /** A rollout of which two consumers of finance and one of sales are to be notified. */
  MajorRollout planned() {
    reopen(builder -> builder.notifier("test", notices));
    MeshClient shop = shopWithRows();
    MeshClient finance = registerFinance();
    readAll(subscribe(finance, "customers", Customers.class));
    readAll(subscribe(finance, "ids", Ids.class));
    registerSales();
    all(sales().read(ORDERS).as(Customers.class));
    return rollOut(shop).withoutHistory().commit();
  }

  void registerSales() {
    sales().registerDomain("sales").owner("sales@example.org").commit();
  }

  MeshClient sales() {
    return as("sales");
  }

  MeshClient finance() {
    return as("finance");
  }

  Track.Move track(MeshClient client, String consumer) {
    return client.rollout(ORDERS).track(consumer);
  }

  List<Notice> notified(Kind kind) {
    mesh.deliverNotices();
    List<Notice> sent = notices.once().stream().filter(each -> each.kind() == kind).toList();
    notices.clear();
    return sent;
  }

  static void assertConflict(ThrowingCallable call, String... words) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ConflictException.class,
            refused -> assertThat(refused.errorCode()).isEqualTo(ErrorCode.STATE_CONFLICT))
        .hasMessageContainingAll(words);
  }

  static Notice notice(List<Notice> sent, String consumer) {
    return sent.stream()
        .filter(notice -> consumer.equals(notice.facts().get("consumer")))
        .findFirst()
        .orElseThrow();
  }
}
