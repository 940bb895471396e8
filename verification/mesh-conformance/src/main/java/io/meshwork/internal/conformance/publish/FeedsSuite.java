package io.meshwork.internal.conformance.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Rule;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ContractViolationException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.NotFoundException;
import io.meshwork.error.OutcomeUnknownException;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.conformance.fixture.OrderInCents;
import io.meshwork.internal.conformance.fixture.ScriptedRegistry;
import io.meshwork.publish.Feed;
import io.meshwork.publish.Publish;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.rollout.MajorRollout;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Feeds publish each row of an endless source exactly once, in transactions. */
public abstract class FeedsSuite extends MeshFixture {
  private static final String NAME = "orders-0";

  private Feed.Open<Order> toFeed() {
    return shop().feed(ORDERS, NAME);
  }

  /** Offers orders, with their IDs as sequences; returns how many were taken. */
  private static int offer(Feed<Order> feed, long from, long to) {
    int count = 0;
    for (Order order : Order.range(from, to)) {
      count += feed.accept(order.id(), order) ? 1 : 0;
    }
    return count;
  }

  @Test
  void aTransactionHasSoManyRowsAndTheNextOneContinuesAfterIt() {
    MeshClient shop = defineOrders();
    try (Feed<Order> feed = toFeed().rowsPerCommit(3).open()) {
      assertThat(feed.lastSequence()).isEmpty();
      assertThat(feed.commit()).as("nothing to commit").isEmpty();

      assertThat(offer(feed, 1, 8)).isEqualTo(7);

      assertThat(feed.lastSequence()).hasValue(6);
      assertThat(feed.waitingRows()).isEqualTo(1);
      assertThat(orders()).isEqualTo(Order.range(1, 7));
    }
    try (Feed<Order> feed = toFeed().open()) {
      assertThat(feed.lastSequence()).as("the last row was discarded").hasValue(6);
      assertThat(offer(feed, 5, 10)).as("two of them were published").isEqualTo(3);
      PublishReceipt receipt = feed.commit().orElseThrow();
      assertThat(receipt.rowsAccepted()).isEqualTo(3);
      assertThat(feed.lastSequence()).hasValue(9);
      assertThat(feed.accept(9, Order.of(9))).isFalse();
    }
    assertThat(orders()).isEqualTo(Order.range(1, 10));
    assertThat(shop.publishHistory(ORDERS).changes()).hasSize(3);
    mesh.maintain().compactAtLeast(2).commit();
    assertThat(shop.read(ORDERS).files()).as("small files are combined").hasSize(1);
    assertWhole();
  }

  @Test
  void timeAndBytesEndATransactionToo() {
    defineOrders();
    try (Feed<Order> feed =
        toFeed()
            .timePerCommit(Duration.ofSeconds(30))
            .bytesPerCommit(100, order -> order.id() == 5 ? 100 : 1)
            .open()) {
      offer(feed, 1, 3);
      clock.advance(Duration.ofSeconds(29));
      assertThat(feed.commitIfDue()).isEmpty();
      clock.advance(Duration.ofSeconds(1));
      assertThat(feed.commitIfDue()).isPresent();
      assertThat(feed.commitIfDue()).isEmpty();
      assertThat(feed.lastSequence()).hasValue(2);

      offer(feed, 3, 5);
      assertThat(feed.lastSequence()).hasValue(2);
      offer(feed, 5, 6);
      assertThat(feed.lastSequence()).hasValue(5);
    }
    assertThat(orders()).isEqualTo(Order.range(1, 6));
  }

  @Test
  void allRowsOfAPositionAreInOneTransaction() {
    defineOrders();
    try (Feed<Order> feed = toFeed().rowsPerCommit(2).open()) {
      feed.acceptAll(10, Order.range(1, 4));
      assertThat(feed.lastSequence()).hasValue(10);
      feed.acceptAll(11, List.of());
      feed.acceptAll(12, List.of());
      assertThat(feed.waitingRows()).isZero();
      assertThat(feed.commit()).as("a position without rows").isPresent();
      assertThat(feed.lastSequence()).hasValue(12);
    }
    assertThat(toFeed().open().lastSequence()).hasValue(12);
    assertThat(orders()).isEqualTo(Order.range(1, 4));
  }

