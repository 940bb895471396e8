package io.meshwork.internal.conformance.contract;

import static io.meshwork.contract.Rule.atLeast;
import static io.meshwork.internal.conformance.fixture.AmendedOrders.LESS;
import static io.meshwork.internal.conformance.fixture.AmendedOrders.MORE;
import static io.meshwork.internal.conformance.fixture.AmendedOrders.assertIncompatible;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.contract.Contract;
import io.meshwork.error.ConflictException;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.conformance.fixture.AmendedOrders.Ids;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.rollout.AmendTerms.TermsPlan;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.rollout.Rollout;
import io.meshwork.rollout.Rollout.Track;
import io.meshwork.rollout.TermsAmendment;
import io.meshwork.testkit.Faults.Port;
import java.time.Duration;
import java.time.Period;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What else happens to a product and its contract while an amendment is announced. */
public abstract class AmendmentRolloutConflictsSuite extends AmendmentRolloutFixture {
  @Test
  void anotherAmendmentMeanwhileIsKept() {
    announced();
    Contract fixed = CONTRACT.require(atLeast("id", -1)).description("Orders");
    shop().amendContract(ORDERS, fixed).commit();
    Contract more =
        MORE.noticePeriod(Period.ofDays(30))
            .freshWithin(Duration.ofHours(1))
            .require(atLeast("id", -1))
            .description("Orders");
    shop().amendContract(ORDERS, more).commit();
    assertThat(currentVersion()).hasToString("1.2.0");
    afterTheNotice();

    TermsAmendment amended = rollout().retire().commit();

    assertThat(amended.version()).hasToString("1.3.0");
    assertThat(currentContract().freshWithin()).contains(Duration.ofHours(6));
    assertThat(currentContract().rules()).hasSize(1);
    assertThat(currentContract().schema()).isEqualTo(MORE.schema());
    assertThat(currentContract().description()).isEqualTo("Orders");
    publishOneByOne(3, 4);
    assertThat(orders()).hasSize(4);
    assertWhole();
  }

  @Test
  void anAmendmentWithoutNoticeNamesTheRollout() {
    subscribed();
    assertIncompatible(
        () -> shop().amendContract(ORDERS, WEAKER).commit(), FindingCode.ACTIVE_SUBSCRIPTIONS);
    assertThatThrownBy(() -> shop().amendContract(ORDERS, WEAKER).commit())
        .hasMessageContainingAll("amendTerms(\"commerce/orders\")", "announce()", "retire()");
    weakening().commit().announce().commit();
    afterTheNotice();
    assertThatThrownBy(() -> shop().amendContract(ORDERS, WEAKER).commit())
        .hasMessageContainingAll("Rollout 1 amends freshWithin", "retire()");
  }

  @Test
  void programsWithTheOldOrTheNewContractChangeNothing() {
    announced();
    defineAgain(CONTRACT);
    defineAgain(WEAKER);
    assertThat(currentVersion()).hasToString("1.0.0");
    Contract more = MORE.noticePeriod(Period.ofDays(30));
    defineAgain(more.freshWithin(Duration.ofHours(6)));
    assertThat(currentContract()).isEqualTo(more.freshWithin(Duration.ofHours(1)));
    afterTheNotice();
    rollout().retire().commit();
    assertThat(currentContract()).isEqualTo(more.freshWithin(Duration.ofHours(6)));

    State before = state();
    defineAgain(more.freshWithin(Duration.ofHours(1)));
    defineAgain(more.freshWithin(Duration.ofHours(6)));

    assertNothingChanged(before);
    assertThat(
            shop()
                .defineProduct(ORDERS)
                .contract(more.freshWithin(Duration.ofHours(1)))
                .amendIfDefined()
                .plan()
                .findings())
        .extracting(Finding::code)
        .containsExactly(FindingCode.TERMS_RETAINED);
    TermsAmendment second =
        weakening(more.freshWithin(Duration.ofHours(12))).commit().announce().commit();
    clock.advance(Duration.ofDays(31));
    second.retire().commit();
    defineAgain(more.freshWithin(Duration.ofHours(1)));
    assertThat(currentContract().freshWithin()).contains(Duration.ofHours(12));
    shop().amendContract(ORDERS, more.freshWithin(Duration.ofHours(1))).commit();
    assertThat(currentContract().freshWithin()).contains(Duration.ofHours(1));
  }

  private void defineAgain(Contract contract) {
    shop().defineProduct(ORDERS).contract(contract).openToMesh().amendIfDefined().commit();
  }

  @Test
  void aPromiseThatWasWeakenedWithoutSubscriptionsIsNotWeakenedAgain() {
    announced();
    finance().unsubscribe(ORDERS, "customers").commit();
    shop().amendContract(ORDERS, WEAKER).commit();
    assertThat(currentVersion()).hasToString("1.1.0");

    assertConflict(() -> rollout().retire().commit(), "has the announced terms already", "abort");
    rollout().abort().because("It has these terms").commit();

    assertThat(currentContract()).isEqualTo(WEAKER);
    assertThat(currentVersion()).hasToString("1.1.0");
    assertWhole();
  }

