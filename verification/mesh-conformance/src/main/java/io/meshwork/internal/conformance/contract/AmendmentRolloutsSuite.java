package io.meshwork.internal.conformance.contract;

import static io.meshwork.internal.conformance.fixture.AmendedOrders.FIRST;
import static io.meshwork.internal.conformance.fixture.AmendedOrders.LESS;
import static io.meshwork.internal.conformance.fixture.AmendedOrders.MORE;
import static io.meshwork.internal.conformance.fixture.AmendedOrders.assertIncompatible;
import static io.meshwork.internal.conformance.fixture.AmendedOrders.subscribe;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.card.ProductConsumer;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Partition;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.NotFoundException;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.conformance.fixture.AmendedOrders.Customers;
import io.meshwork.internal.conformance.fixture.AmendedOrders.Ids;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.event.EventDetailsCodec;
import io.meshwork.maintenance.Maintain.Report.Work;
import io.meshwork.notice.Notice.Kind;
import io.meshwork.operation.Plan;
import io.meshwork.product.Classification;
import io.meshwork.product.ContractVersion.Verdict;
import io.meshwork.product.MajorVersion;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.rollout.AmendTerms.TermsPlan;
import io.meshwork.rollout.Rollout;
import io.meshwork.rollout.Rollout.Track;
import io.meshwork.rollout.StartRollout.RolloutPlan;
import io.meshwork.rollout.TermsAmendment;
import io.meshwork.rollout.TermsAmendment.AmendedTerm;
import java.time.Duration;
import java.time.LocalDate;
import java.time.Period;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A contract promises less after the consumers were notified, without a new major version. */
public abstract class AmendmentRolloutsSuite extends AmendmentRolloutFixture {
  @Test
  void thePlanNamesThePromiseTheConsumersAndTheDateAndChangesNothing() {
    subscribed();
    State before = state();

    TermsPlan plan = weakening().plan();

    assertNothingChanged(before);
    assertThat(plan.isAllowed()).isTrue();
    assertThat(plan.amendedTerms()).containsExactly(FRESHNESS);
    assertThat(plan.from()).isEqualTo(1);
    assertThat(plan.version()).hasToString("1.1.0");
    assertThat(plan.difference().verdict()).isEqualTo(Verdict.AMENDMENT);
    assertThat(plan.consumers())
        .extracting(ProductConsumer::name)
        .containsExactly("finance/customers");
    assertThat(plan.earliestRetirement()).isEqualTo(EARLIEST);
    assertThat(plan.retireAfter()).isEqualTo(EARLIEST);
    assertThat(plan.toString())
        .contains(
            "amend commerce/orders: 1.0.0 -> 1.1.0",
            REASON,
            "becomes 1.1.0 after 2026-12-20",
            "freshWithin from PT1H to PT6H",
            "finance/customers",
            "finance@example.org");
    TermsAmendment planned = plan.commit();
    assertThat(planned.state()).isEqualTo(Rollout.State.PLANNED);
    assertThat(rollout()).isEqualTo(planned);
    assertThat(currentContract()).isEqualTo(CONTRACT);
    assertThat(shop().describe(ORDERS).versions()).hasSize(1);
    assertConflict(() -> planned.retire().commit(), "PLANNED");
    assertWhole();
  }