  @Test
  void theFirstOfTwoWritersThatCommitsContinuesTheFeed() {
    defineOrders();
    Feed<Order> first = toFeed().open();
    Feed<Order> second = toFeed().open();
    offer(first, 1, 5);
    offer(second, 1, 3);
    second.commit();

    assertThatThrownBy(first::commit)
        .isInstanceOfSatisfying(
            ConflictException.class,
            e -> {
              assertThat(e.errorCode()).isEqualTo(ErrorCode.FEED_TAKEN_OVER);
              assertThat(e.retryable()).isFalse();
            })
        .hasMessageContainingAll(NAME, "sequence 2", "no sequence", "Nothing was published");
    assertThatThrownBy(() -> offer(first, 5, 6))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("the feed is closed");
    try (Feed<Order> again = toFeed().open()) {
      assertThat(again.lastSequence()).hasValue(2);
      offer(again, 1, 5);
      again.commit();
    }
    offer(second, 3, 4);
    assertThatThrownBy(second::commit).isInstanceOf(ConflictException.class);
    assertThat(orders()).isEqualTo(Order.range(1, 5));
    assertWhole();
  }

  @Test
  void anUnknownOutcomeIsSettledByTheNextCommit() {
    defineOrders();
    try (Feed<Order> feed = toFeed().rowsPerCommit(2).open()) {
      registry.next(ScriptedRegistry.Fault.REPLY_LOST);
      registry.resolving(false);
      assertThatThrownBy(() -> offer(feed, 1, 3))
          .isInstanceOf(OutcomeUnknownException.class)
          .hasMessageContainingAll(ORDERS, "Call commit() again", "open it again")
          .message()
          .doesNotContain("with the key");
      registry.resolving(true);
      assertThat(feed.lastSequence()).isEmpty();

      assertThat(offer(feed, 1, 4)).as("only the third one is new").isEqualTo(1);
      assertThat(feed.lastSequence()).hasValue(2);
      PublishReceipt last = feed.commit().orElseThrow();
      assertThat(last.replayed()).isFalse();
    }
    assertThat(orders()).isEqualTo(Order.range(1, 4));
    assertWhole();
  }

  @Test
  void rowsThatTheContractRejectsWaitOrAreSkipped() {
    defineOrders(
        Contract.of(Order.class)
            .require(Rule.atLeast("id", 10))
            .onViolation(OnViolation.QUARANTINE)
            .maxQuarantineShare(50));
    try (Feed<Order> feed = toFeed().timePerCommit(Duration.ofSeconds(30)).open()) {
      offer(feed, 8, 10);
      assertThatThrownBy(feed::commit).isInstanceOf(ContractViolationException.class);
      assertThat(feed.waitingRows()).isEqualTo(2);
      offer(feed, 10, 12);
      clock.advance(Duration.ofSeconds(30));
      PublishReceipt receipt = feed.commitIfDue().orElseThrow();
      assertThat(receipt.rowsAccepted()).isEqualTo(2);
      assertThat(receipt.quality().rowsQuarantined()).isEqualTo(2);

      feed.accept(12, Order.of(1));
      assertThatThrownBy(feed::commit).isInstanceOf(ContractViolationException.class);
      assertThat(feed.skip()).isPresent();
      assertThat(feed.skip()).isEmpty();
      assertThat(feed.lastSequence()).hasValue(12);
      offer(feed, 13, 14);
      feed.commit();
    }
    assertThat(orders()).extracting(Order::id).containsExactly(10L, 11L, 13L);
  }

  @Test
  void rowsThatAreNotAllTakenAreTakenOnceWhenTheyAreOfferedAgain() {
    defineOrders();
    List<Order> failing = new ArrayList<>(Order.range(3, 4));
    try (Feed<Order> feed =
        toFeed()
            .bytesPerCommit(
                1_000,
                order -> {
                  if (failing.remove(order)) {
                    throw new IllegalStateException("no size");
                  }
                  return 1;
                })
            .open()) {
      assertThatThrownBy(() -> feed.acceptAll(4, Order.range(1, 5)))
          .isInstanceOf(IllegalStateException.class);
      assertThat(feed.waitingRows()).isZero();
      assertRefused(
          ErrorCode.INVALID_ARGUMENT,
          () -> feed.acceptAll(4, Arrays.asList(Order.of(1), null)),
          "row");
      assertThat(feed.waitingRows()).isZero();
      assertThat(feed.acceptAll(4, Order.range(1, 5))).isTrue();
      feed.commit();
    }
    assertThat(orders()).isEqualTo(Order.range(1, 5));
  }

