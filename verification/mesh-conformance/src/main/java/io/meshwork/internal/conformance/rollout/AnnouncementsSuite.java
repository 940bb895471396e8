package io.meshwork.internal.conformance.rollout;

import static io.meshwork.contract.Rule.references;
import static io.meshwork.internal.conformance.fixture.AmendedOrders.subscribe;
import static io.meshwork.internal.conformance.fixture.TrackedRollout.EARLIEST;
import static io.meshwork.internal.conformance.fixture.TrackedRollout.notice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.MeshClient;
import io.meshwork.card.ProductConsumer;
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshException;
import io.meshwork.error.NotFoundException;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.conformance.fixture.AmendedOrders.Customers;
import io.meshwork.internal.conformance.fixture.AmendedOrders.Ids;
import io.meshwork.internal.conformance.fixture.RolloutFixture;
import io.meshwork.internal.conformance.fixture.TrackedRollout;
import io.meshwork.maintenance.Maintain.Report.Work;
import io.meshwork.notice.Notice;
import io.meshwork.notice.Notice.Kind;
import io.meshwork.operation.Plan;
import io.meshwork.product.Snapshot;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.rollout.Rollout;
import io.meshwork.rollout.Rollout.Track;
import io.meshwork.rollout.Rollout.Track.Answer;
import io.meshwork.rollout.StartRollout.RolloutPlan;
import io.meshwork.testkit.Faults.Port;
import java.time.Duration;
import java.time.LocalDate;
import java.time.Period;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An announcement notifies and reminds each consumer, and begins the notice period. */
public abstract class AnnouncementsSuite extends RolloutFixture {
  private final TrackedRollout tracked = new TrackedRollout(this);

  @Test
  void thePlanOfARolloutNamesEveryConsumerAndWhatItReadsThrough() {
    MeshClient shop = shopWithRows();
    MeshClient finance = registerFinance();
    readAll(subscribe(finance, "ids", Ids.class));
    tracked.registerSales();
    all(tracked.sales().read(ORDERS).as(Customers.class));
    finance
        .defineProduct("finance/invoices")
        .contract(Contract.of(Ids.class).require(references("id", ORDERS, "id").id("ordered")))
        .commit();
    finance.defineProduct("finance/buyers").contract(Contract.of(Customers.class)).commit();
    Snapshot input;
    try (Rows<?> rows = finance.read(ORDERS).columns("id").rows()) {
      input = rows.snapshot().orElseThrow();
    }
    finance
        .publish("finance/buyers")
        .records(List.of(new Customers("customer 1")))
        .derivedFrom(input, "customer=customer")
        .commit();

    RolloutPlan plan = rollOut(shop).plan();

    assertThat(plan.consumers())
        .extracting(ProductConsumer::kind, ProductConsumer::name, ProductConsumer::isSafe)
        .containsExactly(
            tuple(ProductConsumer.Kind.READER, "sales", false),
            tuple(ProductConsumer.Kind.DERIVED_PRODUCT, "finance/buyers", false),
            tuple(ProductConsumer.Kind.SUBSCRIPTION, "finance/ids", true),
            tuple(ProductConsumer.Kind.READER, "finance", true),
            tuple(ProductConsumer.Kind.REFERRING_RULE, "finance/invoices", true));
    assertThat(plan.consumers())
        .filteredOn(consumer -> consumer.kind() == ProductConsumer.Kind.READER)
        .allSatisfy(
            consumer ->
                assertThat(consumer.access())
                    .extracting(Object::toString)
                    .containsExactly("open to the mesh"))
        .extracting(ProductConsumer::contact)
        .containsExactly("sales@example.org", "finance@example.org");
    assertThat(plan.toString()).contains("sales@example.org", "by customer was renamed to buyer");
    assertThat(plan.commit().state()).isEqualTo(Rollout.State.PLANNED);
  }