  @Test
  void aPromiseIsWeakenedAfterTheNotice() {
    TermsAmendment announced = announced();

    assertThat(announced.state()).isEqualTo(Rollout.State.ANNOUNCED);
    assertThat(announced.noticeEnds()).contains(EARLIEST);
    assertThat(notified(Kind.ROLLOUT_OFFERED))
        .singleElement()
        .satisfies(
            notice -> {
              assertThat(notice.to()).isEqualTo("finance@example.org");
              assertThat(notice.text())
                  .contains(
                      "the contract of major version 1 is proposed to change after 2026-12-20",
                      "freshWithin from PT1H to PT6H",
                      REASON,
                      ".agree()",
                      "unsubscribe")
                  .doesNotContain("retire", "The product ends");
            });
    assertThat(announced.toString())
        .contains("major version 1 -> 1.1.0  ANNOUNCED", "waits   for finance/customers");
    assertThat(track().state()).isEqualTo(Track.State.WAITING);
    assertThat(track().date()).isEqualTo(EARLIEST);
    assertThat(track().reason()).contains("current contract until 2026-12-20");
    readAll(subscribe(finance(), "customers", Customers.class));
    publishOneByOne(3, 4);
    Plan<TermsAmendment> early = rollout().retire().plan();
    assertThat(codes(early))
        .containsExactly(FindingCode.NOTICE_RUNNING, FindingCode.DATE_NOT_REACHED);
    assertThat(early.isAllowed()).isFalse();
    assertThat(early.isEmpty()).isFalse();
    assertThat(early.toString()).contains("finance/customers keeps", "2026-12-20");
    assertConflict(
        () -> rollout().retire().commit(), "The notice period ends on 2026-12-20", "2026-12-20");
    assertThat(currentContract()).isEqualTo(CONTRACT);

    afterTheNotice();
    assertThat(rollout().waitingFor()).isEmpty();
    TermsAmendment amended = rollout().retire().commit();

    assertThat(amended.state()).isEqualTo(Rollout.State.AMENDED);
    assertThat(amended.retiredAt()).contains(clock.instant());
    assertThat(amended.toString()).contains("amended at " + clock.instant());
    assertThat(rollout()).isEqualTo(amended);
    assertThat(amended.version()).hasToString("1.1.0");
    assertThat(currentContract()).isEqualTo(WEAKER);
    assertThat(currentVersion()).hasToString("1.1.0");
    assertThat(shop().describe(ORDERS).versions().get(0).state())
        .isEqualTo(MajorVersion.State.ACTIVE);
    assertThat(notified(Kind.AMENDED))
        .singleElement()
        .satisfies(notice -> assertThat(notice.facts()).containsEntry("verdict", "amendment"));
    MeshEvent event =
        shop().events(ORDERS).list().stream()
            .filter(each -> each.type() == MeshEvent.Type.PRODUCT_AMENDED)
            .findFirst()
            .orElseThrow();
    assertThat(EventDetailsCodec.detailsOf(event))
        .isInstanceOfSatisfying(
            EventDetails.ContractVersionChange.class,
            details -> {
              assertThat(details.rollout()).hasValue(1);
              assertThat(details.reasonCode()).isEqualTo("FRESHNESS_WEAKENED");
              assertThat(details.reason()).contains(REASON);
            });
    readAll(subscribe(finance(), "customers", Customers.class));
    publishOneByOne(4, 5);
    assertThat(orders()).hasSize(5);
    assertConflict(() -> rollout().retire().commit(), "AMENDED");
    assertThat(weakening(WEAKER.freshWithin(Duration.ofHours(12))).commit().number()).isEqualTo(2);
    maintain();
    assertWhole();
  }

  @Test
  void silenceAndAnObjectionDoNotPreventTheAmendmentAfterTheDate() {
    announced();
    readAll(subscribe(finance(), "ids", Ids.class));
    Track objected = track().object().because("We promise it on").commit();
    assertThat(objected.answer()).isEqualTo(Track.Answer.OBJECTED);
    assertThat(rollout().toString()).contains("OBJECTED: We promise it on");
    clock.advance(Duration.ofDays(16));
    assertThat(rollout().track("finance/ids").dateAccepted()).isTrue();
    assertThat(rollout().track("finance/ids").answer()).isEqualTo(Track.Answer.NONE);
    assertConflict(() -> rollout().retire().commit(), "2026-12-20");

    clock.advance(Duration.ofDays(15));

    assertThat(rollout().tracks()).extracting(Track::released).containsOnly(true);
    assertThat(rollout().retire().commit().state()).isEqualTo(Rollout.State.AMENDED);
    assertThat(rollout().track("finance/customers").answer()).isEqualTo(Track.Answer.OBJECTED);
  }

  @Test
  void anAcceptedCounterOfferMovesTheDateOfOneConsumer() {
    announced();
    readAll(subscribe(finance(), "ids", Ids.class));
    LocalDate later = EARLIEST.plusDays(10);
    assertThat(track().counter(later).because("Year-end closing").commit().date())
        .isEqualTo(EARLIEST);
    assertThat(notified(Kind.ROLLOUT_ANSWERED)).hasSize(1);
    assertThat(rollout().track("finance/customers").accept().commit().date()).isEqualTo(later);
    afterTheNotice();

    assertThat(rollout().waitingFor())
        .extracting(Track::consumer)
        .containsExactly("finance/customers");
    assertThat(codes(rollout().retire().plan())).containsExactly(FindingCode.DATE_NOT_REACHED);
    assertConflict(
        () -> rollout().retire().commit(),
        "finance/customers keeps the current contract of major version 1 until 2026-12-30");
    clock.advance(Duration.ofDays(10));
    assertThat(rollout().retire().commit().state()).isEqualTo(Rollout.State.AMENDED);
  }