  @Test
  void aPublishDuringTheAmendmentConflictsAndSucceedsWhenRepeated() {
    announced();
    afterTheNotice();

    assertThatThrownBy(
            () ->
                beforeCommit(
                        toOrders().records(Order.range(3, 5)).idempotencyKey("run"),
                        () ->
                            assertThat(rollout().retire().commit().version()).hasToString("1.1.0"))
                    .commit())
        .isInstanceOf(ConflictException.class)
        .hasMessageContainingAll("contract", "Nothing was published", "Run it again");

    toOrders().records(Order.range(3, 5)).idempotencyKey("run").commit();
    assertThat(orders()).hasSize(5);
    assertThat(currentContract()).isEqualTo(WEAKER);
    assertWhole();
  }

  @Test
  void theContractOfTheNewVersionIsAmendedWhileTheOldOneIsReplaced() {
    subscribed();
    Contract less = LESS.noticePeriod(Period.ofDays(30)).freshWithin(Duration.ofHours(1));
    MajorRollout first =
        shop()
            .startRollout(ORDERS)
            .contract(less)
            .because("x")
            .withoutHistory()
            .commit()
            .activate()
            .commit();
    readAll(
        finance()
            .subscribe(ORDERS)
            .name("ids")
            .purpose("x")
            .majorVersion(2)
            .as(Ids.class)
            .commit());
    TermsPlan plan = weakening(less.freshWithin(Duration.ofHours(6))).plan();
    assertThat(plan.from()).isEqualTo(2);
    assertThat(plan.version()).hasToString("2.1.0");
    TermsAmendment second = plan.commit().announce().commit();
    assertThat(second.tracks()).extracting(Track::consumer).containsExactly("finance/ids");
    assertThat(codes(first.abort().because("x").plan())).contains(FindingCode.MAJOR_IN_USE);
    afterTheNotice();

    assertThat(second.retire().commit().state()).isEqualTo(Rollout.State.AMENDED);

    assertThat(shop().describe(ORDERS).versions())
        .extracting(version -> version.version() + " " + version.state())
        .containsExactlyInAnyOrder("1.0.0 DEPRECATED", "2.1.0 ACTIVE");
    publishOneByOne(3, 4);
    assertThat(all(shop().read(ORDERS).majorVersion(1).as(Ids.class))).hasSize(4);
    assertThat(all(shop().read(ORDERS).majorVersion(2).as(Ids.class))).hasSize(1);
    finance().unsubscribe(ORDERS, "customers").commit();
    MajorRollout closed = first.announce().commit().close().commit();
    assertThat(closed.retire().commit().state()).isEqualTo(Rollout.State.RETIRED);
    assertWhole();
  }

  @Test
  void aLaterDateAndTheAmendmentAreNotBothCommitted() {
    atSomeReads(
        product -> {
          Track track = shop().termsAmendment(product).track("finance/customers");
          track.offer(track.date().plusDays(60)).commit();
        },
        (product, amended, offered) -> assertThat(amended).as(product).isNotEqualTo(offered));
  }

  @Test
  void anotherAmendmentAtTheSameTimeIsKept() {
    atSomeReads(
        product ->
            shop()
                .amendContract(product)
                .change(current -> current.require(atLeast("id", -1)))
                .commit(),
        (product, amended, ruled) -> {
          assertThat(amended && ruled).as(product).isTrue();
          Contract contract = shop().describe(product).versions().get(0).contract();
          assertThat(contract).as(product).isEqualTo(WEAKER.require(atLeast("id", -1)));
        });
  }

  @Test
  void aSubscriptionAtTheSameTimeDoesNotPreventTheAmendment() {
    atSomeReads(
        product -> {
          try {
            finance().subscribe(product).name("late").purpose("x").as(Ids.class).commit();
          } catch (ConflictException refused) {
            assertThat(refused.retryable()).as("%s", refused).isTrue();
            throw refused;
          }
        },
        (product, amended, subscribed) -> {
          assertThat(amended).as(product).isTrue();
          assertThat(shop().consumers(product)).as(product).hasSize(subscribed ? 2 : 1);
          readAll(finance().subscribe(product).name("customers").as(Ids.class).commit());
        });
  }

  /** What must hold after an amendment, at one of whose reads something else happened. */
  private interface Check {
    void accept(String product, boolean amended, boolean otherSucceeded);
  }

  /** Commits amendments while something else happens at one of their reads, at every third one. */
  private void atSomeReads(Consumer<String> other, Check check) {
    registerShop();
    registerFinance();
    AtomicBoolean happened = new AtomicBoolean(true);
    for (int read = 1; happened.get(); read += 3) {
      String product = "commerce/orders-" + read;
      shop().defineProduct(product).contract(CONTRACT).openToMesh().commit();
      finance().subscribe(product).name("customers").purpose("x").as(Ids.class).commit();
      shop().amendTerms(product).contract(WEAKER).because(REASON).commit().announce().commit();
      afterTheNotice();
      TermsAmendment rollout = shop().termsAmendment(product);
      happened.set(false);
      AtomicBoolean otherSucceeded = new AtomicBoolean();
      faults
          .on(Port.REGISTRY_READ)
          .nth(read)
          .meanwhile(
              () -> {
                happened.set(true);
                otherSucceeded.set(succeeds(() -> other.accept(product)));
              });
      boolean amended = succeeds(() -> rollout.retire().commit());
      faults.clear();
      if (happened.get()) {
        check.accept(product, amended, otherSucceeded.get());
      }
    }
    assertWhole();
  }

  private static boolean succeeds(Runnable operation) {
    try {
      operation.run();
      return true;
    } catch (ConflictException refused) {
      return false;
    }
  }
}