  @Test
  void thePlanOfAnAnnouncementNamesEachConsumerItsContactAndItsDate() {
    MajorRollout planned = tracked.planned();
    State before = state();

    Plan<MajorRollout> plan = planned.announce().plan();

    assertNothingChanged(before);
    assertThat(plan.steps()).extracting(Plan.Step::verb).startsWith("announce", "notify");
    assertThat(plan.toString())
        .contains(
            "2026-12-20",
            "finance/customers",
            "finance/ids",
            "sales/@",
            "finance@example.org",
            "sales@example.org");
    MajorRollout announced = plan.commit();
    assertThat(announced.state()).isEqualTo(Rollout.State.ANNOUNCED);
    assertThat(announced.announcedAt()).contains(clock.instant());
    assertThat(announced.noticeEnds()).contains(EARLIEST);
    assertThat(announced.tracks())
        .extracting(Track::consumer)
        .containsExactly("finance/customers", "finance/ids", "sales/@");
    assertThat(announced.tracks()).extracting(Track::date).containsOnly(EARLIEST);
    assertThat(announced.waitingFor()).hasSize(3);
    assertThat(announced.toString())
        .contains("waits   for finance/customers, finance/ids, sales/@", "WAITING", "NONE");
    assertWhole();
  }

  @Test
  void eachConsumerReceivesItsOwnNoticeWithTheChangesOfItsColumns() {
    MajorRollout planned = tracked.planned();
    tracked.notified(Kind.SUBSCRIBED);

    planned.announce().commit();

    List<Notice> sent = tracked.notified(Kind.ROLLOUT_OFFERED);
    assertThat(sent)
        .extracting(notice -> notice.facts().get("consumer"), Notice::to)
        .containsExactlyInAnyOrder(
            tuple("finance/customers", "finance@example.org"),
            tuple("finance/ids", "finance@example.org"),
            tuple("sales/@", "sales@example.org"));
    assertThat(sent).extracting(Notice::id).doesNotHaveDuplicates();
    assertThat(notice(sent, "finance/customers").text())
        .contains(
            "customer was renamed to buyer",
            "2026-12-20",
            REASON,
            "track(\"finance/customers\").agree()")
        .doesNotContain("finance/ids", "amount was removed");
    assertThat(notice(sent, "finance/ids").text())
        .contains("No change breaks finance/ids")
        .doesNotContain("customer was renamed to buyer", "finance/customers");
    assertThat(notice(sent, "sales/@").text()).contains("customer was renamed to buyer");
    shop().rollout(ORDERS).announce().commit();
    assertThat(tracked.notified(Kind.ROLLOUT_OFFERED)).as("announced again").isEmpty();
  }

  @Test
  void aConsumerThatAppearsAfterTheAnnouncementHasATrackAtOnce() {
    tracked.planned().announce().commit();
    tracked.notified(Kind.ROLLOUT_OFFERED);
    MeshClient audit = as("audit");
    audit.registerDomain("audit").owner("audit@example.org").commit();
    clock.advance(Duration.ofDays(1));
    all(audit.read(ORDERS).as(Ids.class));
    Subscription<Ids> late = subscribe(audit, "late", Ids.class);

    assertThat(audit.rollout(ORDERS).tracks())
        .extracting(Track::consumer)
        .containsExactly("audit/@", "audit/late");
    assertThat(tracked.track(audit, "late").date()).isEqualTo(EARLIEST);
    Track agreed = tracked.track(audit, "late").agree().commit();
    assertThat(agreed.answer()).isEqualTo(Answer.AGREED);

    assertThat(shop().rollout(ORDERS).announce().plan().toString())
        .contains("audit/@", "audit/late")
        .doesNotContain("finance/ids");
    assertThat(maintain().total(Work.REMINDERS_SENT)).isEqualTo(2);
    assertThat(tracked.notified(Kind.ROLLOUT_OFFERED))
        .extracting(notice -> notice.facts().get("consumer"))
        .containsExactlyInAnyOrder("audit/@", "audit/late");
    assertThat(tracked.track(audit, "late").answer()).isEqualTo(Answer.AGREED);
    readAll(late);
    assertThat(maintain().total(Work.REMINDERS_SENT)).isZero();
  }