  @Test
  void allConsumersGetALaterDate() {
    TermsAmendment announced = announced();
    LocalDate later = EARLIEST.plusDays(20);

    assertThat(announced.extend(later).commit().retireAfter()).isEqualTo(later);

    assertThat(track().date()).isEqualTo(later);
    afterTheNotice();
    assertConflict(() -> rollout().retire().commit(), "until 2027-01-09");
  }

  @Test
  void aConsumerThatRefusesUnsubscribesAndIsNotWaitedFor() {
    announced();

    finance().unsubscribe(ORDERS, "customers").commit();

    assertThat(rollout().tracks()).extracting(Track::state).containsExactly(Track.State.DETACHED);
    assertThat(rollout().retire().commit().state()).isEqualTo(Rollout.State.AMENDED);
    assertThat(currentContract()).isEqualTo(WEAKER);
  }

  @Test
  void aSubscriberAtTheLastMomentHasTheDateOfTheRollout() {
    announced();
    clock.advance(Duration.ofDays(29));
    Subscription<Ids> late = subscribe(finance(), "late", Ids.class);
    notified(Kind.SUBSCRIBED);

    assertThat(rollout().track("finance/late").date()).isEqualTo(EARLIEST);
    maintain();

    assertThat(notified(Kind.ROLLOUT_OFFERED))
        .singleElement()
        .satisfies(notice -> assertThat(notice.facts()).containsEntry("consumer", "finance/late"));
    clock.advance(Duration.ofDays(2));
    assertThat(rollout().retire().commit().state()).isEqualTo(Rollout.State.AMENDED);
    readAll(late);
  }

  @Test
  void anAbortedAmendmentLeavesTheContractAsItWas() {
    TermsAmendment announced = announced();
    notified(Kind.ROLLOUT_OFFERED);

    TermsAmendment aborted = announced.abort().because("The source was fixed").commit();

    assertThat(aborted.state()).isEqualTo(Rollout.State.ABORTED);
    assertThat(currentContract()).isEqualTo(CONTRACT);
    assertThat(notified(Kind.ROLLOUT_ABORTED))
        .singleElement()
        .satisfies(
            notice ->
                assertThat(notice.text()).contains("does not change", "The source was fixed"));
    afterTheNotice();
    assertConflict(() -> announced.retire().commit(), "ABORTED");
    assertIncompatible(
        () -> shop().amendContract(ORDERS, WEAKER).commit(), FindingCode.ACTIVE_SUBSCRIPTIONS);
    assertThat(weakening().commit().number()).isEqualTo(2);
    maintain();
    assertWhole();
  }

  @Test
  void anEraseIsPossibleAfterAnAbortedAmendment() {
    announced().abort().because("The source was fixed").commit();

    PublishReceipt erased = shop().erase(ORDERS).where("id = 1").because("They asked.").commit();

    assertThat(erased.otherVersions()).isEmpty();
    assertThat(orders()).hasSize(2);
    maintain();
    assertWhole();
  }

  @Test
  void anAmendmentIsReadByItsOwnMethod() {
    TermsAmendment announced = announced();

    assertThatThrownBy(() -> shop().rollout(ORDERS))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("termsAmendment(\"commerce/orders\") is its rollout 1");
    assertThat(shop().rollouts()).containsExactly(announced);
    afterTheNotice();
    TermsAmendment amended = announced.retire().commit();
    assertConflict(() -> amended.abort().because("x").commit(), "AMENDED");
    assertConflict(() -> amended.announce().commit(), "AMENDED");
  }

  @Test
  void oneRolloutStartsFromAMajorVersion() {
    TermsAmendment announced = announced();

    assertConflict(
        () -> shop().startRollout(ORDERS).contract(LESS).because("x").commit(),
        "rollout 1",
        "abort");
    assertConflict(() -> shop().endProduct(ORDERS).because("x").commit(), "rollout 1");
    assertConflict(() -> weakening().commit(), "rollout 1");
    announced.abort().because("x").commit();
    shop().startRollout(ORDERS).contract(LESS).because("x").withoutHistory().commit();
    assertConflict(() -> weakening().commit(), "rollout 2");
  }