  /** Opens the feed with options that fail while the flag is true. */
  private Feed<Order> openFeed(AtomicBoolean failing) {
    return toFeed()
        .publishOptions(
            publish -> {
              if (failing.get()) {
                throw new IllegalStateException("no options");
              }
              return publish;
            })
        .open();
  }

  @Test
  void rowsWhosePublishFailsAreSkippedOrPublishedWithThoseThatCameSince() {
    defineOrders();
    AtomicBoolean failing = new AtomicBoolean(true);
    try (Feed<Order> feed = openFeed(failing)) {
      offer(feed, 1, 3);
      assertThatThrownBy(feed::commit).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(feed::skip).isInstanceOf(IllegalStateException.class);
      assertThat(feed.waitingRows()).isEqualTo(2);
      failing.set(false);
      assertThat(feed.skip().orElseThrow().rowsAccepted()).isZero();
      assertThat(feed.lastSequence()).hasValue(2);

      offer(feed, 3, 5);
      failing.set(true);
      assertThatThrownBy(feed::commit).isInstanceOf(IllegalStateException.class);
      assertThat(offer(feed, 4, 6)).isEqualTo(1);
      failing.set(false);
      assertThat(feed.commit().orElseThrow().rowsAccepted()).isEqualTo(3);
      assertThat(feed.lastSequence()).hasValue(5);
    }
    assertThat(orders()).isEqualTo(Order.range(3, 6));
    assertWhole();
  }

  @Test
  void rowsOfAnUnknownOutcomeAreSettledBeforeASkip() {
    defineOrders();
    AtomicBoolean failing = new AtomicBoolean();
    try (Feed<Order> feed = openFeed(failing)) {
      offer(feed, 1, 3);
      registry.next(ScriptedRegistry.Fault.REPLY_LOST);
      registry.resolving(false);
      assertThatThrownBy(feed::commit).isInstanceOf(OutcomeUnknownException.class);
      registry.resolving(true);
      assertThat(feed.skip().orElseThrow().rowsAccepted()).isEqualTo(2);

      offer(feed, 3, 5);
      registry.next(ScriptedRegistry.Fault.HELD);
      registry.resolving(false);
      assertThatThrownBy(feed::commit).isInstanceOf(OutcomeUnknownException.class);
      failing.set(true);
      assertThatThrownBy(feed::commit).isInstanceOf(IllegalStateException.class);
      failing.set(false);
      assertThat(offer(feed, 5, 6)).isEqualTo(1);
      assertThat(feed.lastSequence()).as("the held rows are repeated alone").hasValue(4);
      feed.commit();
      assertThat(registry.deliver()).hasSize(1);
      registry.resolving(true);
    }
    assertThat(orders()).isEqualTo(Order.range(1, 6));
    assertThat(mesh.doctor().isHealthy()).as("despite leftover files").isTrue();
  }

  @Test
  void aRefusedFeedTakesMoreRowsUpToTenTimesItsLimit() {
    defineOrders(
        Contract.of(Order.class)
            .require(Rule.atLeast("id", 10))
            .onViolation(OnViolation.QUARANTINE)
            .maxQuarantineShare(50));
    try (Feed<Order> feed = toFeed().rowsPerCommit(2).open()) {
      assertThatThrownBy(() -> offer(feed, 8, 10)).isInstanceOf(ContractViolationException.class);
      assertThat(offer(feed, 8, 11)).as("the third one is taken").isEqualTo(1);
      assertThat(feed.waitingRows()).isEqualTo(3);
      assertThat(offer(feed, 11, 12)).isEqualTo(1);
      assertThat(feed.lastSequence()).as("two more rows end it").hasValue(11);
      assertThat(orders()).extracting(Order::id).containsExactly(10L, 11L);

      for (long sequence = 12; sequence < 32; sequence++) {
        offerBad(feed, sequence);
      }
      assertThat(feed.waitingRows()).isEqualTo(20);
      assertThat(offerBad(feed, 32)).as("the cap").isFalse();
      assertThat(feed.waitingRows()).isEqualTo(20);
      assertThat(feed.skip()).isPresent();
      offer(feed, 32, 34);
      assertThat(feed.lastSequence()).as("the first limit again").hasValue(33);
    }
    assertThat(orders()).extracting(Order::id).containsExactly(10L, 11L, 32L, 33L);
  }

