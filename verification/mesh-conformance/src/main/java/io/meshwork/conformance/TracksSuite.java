package io.meshwork.conformance;

import static io.meshwork.contract.Rule.references;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.MeshClient;
import io.meshwork.card.ProductConsumer;
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshException;
import io.meshwork.error.NotFoundException;
import io.meshwork.event.EventDetails;
import io.meshwork.event.MeshEvent;
import io.meshwork.maintenance.Maintain.Report.Work;
import io.meshwork.notice.Notice;
import io.meshwork.notice.Notice.Kind;
import io.meshwork.operation.Plan;
import io.meshwork.product.Snapshot;
import io.meshwork.rollout.Rollout;
import io.meshwork.rollout.RolloutPlan;
import io.meshwork.rollout.Track;
import io.meshwork.rollout.Track.Answer;
import io.meshwork.testkit.Faults.Port;
import io.meshwork.testkit.RecordingNotifier;
import java.time.Duration;
import java.time.LocalDate;
import java.time.Period;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Each consumer of a rollout has a track: a date, an answer, and what its reads prove. */
abstract class TracksSuite extends RolloutFixture {
  private static final LocalDate EARLIEST = LocalDate.parse("2026-12-20");

  private final RecordingNotifier notices = new RecordingNotifier();

  /** A rollout of which two consumers of finance and one of sales are to be notified. */
  private Rollout planned() {
    reopen(builder -> builder.notifier("test", notices));
    MeshClient shop = shopWithRows();
    MeshClient finance = registerFinance();
    readAll(subscribe(finance, "customers", Customers.class));
    readAll(subscribe(finance, "ids", Ids.class));
    registerSales();
    all(sales().read(ORDERS).as(Customers.class));
    return rollOut(shop).withoutHistory("Old orders have no cents").commit();
  }

  private void registerSales() {
    sales().registerDomain("sales").ownedBy("sales@example.org").commit();
  }

  private MeshClient sales() {
    return as("sales");
  }

  private MeshClient finance() {
    return as("finance");
  }

  private Track track(MeshClient client, String consumer) {
    return client.rollout(ORDERS).track(consumer);
  }

  private List<Notice> notified(Kind kind) {
    mesh.deliverNotices();
    List<Notice> sent = notices.once().stream().filter(each -> each.kind() == kind).toList();
    notices.clear();
    return sent;
  }