  @Test
  void aSubscriptionOrAReadDuringTheAnnouncementIsTracked() {
    MeshClient shop = shopWithRows();
    MeshClient finance = registerFinance();
    tracked.registerSales();
    MajorRollout planned = rollOut(shop).withoutHistory().commit();
    for (int read = 1; read <= 16; read *= 2) {
      String name = "during-" + read;
      faults.on(Port.REGISTRY_READ).nth(read).meanwhile(() -> subscribe(finance, name, Ids.class));
      shop.rollout(ORDERS).announce().commit();
      faults.clear();
    }
    faults
        .on(Port.REGISTRY_READ)
        .nth(3)
        .meanwhile(() -> all(tracked.sales().read(ORDERS).as(Ids.class)));
    shop.rollout(ORDERS).announce().commit();
    faults.clear();

    assertThat(planned.tracks())
        .extracting(Track::consumer)
        .contains("finance/during-1", "finance/during-4", "sales/@");
    assertThat(planned.tracks())
        .extracting(Track::consumer)
        .containsAll(
            finance.subscriptions(ORDERS).stream()
                .map(subscription -> subscription.domain() + "/" + subscription.name())
                .toList());
    assertWhole();
  }

  @Test
  void remindersComeCloserAndReachTheDomainOwnerAndEachIsSentOnce() {
    reopen(builder -> builder.notifier("test", tracked.notices));
    MeshClient shop = shopWithRows();
    MeshClient finance = registerFinance();
    finance
        .subscribe(ORDERS)
        .name("ids")
        .purpose("Revenue")
        .contact("team@example.org")
        .as(Ids.class)
        .commit();
    rollOut(shop).withoutHistory().commit().announce().commit();
    tracked.notified(Kind.ROLLOUT_OFFERED);

    assertThat(reminded()).isEmpty();
    clock.advance(Duration.ofDays(16));
    assertThat(mesh.maintain().plan().toString()).contains("finance/ids of its date");
    assertThat(reminded()).containsExactly("team@example.org");
    assertThat(reminded()).as("sent once").isEmpty();
    clock.advance(Duration.ofDays(9));
    assertThat(reminded()).containsExactly("team@example.org", "finance@example.org");
    assertThat(reminded()).isEmpty();
    for (int day = 0; day < 3; day++) {
      clock.advance(Duration.ofDays(day == 0 ? 3 : 1));
      assertThat(reminded()).hasSize(2);
    }
    clock.advance(Duration.ofDays(2));
    assertThat(reminded()).as("the date is over").isEmpty();
  }

  private List<String> reminded() {
    mesh.maintain().commit();
    return tracked.notified(Kind.ROLLOUT_REMINDED).stream().map(Notice::to).toList();
  }

  @Test
  void aReleasedConsumerIsNotReminded() {
    tracked.planned().announce().commit().activate().commit();
    all(tracked.sales().read(ORDERS).majorVersion(2).as(Buyers.class));
    tracked.track(tracked.sales(), "@").moved().because("Done").commit();
    tracked.notified(Kind.ROLLOUT_OFFERED);
    clock.advance(Duration.ofDays(16));

    mesh.maintain().commit();

    assertThat(tracked.notified(Kind.ROLLOUT_REMINDED))
        .extracting(notice -> notice.facts().get("consumer"))
        .containsExactlyInAnyOrder("finance/customers", "finance/ids");
  }

  @Test
  void anInterruptedAnnouncementIsCompleted() {
    reopen(builder -> builder.notifier("test", tracked.notices));
    MeshClient shop = shopWithRows();
    MeshClient finance = registerFinance();
    for (int i = 10; i < 35; i++) {
      subscribe(finance, "job-" + i, Ids.class);
    }
    MajorRollout planned = rollOut(shop).withoutHistory().commit();
    tracked.notified(Kind.SUBSCRIBED);
    faults
        .on(Port.REGISTRY_COMMIT)
        .nth(2)
        .meanwhile(
            () ->
                faults
                    .on(Port.REGISTRY_READ, Port.REGISTRY_LIST, Port.REGISTRY_COMMIT)
                    .failBefore());

    assertThatThrownBy(() -> planned.announce().commit()).isInstanceOf(MeshException.class);
    faults.clear();

    assertThat(shop.rollout(ORDERS).state()).isEqualTo(Rollout.State.ANNOUNCED);
    assertThat(planned.tracks()).as("all have a track").hasSize(25);
    assertThat(tracked.notified(Kind.ROLLOUT_OFFERED)).hasSize(20);
    shop.rollout(ORDERS).announce().commit();
    assertThat(tracked.notified(Kind.ROLLOUT_OFFERED)).hasSize(5);
    assertThat(maintain().total(Work.REMINDERS_SENT)).isZero();
    assertThat(shop.events(ORDERS).list())
        .filteredOn(event -> event.type() == MeshEvent.Type.ROLLOUT_OFFERED)
        .hasSize(2);
    assertWhole();
  }