  /** Offers a row that breaks the contract; returns whether the feed has it. */
  private static boolean offerBad(Feed<Order> feed, long sequence) {
    int before = feed.waitingRows();
    try {
      feed.accept(sequence, Order.of(1));
    } catch (ContractViolationException refused) {
      return feed.waitingRows() > before;
    }
    return true;
  }

  @Test
  void rowsAreDueWhenTheClockWasSetBack() {
    mesh.close();
    Instant[] now = {clock.instant()};
    mesh = prepared(mesh(), () -> now[0]).open();
    defineOrders();
    now[0] = now[0].plusSeconds(5);
    try (Feed<Order> feed = toFeed().timePerCommit(Duration.ofSeconds(30)).open()) {
      offer(feed, 1, 2);
      now[0] = now[0].minusSeconds(1);
      assertThat(feed.commitIfDue()).isPresent();
    }
    assertThat(orders()).isEqualTo(Order.range(1, 2));
  }

  @Test
  void aFeedIsOpenedAgainIfAnotherMajorVersionBecameTheCurrentOne() {
    MeshClient shop = defineOrders();
    Feed<Order> feed = toFeed().open();
    offer(feed, 1, 3);
    feed.commit();
    MajorRollout rollout =
        shop.startRollout(ORDERS)
            .contract(Contract.of(OrderInCents.class))
            .because("Cents")
            .commit()
            .backFill(Order.class, OrderInCents::of)
            .commit();
    rollout.activate().commit();
    rollout.announce().commit();
    rollout.close().commit();
    rollout.retire().commit();

    offer(feed, 3, 5);
    assertThatThrownBy(feed::commit)
        .isInstanceOf(ConflictException.class)
        .hasMessageContainingAll("major version 2", "opened for 1", "Open the feed again");

    try (Feed<OrderInCents> next = shop.<OrderInCents>feed(ORDERS, NAME).open()) {
      assertThat(next.lastSequence()).hasValue(2);
    }
  }

  @Test
  void feedsOfAProductAreIndependentAndTheirPublishesHaveOptions() {
    MeshClient shop = defineOrders();
    Instant complete = clock.instant().minusSeconds(60);
    List<Publish<Order>> configured = new ArrayList<>();
    try (Feed<Order> even = shop.<Order>feed(ORDERS, "even").open();
        Feed<Order> odd =
            shop.<Order>feed(ORDERS, "odd")
                .publishOptions(
                    publish -> {
                      configured.add(publish);
                      return publish.completeUpTo(complete);
                    })
                .open()) {
      even.accept(2, Order.of(2));
      odd.accept(1, Order.of(1));
      even.commit();
      odd.commit();
      assertThat(even.lastSequence()).isEqualTo(OptionalLong.of(2));
      assertThat(odd.lastSequence()).isEqualTo(OptionalLong.of(1));
    }
    assertThat(orders()).containsExactlyInAnyOrder(Order.of(1), Order.of(2));
    assertThat(configured).hasSize(1);
  }

  @Test
  void onlyTheOwnerOpensAFeedOfAProductThatExists() {
    defineOrders();
    MeshClient finance = registerFinance();

    assertThatThrownBy(() -> finance.feed(ORDERS, NAME).open())
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> shop().feed("commerce/none", NAME).open())
        .isInstanceOf(NotFoundException.class);
    assertRefused(ErrorCode.INVALID_ARGUMENT, () -> shop().feed(ORDERS, "a/b").open(), "name");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT, () -> toFeed().rowsPerCommit(0).open(), "rows", "10,000,000");
  }

  @Test
  void rulesOfTheWholePublishDoNotRefuseASkip() {
    defineOrders(
        Contract.of(Order.class)
            .require(Rule.rowCount(1, 100))
            .require(Rule.atLeast("id", 10))
            .onViolation(OnViolation.QUARANTINE));
    try (Feed<Order> feed = toFeed().open()) {
      feed.accept(1, Order.of(1));
      assertThatThrownBy(feed::commit).isInstanceOf(ContractViolationException.class);

      assertThat(feed.skip().orElseThrow().rowsAccepted()).isZero();

      assertThat(feed.lastSequence()).hasValue(1);
      feed.acceptAll(2, List.of());
      assertThat(feed.commit()).as("a message without rows").isPresent();
      feed.accept(3, Order.of(10));
      assertThat(feed.commit().orElseThrow().rowsAccepted()).isEqualTo(1);
    }
    assertThat(orders()).extracting(Order::id).containsExactly(10L);
    assertWhole();
  }
}
