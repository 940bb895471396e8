package io.meshwork.internal.conformance.rollout;

import static io.meshwork.internal.conformance.fixture.AmendedOrders.FIRST;
import static io.meshwork.internal.conformance.fixture.AmendedOrders.LESS;
import static io.meshwork.internal.conformance.fixture.AmendedOrders.assertIncompatible;
import static io.meshwork.internal.conformance.fixture.AmendedOrders.subscribe;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.card.ProductCard;
import io.meshwork.card.ProductConsumer;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.NotFoundException;
import io.meshwork.internal.conformance.fixture.AmendedOrders.Customers;
import io.meshwork.internal.conformance.fixture.AmendedOrders.Ids;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.notice.Notice;
import io.meshwork.notice.Notice.Kind;
import io.meshwork.operation.Plan;
import io.meshwork.product.MajorVersion;
import io.meshwork.product.ProductName;
import io.meshwork.rollout.EndProduct.EndPlan;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.rollout.ProductEnd;
import io.meshwork.rollout.Rollout;
import io.meshwork.rollout.Rollout.Track;
import io.meshwork.testkit.RecordingNotifier;
import java.time.Duration;
import java.time.LocalDate;
import java.time.Period;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** A product ends once its consumers left it, or moved to a product of another team. */
public abstract class ProductEndsSuite extends MeshFixture {
  private static final String REASON = "No one orders by letter";
  private static final String SUCCESSOR = "sales/orders";
  private static final LocalDate EARLIEST = LocalDate.parse("2026-12-20");
  private static final Contract CONTRACT = FIRST.noticePeriod(Period.ofDays(30));

  private final RecordingNotifier notices = new RecordingNotifier();

  /** Three orders that finance subscribes to and has read. */
  private Subscription<Customers> subscribed() {
    reopen(builder -> builder.notifier("test", notices));
    defineOrders(CONTRACT).publish(ORDERS).records(Order.range(0, 3)).commit();
    Subscription<Customers> subscription =
        subscribe(registerFinance(), "customers", Customers.class);
    readAll(subscription);
    return subscription;
  }

  private void defineSuccessor() {
    MeshClient sales = as("sales");
    sales.registerDomain("sales").owner("sales@example.org").commit();
    sales.defineProduct(SUCCESSOR).contract(CONTRACT).openToMesh().commit();
    sales.publish(SUCCESSOR).records(Order.range(0, 3)).commit();
  }

  private ProductEnd ending() {
    return shop().endProduct(ORDERS).because(REASON).commit().announce().commit();
  }

  private ProductEnd moving() {
    return shop()
        .endProduct(ORDERS)
        .successor(SUCCESSOR, 1)
        .because(REASON)
        .commit()
        .announce()
        .commit();
  }

  /** The product ended after its only consumer unsubscribed. */
  private ProductEnd ended() {
    subscribed();
    ending().close().commit();
    finance().unsubscribe(ORDERS, "customers").commit();
    return rollout().retire().commit();
  }

  private MeshClient finance() {
    return as("finance");
  }

  private ProductEnd rollout() {
    return shop().productEnd(ORDERS);
  }

  private Track.Move track() {
    return finance().productEnd(ORDERS).track("customers");
  }

  private List<Notice> notified(Kind kind) {
    mesh.deliverNotices();
    List<Notice> sent = notices.once().stream().filter(each -> each.kind() == kind).toList();
    notices.clear();
    return sent;
  }

