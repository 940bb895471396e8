package io.meshwork.internal.conformance.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.contract.Contract;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.testkit.ForwardingRegistry;
import io.meshwork.registry.Registry;
import io.meshwork.testkit.RecordingNotifier;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The health of the mesh says to an owner which notices of its domain were not delivered, and why.
 */
public abstract class NoticeHealthSuite extends MeshFixture {
  private static final Duration HOUR = Duration.ofHours(1);

  private final RecordingNotifier notices = new RecordingNotifier();
  private final AtomicLong calls = new AtomicLong();

  private final class CountedRegistry extends ForwardingRegistry {
    CountedRegistry(Registry real) {
      super(real);
    }

    @Override
    public Optional<Document> read(Key key) {
      calls.incrementAndGet();
      return super.read(key);
    }

    @Override
    public Page list(String partition, String sortPrefix, @Nullable String cursor) {
      calls.incrementAndGet();
      return super.list(partition, sortPrefix, cursor);
    }
  }

  /** Delivers the notices of a product with a subscription, so that nothing waits. */
  private void delivered() {
    reopen(
        builder -> builder.notifier("test", notices).testing().wrapRegistry(CountedRegistry::new));
    clock.advance(HOUR);
    defineOrders();
    registerFinance();
    as("finance").subscribe(ORDERS).name("tax").purpose("Tax").contact("t@x").commit();
    publishOneByOne(0, 2);
    mesh.deliverNotices();
    clock.advance(HOUR);
    assertThat(findings()).isEmpty();
  }

  private void publishTwice() {
    publishOneByOne(2, 3);
    clock.advance(Duration.ofSeconds(1));
    publishOneByOne(3, 4);
  }

  private List<Finding> findings() {
    return shop().health().findings();
  }

  @Test
  void anOwnerSeesHowManyChangesWaitAndSinceWhen() {
    delivered();
    Instant first = clock.instant();
    publishTwice();
    clock.advance(Duration.ofMinutes(30));
    publishOneByOne(4, 5);

    assertThat(findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.code()).isEqualTo(FindingCode.NOTICE_WAITING);
              assertThat(finding.severity()).isEqualTo(Severity.NOTE);
              assertThat(finding.where()).isEqualTo("notifier test");
              assertThat(finding.count()).isEqualTo(3);
              assertThat(Instant.parse(finding.samples().get(0)))
                  .isBetween(first, first.plusSeconds(60));
              assertThat(finding.fix()).contains("mesh deliver --name test");
            });
    clock.advance(HOUR);
    assertThat(findings()).extracting(Finding::severity).containsExactly(Severity.WARNING);
    assertThat(shop().overview().health().findings()).hasSize(1);
    mesh.deliverNotices();
    assertThat(findings()).isEmpty();
  }

  @Test
  void changesOfTheDomainItselfWaitToo() {
    delivered();
    shop().governance().defineTag("area", "sales").commit();
    shop().governance().defineTag("tier", "gold").commit();

    assertThat(findings())
        .singleElement()
        .satisfies(finding -> assertThat(finding.count()).isEqualTo(2));
  }

  @Test
  void othersDoNotSeeThem() {
    delivered();
    publishTwice();

    assertThat(as("finance").health().findings()).isEmpty();
    assertThat(as("stranger").health().findings()).isEmpty();
    assertThat(findings()).hasSize(1);
  }

  @Test
  void whatFailsAndWhatIsParkedIsReportedOnceForEachNotifier() {
    delivered();
    shop().defineProduct("commerce/other").contract(Contract.of(Order.class)).commit();
    notices.before(
        notice -> {
          throw notice.product().product().equals("other")
              ? new IllegalStateException(CANARY)
              : Failure.of(MeshAction.of(Verb.DELIVER, notice.id()))
                  .because("the receiver wants no more")
                  .lasting(ErrorCode.BACKEND_FAILED);
        });
    publishTwice();

    mesh.deliverNotices();

    assertThat(findings())
        .extracting(Finding::code)
        .containsExactly(FindingCode.NOTICE_FAILING, FindingCode.NOTICE_PARKED);
    assertThat(findings()).noneMatch(finding -> finding.what().contains(CANARY));
    Finding parked = findings().get(1);
    assertThat(parked.count()).isEqualTo(2);
    assertThat(parked.what()).contains("BACKEND_FAILED").contains("since ");
    assertThat(parked.fix()).contains("mesh deliver --parked --name test");
    notices.before(notice -> {});
    mesh.retryParkedNotices();
    clock.advance(HOUR);
    mesh.deliverNotices();
    assertThat(findings()).isEmpty();
  }

  @Test
  void whatWaitsBehindAFailingNoticeIsPartOfItsFinding() {
    delivered();
    Instant first = clock.instant();
    notices.before(
        notice -> {
          throw new IllegalStateException(CANARY);
        });
    publishTwice();
    mesh.deliverNotices();
    clock.advance(Duration.ofSeconds(1));
    publishOneByOne(4, 5);

    assertThat(findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.code()).isEqualTo(FindingCode.NOTICE_FAILING);
              assertThat(finding.severity()).isEqualTo(Severity.NOTE);
              assertThat(finding.count()).isEqualTo(3);
              assertThat(finding.what()).contains("3 changes wait");
              assertThat(finding.what().split("Since ", 2)[1])
                  .isBetween(first.toString(), first.plusSeconds(60).toString());
            });

    clock.advance(HOUR);
    assertThat(findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.severity()).isEqualTo(Severity.WARNING);
              assertThat(finding.fix()).contains("mesh deliver --name test");
            });
    shop().governance().defineTag("area", "sales").commit();
    assertThat(findings())
        .as("another log waits for the next delivery alone")
        .extracting(Finding::code, Finding::count)
        .containsExactly(
            tuple(FindingCode.NOTICE_WAITING, 1L), tuple(FindingCode.NOTICE_FAILING, 3L));
    notices.before(notice -> {});
    mesh.deliverNotices();
    assertThat(findings()).isEmpty();
  }

  private void publishProducts(int from, int to) {
    for (int i = from; i < to; i++) {
      String product = "commerce/p" + i;
      shop().defineProduct(product).contract(Contract.of(Order.class)).commit();
      shop().publish(product).records(Order.range(0, 1)).commit();
    }
  }

  /** Returns the calls of the registry for a question about the health of the mesh. */
  private long callsFor(int waiting) {
    calls.set(0);
    assertThat(findings().get(0).count()).as("publishes, and definitions").isEqualTo(waiting);
    return calls.get();
  }

  @Test
  void theNumberOfCallsDoesNotGrowWithTheProducts() {
    delivered();
    publishProducts(0, 2);
    long small = callsFor(4);
    publishProducts(2, 9);

    assertThat(callsFor(18)).isEqualTo(small).isLessThan(20);
  }
}