  @Test
  void onlyPromisesAreAnnounced() {
    subscribed();
    Contract more = MORE.noticePeriod(Period.ofDays(30)).freshWithin(Duration.ofHours(6));
    TermsPlan plan = weakening(more).plan();
    assertThat(codes(plan)).containsExactly(FindingCode.CHANGES_WITHOUT_NOTICE);
    assertIncompatible(() -> weakening(more).commit(), FindingCode.CHANGES_WITHOUT_NOTICE);
    assertThat(codes(weakening(CONTRACT.description("x")).plan()))
        .containsExactly(FindingCode.AMENDMENT_SUFFICES);
    assertThat(codes(weakening(CONTRACT.classification(Classification.CONFIDENTIAL)).plan()))
        .containsExactly(FindingCode.AMENDMENT_SUFFICES);
    assertThat(codes(weakening(CONTRACT).plan())).containsExactly(FindingCode.NOTHING_CHANGES);
    TermsPlan breaking = weakening(LESS.noticePeriod(Period.ofDays(30))).plan();
    assertThat(codes(breaking)).containsExactly(FindingCode.NEW_MAJOR_NEEDED);
    assertThat(breaking.toString()).contains("startRollout(\"commerce/orders\")");
    assertThat(breaking.amendedTerms()).isEmpty();
    RolloutPlan rollout = shop().startRollout(ORDERS).contract(WEAKER).because(REASON).plan();
    assertThat(codes(rollout)).containsExactly(FindingCode.AMENDMENT_SUFFICES);
    assertThat(rollout.toString()).contains("amendTerms(\"commerce/orders\")");
    assertThat(
            codes(
                shop()
                    .startRollout(ORDERS)
                    .contract(WEAKER)
                    .partitionBy(Partition.bucket("id", 4))
                    .because(REASON)
                    .plan()))
        .isEmpty();
    assertThat(codes(weakening().retireAfter(EARLIEST.minusDays(1)).plan()))
        .containsExactly(FindingCode.DATE_WITHIN_NOTICE);
    assertThatThrownBy(() -> finance().amendTerms(ORDERS).contract(WEAKER).because(REASON).commit())
        .isInstanceOf(AccessDeniedException.class);
  }

  @Test
  void aShorterNoticePeriodBeginsAfterTheOldOne() {
    subscribed();
    Contract shorter = CONTRACT.noticePeriod(Period.ofDays(7));
    TermsAmendment announced = weakening(shorter).commit().announce().commit();

    assertThat(announced.noticeEnds()).contains(EARLIEST);
    clock.advance(Duration.ofDays(8));
    assertConflict(() -> announced.retire().commit(), "2026-12-20");
    clock.advance(Duration.ofDays(23));
    announced.retire().commit();

    assertThat(currentContract()).isEqualTo(shorter);
    assertThat(weakening(shorter.freshWithin(Duration.ofHours(6))).plan().earliestRetirement())
        .isEqualTo(LocalDate.parse("2026-12-28"));
  }

  @Test
  void aPromiseIsGivenUp() {
    subscribed();
    TermsAmendment announced =
        weakening(FIRST.noticePeriod(Period.ofDays(30))).commit().announce().commit();
    assertThat(announced.amendedTerms())
        .containsExactly(new AmendedTerm("freshWithin", Optional.of("PT1H"), Optional.empty()));
    assertThat(notified(Kind.ROLLOUT_OFFERED))
        .singleElement()
        .satisfies(
            notice -> assertThat(notice.text()).contains("freshWithin from PT1H to nothing"));
    afterTheNotice();

    announced.retire().commit();

    assertThat(currentContract()).isEqualTo(FIRST.noticePeriod(Period.ofDays(30)));
  }

  @Test
  void eachConsumerIsNotifiedOnceAndRemindedOfItsDate() {
    TermsAmendment announced = announced();
    assertThat(notified(Kind.ROLLOUT_OFFERED)).hasSize(1);
    announced.announce().commit();
    maintain();
    assertThat(notified(Kind.ROLLOUT_OFFERED)).isEmpty();
    clock.advance(Duration.ofDays(16));

    assertThat(maintain().total(Work.REMINDERS_SENT)).isEqualTo(1);

    assertThat(notified(Kind.ROLLOUT_REMINDED))
        .singleElement()
        .satisfies(
            notice ->
                assertThat(notice.text())
                    .contains("is proposed to change after 2026-12-20", "freshWithin")
                    .doesNotContain("still needs it", "The product ends"));
    assertThat(maintain().total(Work.REMINDERS_SENT)).isZero();
  }