  private static void assertEnded(ThrowingCallable call, String... words) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            NotFoundException.class,
            refused -> assertThat(refused.errorCode()).isEqualTo(ErrorCode.MAJOR_RETIRED))
        .hasMessageContainingAll("the product ended", REASON)
        .satisfies(
            refused -> {
              for (String word : words) {
                assertThat(refused).hasMessageContaining(word);
              }
            });
  }

  @Test
  void thePlanNamesEachConsumerAndTheDatesAndChangesNothing() {
    subscribed();
    State before = state();

    EndPlan plan = shop().endProduct(ORDERS).because(REASON).plan();

    assertNothingChanged(before);
    assertThat(plan.isAllowed()).isTrue();
    assertThat(plan.consumers())
        .extracting(ProductConsumer::name)
        .containsExactly("finance/customers");
    assertThat(plan.from()).isEqualTo(1);
    assertThat(plan.successor()).isEmpty();
    assertThat(plan.downstream()).isEmpty();
    assertThat(plan.earliestRetirement()).isEqualTo(EARLIEST);
    assertThat(plan.retireAfter()).isEqualTo(EARLIEST);
    assertThat(plan.toString())
        .contains(
            "end commerce/orders 1.0.0",
            REASON,
            "nothing replaces it",
            "2026-12-20",
            "finance/customers");
    ProductEnd planned = plan.commit();
    assertThat(planned.state()).isEqualTo(Rollout.State.PLANNED);
    assertThat(planned.successor()).isEmpty();
    assertThat(planned.toString()).contains("major version 1 -> ends  PLANNED");
    assertThat(shop().describe(ORDERS).end()).isEmpty();
    assertThat(rollout()).isEqualTo(planned);
    assertWhole();
  }

  @Test
  void anAnnouncedEndIsShownAndClosesTheProductToNewSubscriptions() {
    Subscription<Customers> subscription = subscribed();
    notified(Kind.SUBSCRIBED);

    ProductEnd announced = ending();

    assertThat(announced.state()).isEqualTo(Rollout.State.ANNOUNCED);
    assertThat(announced.noticeEnds()).contains(EARLIEST);
    assertThat(announced.waitingFor())
        .extracting(Track::consumer)
        .containsExactly("finance/customers");
    assertThat(notified(Kind.ROLLOUT_OFFERED))
        .singleElement()
        .satisfies(
            notice ->
                assertThat(notice.text())
                    .contains("The product ends, and nothing replaces it", REASON, "2026-12-20")
                    .doesNotContain("No change breaks"));
    ProductCard card = finance().describe(ORDERS);
    assertThat(card.end())
        .hasValueSatisfying(
            end -> {
              assertThat(end.because()).isEqualTo(REASON);
              assertThat(end.retireAfter()).isEqualTo(EARLIEST);
              assertThat(end.ended()).isFalse();
            });
    assertThat(card.toString()).contains("ends=2026-12-20");
    assertConflict(
        () -> finance().subscribe(ORDERS).name("late").purpose("x").commit(),
        "the product ends after 2026-12-20",
        REASON,
        "allowDeprecated");
    finance()
        .subscribe(ORDERS)
        .name("brief")
        .purpose("x")
        .allowDeprecated()
        .because("A report until December")
        .commit();
    assertThat(rollout().tracks()).hasSize(2);
    publishOneByOne(3, 4);
    readAll(subscription);
    ProductEnd closed = announced.close().commit();
    assertThat(closed.state()).isEqualTo(Rollout.State.CLOSING);
    assertConflict(
        () ->
            finance()
                .subscribe(ORDERS)
                .name("later")
                .purpose("x")
                .allowDeprecated()
                .because("A report")
                .commit(),
        "closed to new subscriptions",
        "the product ends");
    publishOneByOne(4, 5);
    assertThat(orders()).hasSize(5);
    assertWhole();
  }

  @Test
  void aProductEndsOnceItsConsumersUnsubscribed() {
    subscribed();
    finance().linkResource(ORDERS).database("finance_db").commit();
    ProductEnd closed = ending().close().commit();
    assertConflict(
        () -> closed.retire().commit(),
        "finance/customers still needs major version 1",
        "has not ended its subscription");
    finance().unsubscribe(ORDERS, "customers").commit();
    assertThat(rollout().tracks()).extracting(Track::state).containsExactly(Track.State.DETACHED);

    ProductEnd ended = closed.retire().commit();

    assertThat(ended.state()).isEqualTo(Rollout.State.RETIRED);
    String[] facts = {"retired at 2026-11-20"};
    assertEnded(() -> finance().read(ORDERS).rows(), facts);
    assertEnded(() -> finance().read(ORDERS).majorVersion(1).rows(), facts);
    assertEnded(() -> finance().subscribe(ORDERS).name("late").purpose("x").commit(), facts);
    assertEnded(() -> finance().linkResource(ORDERS).database("other_db").commit(), facts);
    assertEnded(() -> finance().read("finance_db.orders").rows());
    assertEnded(() -> shop().publish(ORDERS).records(Order.range(8, 9)).commit(), facts);
    assertEnded(
        () -> shop().amendContract(ORDERS).change(change -> change.description("x")).commit(),
        facts);
    assertThat(orders()).hasSize(3);
    assertThat(finance().describe(ORDERS).end().orElseThrow().ended()).isTrue();
    assertThat(finance().describe(ORDERS).toString()).contains("ended=2026-12-20");
    assertThat(finance().describe(ORDERS).versions())
        .extracting(ProductCard.Version::state)
        .containsExactly(MajorVersion.State.RETIRED);
    assertConflict(() -> shop().endProduct(ORDERS).because(REASON).commit(), "rollout 1");
    shop().erase(ORDERS).where("id = 1").because("They asked.").commit();
    assertThat(orders()).hasSize(2);
    clock.advance(Duration.ofDays(10));
    maintain();
    finance().unlinkResource("finance_db.orders").commit();
    assertWhole();
  }

  @Test
  void anEndIsUndoneWithinFourteenDaysAndThenAborted() {
    ProductEnd ended = ended();

    ProductEnd restored = ended.restore().because("A report still needs it").commit();

    assertThat(restored.state()).isEqualTo(Rollout.State.CLOSING);
    publishOneByOne(3, 4);
    assertThat(all(finance().read(ORDERS).as(Order.class))).hasSize(4);
    assertThat(restored.abort().because("It is needed").commit().state())
        .isEqualTo(Rollout.State.ABORTED);
    assertThat(finance().describe(ORDERS).end()).isEmpty();
    readAll(subscribe(finance(), "again", Customers.class));
    assertConflict(() -> rollout().purge().because("x").commit(), "ABORTED");
    assertThat(ending().number()).isEqualTo(2);
    assertWhole();
  }

  @Test
  void theDataOfAProductThatEndedIsPurged() {
    ProductEnd ended = ended();
    assertConflict(() -> ended.purge().because("Done").commit(), "can be undone until");
    clock.advance(Duration.ofDays(15));
    assertConflict(() -> ended.restore().because("Late").commit(), "could be undone until");

    assertThat(ended.purge().because("Done").commit().purgedAt()).isPresent();

    assertEnded(() -> shop().read(ORDERS).rows(), "its data was deleted");
    assertThat(shop().describe(ORDERS).versions())
        .extracting(ProductCard.Version::state)
        .containsExactly(MajorVersion.State.PURGED);
    assertThat(files.present().keySet()).noneMatch(file -> file.contains("orders_v1/"));
    maintain();
    assertWhole();
  }

  @Test
  void aConsumerThatAgreedIsReleasedAfterItsDateAndASilentOneIsNot() {
    subscribed();
    readAll(subscribe(finance(), "ids", Ids.class));
    ProductEnd closed = ending().close().commit();
    assertThat(track().agree().commit().released()).isFalse();
    clock.advance(Duration.ofDays(31));

    assertThat(track().released()).isTrue();
    assertThat(track().reason()).contains("agreed to the end of the product");
    assertConflict(() -> closed.retire().commit(), "finance/ids still needs");
    finance().unsubscribe(ORDERS, "ids").commit();
    assertThat(closed.retire().commit().state()).isEqualTo(Rollout.State.RETIRED);
  }

  @Test
  void anEndedProductNamesTheStepsThatAreLeft() {
    ProductEnd ended = ended();

    assertConflict(() -> ended.retire().commit(), "restore() before 2026-12-04");
    assertNotNamed(() -> ended.retire().commit(), "startRollout(");
    clock.advance(Duration.ofDays(15));
    assertConflict(() -> ended.retire().commit(), "purge()");
    assertNotNamed(() -> ended.retire().commit(), "restore(");
    ended.purge().because("Data of the past").commit();
    assertConflict(() -> ended.retire().commit(), "no step is left");
    assertNotNamed(() -> ended.retire().commit(), "startRollout(", "restore(", "purge(");
  }

  private static void assertNotNamed(ThrowingCallable call, String... steps) {
    assertThatThrownBy(call).hasMessageNotContainingAny(steps);
  }

  @Test
  void readersWithoutASubscriptionAreReleasedByTheEndOfTheNotice() {
    defineOrders(CONTRACT).publish(ORDERS).records(Order.range(0, 3)).commit();
    MeshClient finance = registerFinance();
    all(finance.read(ORDERS).as(Order.class));
    ProductEnd closed = ending().close().commit();
    assertConflict(
        () -> closed.retire().commit(), "finance/@ (reads without a subscription) still needs");

    clock.advance(Duration.ofDays(31));

    assertThat(closed.retire().commit().state()).isEqualTo(Rollout.State.RETIRED);
    assertEnded(() -> finance.read(ORDERS).rows());
  }

  @Test
  void aMoveCannotBeDeclaredWithoutASuccessor() {
    subscribed();
    ending();

    assertConflict(
        () -> track().moved().because("Gone").commit(), "nothing replaces it", "Unsubscribe");
  }

  @Test
  void anEndThatIsAbortedLeavesTheProductAsItWas() {
    subscribed();
    ProductEnd announced = ending();
    notified(Kind.ROLLOUT_OFFERED);

    ProductEnd aborted = announced.abort().because("It is needed").commit();

    assertThat(aborted.state()).isEqualTo(Rollout.State.ABORTED);
    assertThat(notified(Kind.ROLLOUT_ABORTED)).hasSize(1);
    assertThat(finance().describe(ORDERS).end()).isEmpty();
    readAll(subscribe(finance(), "again", Customers.class));
    publishOneByOne(3, 4);
    ProductEnd second = ending();
    assertThat(second.number()).isEqualTo(2);
    assertThat(second.extend(EARLIEST.plusDays(30)).commit().retireAfter())
        .isEqualTo(EARLIEST.plusDays(30));
    assertThat(finance().describe(ORDERS).end().orElseThrow().retireAfter())
        .isEqualTo(EARLIEST.plusDays(30));
    assertWhole();
  }

  @Test
  void anEndIsReadByItsOwnMethod() {
    subscribed();
    ending();

    assertThatThrownBy(() -> shop().rollout(ORDERS))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("productEnd(\"commerce/orders\") is its rollout 1");
    assertThatThrownBy(() -> shop().termsAmendment(ORDERS))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("productEnd(\"commerce/orders\")");
    assertThat(shop().rollouts(ORDERS)).containsExactly(rollout());
    assertConflict(
        () -> shop().startRollout(ORDERS).contract(LESS).because("x").commit(), "no active major");
  }

  @Test
  void aProductWithoutAnEndNamesHowToStartOne() {
    subscribed();

    assertThatThrownBy(() -> shop().productEnd(ORDERS))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("endProduct(\"commerce/orders\")");
    assertThat(shop().rollouts(ORDERS)).isEmpty();
  }

  @Test
  void aChangeThatNeedsAReasonNamesIt() {
    subscribed();

    assertThatThrownBy(() -> ending().abort().commit())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("because(..)");
    assertThatThrownBy(() -> rollout().abort().plan())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("because(..)");
    assertThatThrownBy(() -> track().object().commit())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("because(..)");
    assertThat(rollout().state()).isEqualTo(Rollout.State.ANNOUNCED);
  }

  @Test
  void aProductEndsWithItsLastMajorVersionOnly() {
    subscribed();
    shop().startRollout(ORDERS).contract(LESS).because("x").withoutHistory().commit();

    assertConflict(() -> shop().endProduct(ORDERS).because(REASON).commit(), "rollout 1");
    shop().rollout(ORDERS).activate().commit().makeCurrent().commit();
    EndPlan plan = shop().endProduct(ORDERS).because(REASON).plan();
    assertThat(plan.isAllowed()).isFalse();
    assertThat(plan.findings())
        .extracting(Finding::code)
        .containsExactly(FindingCode.OTHER_MAJOR_IN_USE);
    assertIncompatible(
        () -> shop().endProduct(ORDERS).because(REASON).commit(), FindingCode.OTHER_MAJOR_IN_USE);
  }

  @Test
  void aProductIsNotRestoredBesideOneThatEnds() {
    defineOrders(CONTRACT).publish(ORDERS).records(Order.range(0, 3)).commit();
    shop()
        .startRollout(ORDERS)
        .contract(LESS.noticePeriod(Period.ofDays(30)))
        .because("x")
        .withoutHistory()
        .commit()
        .activate()
        .commit()
        .announce()
        .commit();
    MajorRollout first = shop().rollout(ORDERS).close().commit().retire().commit();
    ending();

    assertThat(first.restore().because("x").plan().findings())
        .extracting(Finding::code)
        .containsExactly(FindingCode.PRODUCT_ENDS);
  }

  @Test
  void aPlanIsCommittedAsItWasReviewed() {
    subscribed();
    EndPlan plan = shop().endProduct(ORDERS).because(REASON).plan();
    subscribe(finance(), "more", Ids.class);

    assertThatThrownBy(plan::commit)
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("as planned");
    assertThatThrownBy(() -> shop().endProduct(ORDERS).retireAfter(EARLIEST).commit())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("because");
    assertIncompatible(
        () -> shop().endProduct(ORDERS).because(REASON).retireAfter(EARLIEST.minusDays(1)).commit(),
        FindingCode.DATE_WITHIN_NOTICE);
    assertThatThrownBy(() -> finance().endProduct(ORDERS).because(REASON).commit())
        .isInstanceOf(io.meshwork.error.AccessDeniedException.class);
  }

  @Test
  void aMoveToAnotherProductIsProvedByReadsOfIt() {
    subscribed();
    defineSuccessor();
    notified(Kind.SUBSCRIBED);

    ProductEnd announced = moving();

    assertThat(announced.successor()).contains(new MajorVersion(ProductName.of(SUCCESSOR), 1));
    assertThat(announced.toString()).contains("ends, then major version 1 of sales/orders");
    assertThat(notified(Kind.ROLLOUT_OFFERED))
        .singleElement()
        .satisfies(notice -> assertThat(notice.text()).contains("major version 1 of sales/orders"));
    assertThat(finance().describe(ORDERS).end().orElseThrow().successor())
        .isEqualTo(announced.successor());
    assertConflict(
        () -> track().moved().because("Moved").commit(), "no read of major version 1 of sales");
    ProductEnd closed = announced.close().commit();
    assertConflict(() -> closed.retire().commit(), "Ask it to read major version 1 of sales");
    assertThat(track().agree().commit().state()).isEqualTo(Track.State.WAITING);
    clock.advance(Duration.ofHours(1));
    readAll(finance().subscribe(SUCCESSOR).name("new").purpose("x").as(Customers.class).commit());

    assertThat(track().state()).isEqualTo(Track.State.MIGRATING);
    assertThat(track().reason()).contains("major version 1 of sales/orders");
    assertThat(track().moved().because("The job was replaced").commit().state())
        .isEqualTo(Track.State.MIGRATED);
    Plan<ProductEnd> plan = closed.retire().plan();
    assertThat(plan.findings()).isEmpty();
    assertThat(plan.commit().state()).isEqualTo(Rollout.State.RETIRED);
    assertEnded(() -> finance().read(ORDERS).rows(), "major version 1 of sales/orders replaces it");
    assertThat(notified(Kind.ROLLOUT_RETIRED))
        .singleElement()
        .satisfies(
            notice -> assertThat(notice.text()).contains("Read major version 1 of sales/orders"));
    assertWhole();
  }

  @Test
  void aConsumerThatReadsTheOldProductAgainDidNotMove() {
    Subscription<Customers> old = subscribed();
    defineSuccessor();
    ProductEnd closed = moving().close().commit();
    clock.advance(Duration.ofHours(1));
    all(finance().read(SUCCESSOR).as(Order.class));
    clock.advance(Duration.ofDays(36));
    assertThat(track().state()).isEqualTo(Track.State.MIGRATED);

    publishOneByOne(3, 4);
    readAll(old);

    assertThat(track().state()).isEqualTo(Track.State.MIGRATING);
    assertConflict(() -> closed.retire().commit(), "finance/customers still needs");
  }

  @Test
  void aSuccessorIsAnotherProductInUse() {
    subscribed();
    defineSuccessor();
    assertThatThrownBy(() -> shop().endProduct(ORDERS).successor(ORDERS, 1))
        .isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(
            () -> shop().endProduct(ORDERS).successor("sales/order", 1).because(REASON).plan())
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("sales/order");
    assertThatThrownBy(
            () -> shop().endProduct(ORDERS).successor(SUCCESSOR, 2).because(REASON).plan())
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("has no major version 2");
    as("sales").endProduct(SUCCESSOR).because(REASON).commit().announce().commit();
    assertIncompatible(
        () -> shop().endProduct(ORDERS).successor(SUCCESSOR, 1).because(REASON).commit(),
        FindingCode.SUCCESSOR_NOT_ACTIVE);
  }
}