  @Test
  void anActiveRolloutIsAnnouncedLaterAndAnAnnouncedOneIsActivated() {
    MajorRollout active = tracked.planned().activate().commit();
    assertThat(active.tracks()).isEmpty();
    assertThat(active.announcedAt()).isEmpty();
    assertThatThrownBy(() -> active.track("finance/ids"))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("not announced");
    clock.advance(Duration.ofDays(2));

    MajorRollout announced = active.announce().commit();

    assertThat(announced.state()).isEqualTo(Rollout.State.PARALLEL);
    assertThat(announced.noticeEnds()).contains(EARLIEST.plusDays(2));
    assertThat(announced.retireAfter()).as("the earliest day").isEqualTo(EARLIEST.plusDays(2));
    assertThat(document("major/1").json()).contains("2026-12-22");
    assertThat(announced.tracks()).hasSize(3);
    assertThat(announced.announce().commit().announcedAt()).isEqualTo(announced.announcedAt());
  }

  @Test
  void aDateWithinTheNoticePeriodIsRefusedWithTheDateToUse() {
    MeshClient shop = shopWithRows();
    MajorRollout planned = rollOut(shop).retireAfter(EARLIEST.plusDays(1)).commit();
    clock.advance(Duration.ofDays(5));

    Plan<MajorRollout> plan = planned.announce().plan();

    assertThat(plan.findings())
        .extracting(Finding::code)
        .containsExactly(FindingCode.DATE_WITHIN_NOTICE);
    assertConflict(plan::commit, "2026-12-21", "extend(..) with 2026-12-25");
    planned.extend(EARLIEST.plusDays(5)).commit();
    assertThat(shop.rollout(ORDERS).announce().commit().retireAfter())
        .isEqualTo(EARLIEST.plusDays(5));
  }

  @Test
  void theNoticePeriodIsThatOfTheCurrentContractAtTheAnnouncement() {
    MajorRollout announced = tracked.planned().announce().commit();

    shop()
        .amendContract(ORDERS)
        .change(current -> current.noticePeriod(Period.ofDays(60)))
        .commit();

    assertThat(shop().rollout(ORDERS).noticeEnds()).isEqualTo(announced.noticeEnds());
  }

  @Test
  void anAbortedRolloutIsAnsweredByNoOneAndItsConsumersAreNotified() {
    MajorRollout announced = tracked.planned().announce().commit();
    Track track = tracked.track(tracked.finance(), "ids");
    tracked.notified(Kind.ROLLOUT_OFFERED);

    announced.abort().because("Wrong unit").commit();

    assertThat(tracked.notified(Kind.ROLLOUT_ABORTED))
        .extracting(notice -> notice.facts().get("consumer"))
        .containsExactlyInAnyOrder("finance/customers", "finance/ids", "sales/@");
    assertConflict(() -> track.agree().commit(), "ABORTED");
    assertConflict(() -> announced.announce().commit(), "ABORTED");
    assertThat(shop().rollout(ORDERS).waitingFor()).isEmpty();
    clock.advance(Duration.ofDays(16));
    assertThat(maintain().total(Work.REMINDERS_SENT)).isZero();
  }

  @Test
  void aDateHasAYearOfFourDigits() {
    MajorRollout announced = tracked.planned().announce().commit();
    Track track = tracked.track(tracked.finance(), "ids");

    for (LocalDate date : List.of(LocalDate.MAX, LocalDate.MIN)) {
      assertThatThrownBy(() -> track.counter(date).because("Never"))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("Use a year from 1 to 9999.");
      assertThatThrownBy(() -> announced.extend(date)).isInstanceOf(InvalidRequestException.class);
    }
  }
}