  @Test
  void readersWithoutASubscriptionKeepTheContractUntilTheDate() {
    defineOrders(CONTRACT).publish(ORDERS).records(Order.range(0, 3)).commit();
    all(registerFinance().read(ORDERS).as(Order.class));
    TermsPlan plan = weakening().plan();
    assertThat(plan.findings()).extracting(Finding::code).contains(FindingCode.NO_SUBSCRIPTIONS);
    TermsAmendment announced = plan.commit().announce().commit();

    assertConflict(() -> announced.retire().commit(), "2026-12-20");
    afterTheNotice();

    assertThat(announced.retire().commit().state()).isEqualTo(Rollout.State.AMENDED);
  }

  @Test
  void readersWithoutASubscriptionAreNotifiedOfTheAmendmentAndOfItsAbort() {
    readWithoutSubscription();
    weakening().commit().announce().commit().abort().because("The source was fixed").commit();
    assertThat(notified(Kind.ROLLOUT_ABORTED))
        .singleElement()
        .satisfies(
            notice -> {
              assertThat(notice.to()).isEqualTo("finance@example.org");
              assertThat(notice.text()).contains("finance/@ need not change");
            });
    weakening().commit().announce().commit();
    afterTheNotice();
    notified(Kind.ROLLOUT_OFFERED);

    rollout().retire().commit();

    assertThat(notified(Kind.AMENDED))
        .singleElement()
        .satisfies(
            notice -> {
              assertThat(notice.id()).contains("finance", "@");
              assertThat(notice.facts())
                  .containsEntry("consumer", "finance/@")
                  .containsEntry("contractVersion", "1.1.0");
              assertThat(notice.text()).contains("1.1.0", "finance/@ reads it");
            });
    mesh.deliverNotices();
    assertThat(notified(Kind.AMENDED)).isEmpty();
    shop().amendContract(ORDERS, WEAKER.description("x")).commit();
    assertThat(notified(Kind.AMENDED)).isEmpty();
  }

  @Test
  void theCardShowsAnAnnouncedAmendmentWithTheDateOfTheCaller() {
    subscribed();
    TermsAmendment planned = weakening().commit();
    assertThat(finance().describe(ORDERS).amendments()).isEmpty();
    planned.announce().commit();

    assertThat(finance().describe(ORDERS).amendments())
        .singleElement()
        .satisfies(
            amendment -> {
              assertThat(amendment.major()).isEqualTo(1);
              assertThat(amendment.because()).isEqualTo(REASON);
              assertThat(amendment.until()).isEqualTo(EARLIEST);
              assertThat(amendment.changes())
                  .singleElement()
                  .satisfies(
                      change -> {
                        assertThat(change.path()).isEqualTo("freshWithin");
                        assertThat(change.before()).isEqualTo("PT1H");
                        assertThat(change.after()).isEqualTo("PT6H");
                      });
            });
    assertThat(finance().describe(ORDERS).toString())
        .contains("amendments=[freshWithin from PT1H to PT6H after 2026-12-20]");
    LocalDate later = EARLIEST.plusDays(10);
    track().counter(later).because("Year-end closing").commit();
    rollout().track("finance/customers").accept().commit();
    assertThat(finance().describe(ORDERS).amendments().get(0).until()).isEqualTo(later);
    assertThat(shop().describe(ORDERS).amendments().get(0).until()).isEqualTo(later);
    assertThat(as("stranger").describe(ORDERS).amendments().get(0).until()).isEqualTo(EARLIEST);
    finance().unsubscribe(ORDERS, "customers").commit();
    assertThat(finance().describe(ORDERS).amendments().get(0).until()).isEqualTo(EARLIEST);

    rollout().retire().commit();

    assertThat(finance().describe(ORDERS).amendments()).isEmpty();
    weakening(WEAKER.freshWithin(Duration.ofHours(12))).commit().announce().commit();
    assertThat(shop().describe(ORDERS).amendments()).hasSize(1);
    rollout().abort().because("x").commit();
    assertThat(shop().describe(ORDERS).amendments()).isEmpty();
  }
}