  private static void assertConflict(ThrowingCallable call, String... words) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ConflictException.class,
            refused -> assertThat(refused.errorCode()).isEqualTo(ErrorCode.STATE_CONFLICT))
        .hasMessageContainingAll(words);
  }

  @Test
  void thePlanOfARolloutNamesEveryConsumerAndWhatItReadsThrough() {
    MeshClient shop = shopWithRows();
    MeshClient finance = registerFinance();
    readAll(subscribe(finance, "ids", Ids.class));
    registerSales();
    all(sales().read(ORDERS).as(Customers.class));
    finance
        .defineProduct("finance/invoices")
        .contract(Contract.of(Ids.class).require(references("id", ORDERS, "id").id("ordered")))
        .commit();
    finance.defineProduct("finance/buyers").contract(Contract.of(Customers.class)).commit();
    Snapshot input;
    try (Rows<?> rows = finance.read(ORDERS).columns("id").read()) {
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
    assertThat(plan.toString()).contains("sales@example.org", "by customer was removed");
    assertThat(plan.commit().state()).isEqualTo(Rollout.State.PLANNED);
  }

  @Test
  void thePlanOfAnAnnouncementNamesEachConsumerItsContactAndItsDate() {
    Rollout planned = planned();
    State before = state();

    Plan<Rollout> plan = planned.announce().plan();

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
    Rollout announced = plan.commit();
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
    Rollout planned = planned();
    notified(Kind.SUBSCRIBED);

    planned.announce().commit();

    List<Notice> sent = notified(Kind.ROLLOUT_OFFERED);
    assertThat(sent)
        .extracting(notice -> notice.facts().get("consumer"), Notice::to)
        .containsExactlyInAnyOrder(
            tuple("finance/customers", "finance@example.org"),
            tuple("finance/ids", "finance@example.org"),
            tuple("sales/@", "sales@example.org"));
    assertThat(sent).extracting(Notice::id).doesNotHaveDuplicates();
    assertThat(notice(sent, "finance/customers").text())
        .contains(
            "customer was removed", "2026-12-20", REASON, "track(\"finance/customers\").agree()")
        .doesNotContain("finance/ids", "amount was removed");
    assertThat(notice(sent, "finance/ids").text())
        .contains("No change breaks finance/ids")
        .doesNotContain("customer was removed", "finance/customers");
    assertThat(notice(sent, "sales/@").text()).contains("customer was removed");
    shop().rollout(ORDERS).announce().commit();
    assertThat(notified(Kind.ROLLOUT_OFFERED)).as("announced again").isEmpty();
  }

  private static Notice notice(List<Notice> sent, String consumer) {
    return sent.stream()
        .filter(notice -> consumer.equals(notice.facts().get("consumer")))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aConsumerSeesAndAnswersItsOwnTracksOnly() {
    planned().announce().commit();

    assertThat(finance().rollout(ORDERS).tracks())
        .extracting(Track::consumer)
        .containsExactly("finance/customers", "finance/ids");
    assertThat(sales().rollout(ORDERS).tracks())
        .extracting(Track::consumer)
        .containsExactly("sales/@");
    assertThat(sales().rollout(ORDERS).toString()).doesNotContain("finance/");
    assertThat(track(sales(), "@").subscribed()).isFalse();
    assertThatThrownBy(() -> track(sales(), "finance/ids")).isInstanceOf(NotFoundException.class);
    Track seenByOwner = track(shop(), "finance/ids");
    State before = state();
    assertThatThrownBy(() -> seenByOwner.agree().commit())
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> seenByOwner.moved("Yes").commit())
        .isInstanceOf(AccessDeniedException.class);
    Track own = track(finance(), "ids");
    assertThatThrownBy(() -> own.accept().commit()).isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> own.offer(EARLIEST.plusDays(9)).commit())
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> finance().rollout(ORDERS).announce().commit())
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> finance().rollout(ORDERS).extend(EARLIEST.plusDays(9)).commit())
        .isInstanceOf(AccessDeniedException.class);
    assertNothingChanged(before);
  }

  @Test
  void aCounterOfferHoldsOnceTheOwnerAcceptsIt() {
    planned().announce().commit();
    notified(Kind.ROLLOUT_OFFERED);
    LocalDate later = EARLIEST.plusDays(20);

    Track countered = track(finance(), "ids").counter(later, "Year end").commit();

    assertThat(countered.answer()).isEqualTo(Answer.COUNTERED);
    assertThat(countered.requestedDate()).contains(later);
    assertThat(countered.date()).as("not accepted yet").isEqualTo(EARLIEST);
    assertThat(countered).isEqualTo(track(finance(), "ids"));
    assertThat(notified(Kind.ROLLOUT_ANSWERED))
        .singleElement()
        .satisfies(
            notice -> {
              assertThat(notice.to()).isEqualTo("shop@example.org");
              assertThat(notice.text()).contains("finance/ids asks for 2027-01-09", "accept()");
              assertThat(notice.facts()).containsEntry("answer", "COUNTERED");
            });

    Track accepted = track(shop(), "finance/ids").accept().commit();

    assertThat(accepted.date()).isEqualTo(later);
    assertThat(accepted.answer()).isEqualTo(Answer.AGREED);
    assertThat(accepted.dateAccepted()).isTrue();
    assertThat(track(finance(), "ids")).isEqualTo(accepted);
    assertThat(track(finance(), "customers").date()).isEqualTo(EARLIEST);
    assertThat(notified(Kind.ROLLOUT_OFFERED))
        .singleElement()
        .satisfies(notice -> assertThat(notice.text()).contains("2027-01-09", "finance/ids"));
    assertThat(finance().events("finance").list())
        .filteredOn(event -> event.type().equals(MeshEvent.ROLLOUT_ANSWERED))
        .singleElement()
        .satisfies(
            event ->
                assertThat(((EventDetails.RolloutChange) event.details()).because())
                    .contains("Year end"));
    assertConflict(() -> track(shop(), "finance/ids").accept().commit(), "does not ask", "AGREED");
    assertWhole();
  }

  @Test
  void anOfferInReturnHoldsAtOnceAndTheConsumerAgreesToIt() {
    planned().announce().commit();
    track(finance(), "ids").counter(EARLIEST.plusDays(60), "Year end").commit();
    LocalDate between = EARLIEST.plusDays(30);

    Track offered = track(shop(), "finance/ids").offer(between).commit();

    assertThat(offered.date()).isEqualTo(between);
    assertThat(offered.answer()).isEqualTo(Answer.NONE);
    assertThat(track(finance(), "ids").agree().commit().dateAccepted()).isTrue();
    Track again = track(finance(), "ids").agree().commit();
    assertThat(again.answer()).isEqualTo(Answer.AGREED);
    assertThat(finance().events("finance").list())
        .as("a repeated answer does not create an event")
        .filteredOn(event -> event.type().equals(MeshEvent.ROLLOUT_ANSWERED))
        .hasSize(2);
  }

  @Test
  void anAnswerToASupersededOfferIsAConflictThatNamesTheNewDate() {
    planned().announce().commit();
    Track read = track(finance(), "ids");
    Track readByOwner = track(shop(), "finance/ids");
    track(shop(), "finance/ids").offer(EARLIEST.plusDays(7)).commit();

    assertConflict(() -> read.agree().commit(), "2026-12-27", "Read the track again");
    assertConflict(() -> read.counter(EARLIEST.plusDays(9), "No").commit(), "2026-12-27");
    assertConflict(() -> read.object("No").commit(), "2026-12-27");
    track(finance(), "ids").counter(EARLIEST.plusDays(40), "Year end").commit();

    assertConflict(
        () -> readByOwner.offer(EARLIEST.plusDays(8)).commit(), "COUNTERED", "2027-01-29");
  }

  @Test
  void anOfferThatCommitsDuringAnAnswerIsNotAnswered() {
    planned().announce().commit();
    for (int read = 1; read <= 16; read *= 2) {
      LocalDate date = track(shop(), "finance/ids").date().plusDays(1);
      var answer = track(finance(), "ids").object("No " + read);
      faults
          .on(Port.REGISTRY_READ)
          .nth(read)
          .meanwhile(() -> track(shop(), "finance/ids").offer(date).commit());
      assertConflict(answer::commit, date.toString());
      faults.clear();
    }
    assertThat(track(finance(), "ids").answer()).isEqualTo(Answer.NONE);
  }

  @Test
  void anObjectionKeepsTheDateAndReachesTheOwner() {
    planned().announce().commit();
    notified(Kind.ROLLOUT_OFFERED);

    Track objected = track(sales(), "@").object("We need euros").commit();

    assertThat(objected.answer()).isEqualTo(Answer.OBJECTED);
    assertThat(objected.answerReason()).contains("We need euros");
    assertThat(objected.date()).isEqualTo(EARLIEST);
    assertThat(notified(Kind.ROLLOUT_ANSWERED))
        .extracting(Notice::text)
        .singleElement()
        .asString()
        .contains("sales/@ objects: We need euros", "offer(date)");
    assertThat(shop().rollout(ORDERS).toString()).contains("OBJECTED: We need euros");
  }

  @Test
  void silenceAcceptsTheDateAndProvesNothing() {
    planned().announce().commit();
    clock.advance(Duration.ofDays(14));
    assertThat(track(finance(), "ids").dateAccepted()).isFalse();
    clock.advance(Duration.ofDays(2));

    Track silent = track(finance(), "ids");

    assertThat(silent.dateAccepted()).isTrue();
    assertThat(silent.answer()).isEqualTo(Answer.NONE);
    assertThat(silent.state()).isEqualTo(Track.State.WAITING);
    assertThat(silent.released()).isFalse();
    clock.advance(Duration.ofDays(40));
    assertThat(track(finance(), "ids").released()).as("a subscription is waited for").isFalse();
    assertThat(track(sales(), "@").released()).as("its notice ended").isTrue();
  }

  @Test
  void anEarlierDateNeedsTheAgreementOfTheConsumer() {
    planned().announce().commit();
    LocalDate later = EARLIEST.plusDays(30);
    track(shop(), "finance/ids").offer(later).commit();

    Track proposed = track(shop(), "finance/ids").offer(EARLIEST).commit();

    assertThat(proposed.date()).isEqualTo(later);
    assertThat(proposed.earlierDate()).contains(EARLIEST);
    Track agreed = track(finance(), "ids").agree().commit();
    assertThat(agreed.date()).isEqualTo(EARLIEST);
    assertThat(agreed.earlierDate()).isEmpty();
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> track(shop(), "finance/ids").offer(EARLIEST.minusDays(1)).commit(),
        "2026-12-19",
        "notice period",
        "Offer 2026-12-20");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> track(finance(), "ids").counter(EARLIEST, "Earlier").commit(),
        "not after 2026-12-20",
        "agree()");
  }

  @Test
  void anExtensionGivesAllConsumersALaterDate() {
    Rollout announced = planned().announce().commit();
    LocalDate later = EARLIEST.plusDays(10);
    track(shop(), "sales/@").offer(EARLIEST.plusDays(20)).commit();

    assertConflict(() -> announced.extend(later).commit(), "sales/@", "2027-01-09");
    Rollout extended = announced.extend(EARLIEST.plusDays(25)).commit();

    assertThat(extended.retireAfter()).isEqualTo(EARLIEST.plusDays(25));
    assertThat(extended.tracks()).extracting(Track::date).containsOnly(EARLIEST.plusDays(25));
    assertConflict(() -> announced.extend(EARLIEST).commit(), "2027-01-14", "offer(..)");
    Rollout active = shop().rollout(ORDERS).activate().commit();
    assertThat(document("major/1").json()).contains("2027-01-14");
    active.extend(EARLIEST.plusDays(26)).commit();
    assertThat(document("major/1").json()).contains("2027-01-15");
    assertThat(track(finance(), "ids").date()).isEqualTo(EARLIEST.plusDays(26));
  }

  @Test
  void readsProveAMoveAndADeclarationReplacesTheQuietPeriodOnly() {
    planned().announce().commit().activate().commit();

    assertConflict(
        () -> track(sales(), "@").moved("Done").commit(), "no read of major version 2", "first");
    all(sales().read(ORDERS).majorVersion(2).as(Buyers.class));
    assertThat(track(sales(), "@").state()).isEqualTo(Track.State.MIGRATING);

    Track moved = track(sales(), "@").moved("The job reads cents").commit();

    assertThat(moved.state()).isEqualTo(Track.State.MIGRATED);
    assertThat(moved.released()).isTrue();
    assertThat(shop().rollout(ORDERS).waitingFor())
        .extracting(Track::consumer)
        .containsExactly("finance/customers", "finance/ids");
    clock.advance(Duration.ofDays(1));
    all(sales().read(ORDERS).as(Customers.class));
    assertThat(track(sales(), "@").state())
        .as("it reads the old one")
        .isEqualTo(Track.State.MIGRATING);
  }

  @Test
  void aConsumerThatAppearsAfterTheAnnouncementHasATrackAtOnce() {
    planned().announce().commit();
    notified(Kind.ROLLOUT_OFFERED);
    MeshClient audit = as("audit");
    audit.registerDomain("audit").ownedBy("audit@example.org").commit();
    clock.advance(Duration.ofDays(1));
    all(audit.read(ORDERS).as(Ids.class));
    Subscription<Ids> late = subscribe(audit, "late", Ids.class);

    assertThat(audit.rollout(ORDERS).tracks())
        .extracting(Track::consumer)
        .containsExactly("audit/@", "audit/late");
    assertThat(track(audit, "late").date()).isEqualTo(EARLIEST);
    Track agreed = track(audit, "late").agree().commit();
    assertThat(agreed.answer()).isEqualTo(Answer.AGREED);

    assertThat(shop().rollout(ORDERS).announce().plan().toString())
        .contains("audit/@", "audit/late")
        .doesNotContain("finance/ids");
    assertThat(maintain().total(Work.REMINDERS_SENT)).isEqualTo(2);
    assertThat(notified(Kind.ROLLOUT_OFFERED))
        .extracting(notice -> notice.facts().get("consumer"))
        .containsExactlyInAnyOrder("audit/@", "audit/late");
    assertThat(track(audit, "late").answer()).isEqualTo(Answer.AGREED);
    readAll(late);
    assertThat(maintain().total(Work.REMINDERS_SENT)).isZero();
  }

  @Test
  void aSubscriptionOrAReadDuringTheAnnouncementIsTracked() {
    MeshClient shop = shopWithRows();
    MeshClient finance = registerFinance();
    registerSales();
    Rollout planned = rollOut(shop).withoutHistory("None").commit();
    for (int read = 1; read <= 16; read *= 2) {
      String name = "during-" + read;
      faults.on(Port.REGISTRY_READ).nth(read).meanwhile(() -> subscribe(finance, name, Ids.class));
      shop.rollout(ORDERS).announce().commit();
      faults.clear();
    }
    faults.on(Port.REGISTRY_READ).nth(3).meanwhile(() -> all(sales().read(ORDERS).as(Ids.class)));
    shop.rollout(ORDERS).announce().commit();
    faults.clear();

    assertThat(planned.tracks())
        .extracting(Track::consumer)
        .contains("finance/during-1", "finance/during-4", "sales/@");
    assertThat(planned.tracks())
        .extracting(Track::consumer)
        .containsAll(
            finance.subscriptions(ORDERS).stream()
                .map(subscription -> card.domain() + "/" + subscription.name())
                .toList());
    assertWhole();
  }

  @Test
  void aConsumerThatLeavesIsNotWaitedFor() {
    planned().announce().commit();
    finance().unsubscribe(ORDERS, "ids").because("Replaced").commit();

    Track left = track(shop(), "finance/ids");

    assertThat(left.state()).isEqualTo(Track.State.DETACHED);
    assertThat(left.released()).isTrue();
    assertThat(left.reason()).contains("finance/etl", "closed");
    assertConflict(() -> track(finance(), "ids").agree().commit(), "DETACHED");
    subscribe(finance(), "ids", Ids.class);
    assertThat(track(finance(), "ids").state()).isEqualTo(Track.State.WAITING);
  }

  @Test
  void aConsumerWhoseRightIsRevokedIsNotWaitedForAndThePageNamesWhoRevokedIt() {
    MeshClient shop = registerShop();
    shop.defineProduct(ORDERS).contract(OLD).commit();
    MeshClient finance = registerFinance();
    String grant =
        shop.grant(ORDERS).to(finance.principal()).because("Accounts").commit().get(0).id();
    subscribe(finance, "ids", Ids.class);
    rollOut(shop).commit().announce().commit();
    assertThat(track(finance, "ids").state()).isEqualTo(Track.State.WAITING);
    clock.advance(Duration.ofDays(1));

    shop.access().revoke(grant).commit();

    Track revoked = track(shop, "finance/ids");
    assertThat(revoked.state()).isEqualTo(Track.State.DETACHED);
    assertThat(revoked.reason()).contains("revoked by commerce/etl", "2026-11-21");
  }

  @Test
  void remindersComeCloserAndReachTheDomainOwnerAndEachIsSentOnce() {
    reopen(builder -> builder.notifier("test", notices));
    MeshClient shop = shopWithRows();
    MeshClient finance = registerFinance();
    finance
        .subscribe(ORDERS)
        .named("ids")
        .purpose("Revenue")
        .contact("team@example.org")
        .as(Ids.class)
        .commit();
    rollOut(shop).withoutHistory("None").commit().announce().commit();
    notified(Kind.ROLLOUT_OFFERED);

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
    return notified(Kind.ROLLOUT_REMINDED).stream().map(Notice::to).toList();
  }

  @Test
  void aReleasedConsumerIsNotReminded() {
    planned().announce().commit().activate().commit();
    all(sales().read(ORDERS).majorVersion(2).as(Buyers.class));
    track(sales(), "@").moved("Done").commit();
    notified(Kind.ROLLOUT_OFFERED);
    clock.advance(Duration.ofDays(16));

    mesh.maintain().commit();

    assertThat(notified(Kind.ROLLOUT_REMINDED))
        .extracting(notice -> notice.facts().get("consumer"))
        .containsExactlyInAnyOrder("finance/customers", "finance/ids");
  }

  @Test
  void anInterruptedAnnouncementIsCompleted() {
    reopen(builder -> builder.notifier("test", notices));
    MeshClient shop = shopWithRows();
    MeshClient finance = registerFinance();
    for (int i = 10; i < 35; i++) {
      subscribe(finance, "job-" + i, Ids.class);
    }
    Rollout planned = rollOut(shop).withoutHistory("None").commit();
    notified(Kind.SUBSCRIBED);
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
    assertThat(notified(Kind.ROLLOUT_OFFERED)).hasSize(20);
    shop.rollout(ORDERS).announce().commit();
    assertThat(notified(Kind.ROLLOUT_OFFERED)).hasSize(5);
    assertThat(maintain().total(Work.REMINDERS_SENT)).isZero();
    assertThat(shop.events(ORDERS).list())
        .filteredOn(event -> event.type().equals(MeshEvent.ROLLOUT_OFFERED))
        .hasSize(2);
    assertWhole();
  }

  @Test
  void anActiveRolloutIsAnnouncedLaterAndAnAnnouncedOneIsActivated() {
    Rollout active = planned().activate().commit();
    assertThat(active.tracks()).isEmpty();
    assertThat(active.announcedAt()).isEmpty();
    assertThatThrownBy(() -> active.track("finance/ids"))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("not announced");
    clock.advance(Duration.ofDays(2));

    Rollout announced = active.announce().commit();

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
    Rollout planned = rollOut(shop).retireAfter(EARLIEST.plusDays(1)).commit();
    clock.advance(Duration.ofDays(5));

    Plan<Rollout> plan = planned.announce().plan();

    assertThat(plan.findings()).extracting(Finding::code).containsExactly("DATE_WITHIN_NOTICE");
    assertConflict(plan::commit, "2026-12-21", "extend(..) with 2026-12-25");
    planned.extend(EARLIEST.plusDays(5)).commit();
    assertThat(shop.rollout(ORDERS).announce().commit().retireAfter())
        .isEqualTo(EARLIEST.plusDays(5));
  }

  @Test
  void theNoticePeriodIsThatOfTheCurrentContractAtTheAnnouncement() {
    Rollout announced = planned().announce().commit();

    shop()
        .amendContract(ORDERS)
        .change(current -> current.noticePeriod(Period.ofDays(60)))
        .commit();

    assertThat(shop().rollout(ORDERS).noticeEnds()).isEqualTo(announced.noticeEnds());
  }

  @Test
  void anAbortedRolloutIsAnsweredByNoOneAndItsConsumersAreNotified() {
    Rollout announced = planned().announce().commit();
    Track track = track(finance(), "ids");
    notified(Kind.ROLLOUT_OFFERED);

    announced.abort("Wrong unit").commit();

    assertThat(notified(Kind.ROLLOUT_ABORTED))
        .extracting(notice -> notice.facts().get("consumer"))
        .containsExactlyInAnyOrder("finance/customers", "finance/ids");
    assertConflict(() -> track.agree().commit(), "ABORTED");
    assertConflict(() -> announced.announce().commit(), "ABORTED");
    assertThat(shop().rollout(ORDERS).waitingFor()).isEmpty();
    clock.advance(Duration.ofDays(16));
    assertThat(maintain().total(Work.REMINDERS_SENT)).isZero();
  }

  @Test
  void anAnswerIsCheckedAndCommittedOnce() {
    planned().announce().commit();
    Track read = track(finance(), "ids");

    assertThatThrownBy(() -> read.counter(EARLIEST.plusDays(1), " "))
        .isInstanceOf(InvalidRequestException.class);
    var seen = read.seen();
    assertThat(seen.commit().answer()).isEqualTo(Answer.SEEN);
    assertThatThrownBy(seen::commit).isInstanceOf(InvalidRequestException.class);
    assertThat(track(finance(), "ids").dateAccepted()).isFalse();
    assertThat(Optional.of(track(finance(), "ids").answer())).contains(Answer.SEEN);
  }

  @Test
  void aDateHasAYearOfFourDigits() {
    Rollout announced = planned().announce().commit();
    Track track = track(finance(), "ids");

    for (LocalDate date : List.of(LocalDate.MAX, LocalDate.MIN)) {
      assertThatThrownBy(() -> track.counter(date, "Never"))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("Use a year from 1 to 9999.");
      assertThatThrownBy(() -> announced.extend(date)).isInstanceOf(InvalidRequestException.class);
    }
  }
}
