package io.meshwork.internal.conformance.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Contract.Contact;
import io.meshwork.contract.Contract.ContactScope;
import io.meshwork.contract.ServiceLevel;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.event.EventDetailsCodec;
import io.meshwork.maintenance.Maintain.Report.Work;
import io.meshwork.notice.Notice;
import io.meshwork.notice.Notice.Kind;
import io.meshwork.product.ProductName;
import io.meshwork.product.Snapshot;
import io.meshwork.testkit.RecordingNotifier;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A late product is announced once an episode, with its cause upstream, and so is its end. */
public abstract class LatenessSuite extends MeshFixture {
  private static final String REPORT = "finance/report";
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Contract PROMISING =
      Contract.of(Order.class)
          .freshWithin(HOUR)
          .contacts(
              new Contact("on call", "oncall@example.org", ContactScope.NOTIFICATIONS),
              new Contact("news", "news@example.org", ContactScope.ANNOUNCEMENTS),
              new Contact("questions", "help@example.org", ContactScope.INTERACTIVE));

  /** What the registries' clocks add to a time. */
  private static final Duration SLACK = Duration.ofSeconds(1);

  private record Visit(long id, Instant at) {}

  private final RecordingNotifier notices = new RecordingNotifier();

  private MeshClient finance() {
    return as("finance");
  }

  /** Orders that finance subscribes to, published now. */
  private void published() {
    reopen(builder -> builder.notifier("test", notices));
    defineOrders(PROMISING);
    registerFinance().subscribe(ORDERS).name("report").purpose("A report").commit();
    shop().publish(ORDERS).records(Order.range(0, 3)).commit();
    maintain();
    notices.clear();
  }

  private List<Notice> notified(Kind kind) {
    return notices.all().stream().filter(notice -> notice.kind() == kind).toList();
  }

  private long changes() {
    return maintain().total(Work.FRESHNESS_CHANGED);
  }

  private List<EventDetails.LatenessChange> logged(String product, MeshEvent.Type type) {
    return as(ProductName.of(product).domain()).events(product).list().stream()
        .filter(event -> event.type() == type)
        .map(event -> (EventDetails.LatenessChange) EventDetailsCodec.detailsOf(event))
        .toList();
  }

  @Test
  void aLateProductIsAnnouncedOnceToOwnerContactsAndSubscribers() {
    published();
    Instant since = clock.instant().plus(HOUR);
    clock.advance(HOUR);
    assertThat(changes()).as("exactly as old as promised").isZero();

    clock.advance(Duration.ofMinutes(1));
    assertThat(changes()).isEqualTo(1);
    clock.advance(HOUR);
    assertThat(changes()).as("once an episode").isZero();

    assertThat(notified(Kind.LATE))
        .extracting(Notice::to)
        .containsExactly(
            "shop@example.org", "oncall@example.org", "news@example.org", "finance@example.org");
    assertThat(notified(Kind.LATE))
        .allSatisfy(
            notice ->
                assertThat(notice.text())
                    .contains(ORDERS + ": major version 1 is late since " + since, "PT1H"));
    assertThat(logged(ORDERS, MeshEvent.Type.PRODUCT_LATE))
        .containsExactly(
            new EventDetails.LatenessChange(1, since, Optional.of(HOUR), List.of(), false));
    assertWhole();
  }

  @Test
  void aPublishEndsTheEpisodeAndNotifiesTheSame() {
    published();
    clock.advance(HOUR.plusMinutes(1));
    maintain();
    Instant since = logged(ORDERS, MeshEvent.Type.PRODUCT_LATE).get(0).since();

    shop().publish(ORDERS).records(Order.range(3, 4)).commit();
    maintain();

    assertThat(notified(Kind.FRESH_AGAIN))
        .extracting(Notice::to)
        .containsExactly(
            "shop@example.org", "oncall@example.org", "news@example.org", "finance@example.org");
    assertThat(logged(ORDERS, MeshEvent.Type.PRODUCT_FRESH))
        .containsExactly(
            new EventDetails.LatenessChange(1, since, Optional.empty(), List.of(), false));
    clock.advance(HOUR.plusMinutes(1));
    assertThat(changes()).as("another episode, which is escalated").isEqualTo(2);
    assertThat(logged(ORDERS, MeshEvent.Type.PRODUCT_LATE)).hasSize(2);
    assertWhole();
  }

  @Test
  void theCauseUpstreamIsNamedAndItsOwnerNotified() {
    published();
    finance()
        .defineProduct(REPORT)
        .contract(Contract.of(Order.class).freshWithin(HOUR.plusMinutes(30)))
        .openToMesh()
        .commit();
    Snapshot input = shop().read(ORDERS).snapshots().get(0);
    finance().publish(REPORT).records(Order.range(0, 1)).derivedFrom(input).commit();

    clock.advance(HOUR.plusMinutes(40));
    assertThat(changes()).isEqualTo(2);

    assertThat(logged(REPORT, MeshEvent.Type.PRODUCT_LATE))
        .singleElement()
        .satisfies(change -> assertThat(change.causes()).containsExactly(ProductName.of(ORDERS)));
    assertThat(notified(Kind.LATE))
        .filteredOn(notice -> notice.product().equals(ProductName.of(REPORT)))
        .extracting(Notice::to, notice -> notice.domain().name())
        .containsExactly(
            tuple("finance@example.org", "finance"), tuple("shop@example.org", "commerce"));
    assertThat(notified(Kind.LATE))
        .filteredOn(notice -> notice.to().equals("shop@example.org"))
        .filteredOn(notice -> notice.product().equals(ProductName.of(REPORT)))
        .singleElement()
        .satisfies(
            notice ->
                assertThat(notice.text())
                    .contains("The cause is upstream: " + ORDERS, "your product " + ORDERS));

    shop().publish(ORDERS).records(Order.range(3, 4)).commit();
    finance().publish(REPORT).records(Order.range(1, 2)).commit();
    maintain();
    assertThat(notified(Kind.FRESH_AGAIN))
        .filteredOn(notice -> notice.product().equals(ProductName.of(REPORT)))
        .extracting(Notice::to, notice -> notice.domain().name())
        .containsExactly(
            tuple("finance@example.org", "finance"), tuple("shop@example.org", "commerce"));
    assertWhole();
  }

  @Test
  void withAnEventTimeSubscribersDoNotLearnItFromANotice() {
    reopen(builder -> builder.notifier("test", notices));
    defineOrders(Contract.of(Order.class));
    shop()
        .defineProduct("commerce/visits")
        .contract(
            Contract.of(Visit.class)
                .serviceLevel(ServiceLevel.NONE.eventTime("at").freshWithin(HOUR)))
        .openToMesh()
        .commit();
    registerFinance().subscribe("commerce/visits").name("v").purpose("P").commit();
    shop().publish("commerce/visits").records(List.of(new Visit(1, clock.instant()))).commit();
    clock.advance(HOUR.plusMinutes(1));
    maintain();

    assertThat(notified(Kind.LATE))
        .filteredOn(notice -> notice.to().equals("finance@example.org"))
        .singleElement()
        .satisfies(
            notice -> {
              assertThat(notice.text()).contains("is late").doesNotContain("since", "PT1H");
              assertThat(notice.facts()).doesNotContainKeys("since", "freshWithin");
            });
    assertThat(notified(Kind.LATE))
        .filteredOn(notice -> notice.to().equals("shop@example.org"))
        .singleElement()
        .satisfies(notice -> assertThat(notice.text()).contains("since", "PT1H"));
  }

  @Test
  void theCauseUpstreamIsNamedIfItRecoveredBeforeTheLatenessWasJudged() {
    published();
    finance()
        .defineProduct(REPORT)
        .contract(Contract.of(Order.class).freshWithin(HOUR.plusMinutes(30)))
        .openToMesh()
        .commit();
    Snapshot input = shop().read(ORDERS).snapshots().get(0);
    finance().publish(REPORT).records(Order.range(0, 1)).derivedFrom(input).commit();

    clock.advance(HOUR.plusMinutes(40));
    shop().publish(ORDERS).records(Order.range(3, 4)).commit();
    assertThat(changes()).as("the input is fresh again").isEqualTo(1);

    assertThat(logged(REPORT, MeshEvent.Type.PRODUCT_LATE))
        .singleElement()
        .satisfies(change -> assertThat(change.causes()).containsExactly(ProductName.of(ORDERS)));
    finance().publish(REPORT).records(Order.range(1, 2)).commit();
    assertThat(logged(REPORT, MeshEvent.Type.PRODUCT_FRESH))
        .singleElement()
        .satisfies(change -> assertThat(change.causes()).containsExactly(ProductName.of(ORDERS)));
  }

  @Test
  void theEndOfAnEpisodeIsAnnouncedToThoseWhoLearnedOfItsBeginning() {
    published();
    clock.advance(HOUR.plusMinutes(1));
    maintain();
    finance().unsubscribe(ORDERS, "report").commit();
    as("growth").registerDomain("growth").owner("growth@example.org").commit();
    as("growth").subscribe(ORDERS).name("new").purpose("A report").commit();

    shop().publish(ORDERS).records(Order.range(3, 4)).commit();
    maintain();

    assertThat(notified(Kind.FRESH_AGAIN))
        .extracting(Notice::to)
        .containsExactlyElementsOf(notified(Kind.LATE).stream().map(Notice::to).toList())
        .contains("finance@example.org");
  }

  @Test
  void theCauseOfADiamondIsNamedOnce() {
    published();
    MeshClient finance = finance();
    Snapshot orders = shop().read(ORDERS).snapshots().get(0);
    for (String name : List.of("b", "c")) {
      derived("finance/" + name, List.of(orders));
    }
    derived(
        REPORT,
        List.of(
            finance.read("finance/b").snapshots().get(0),
            finance.read("finance/c").snapshots().get(0)));

    clock.advance(HOUR.plusMinutes(40));
    maintain();

    assertThat(logged(REPORT, MeshEvent.Type.PRODUCT_LATE))
        .singleElement()
        .satisfies(change -> assertThat(change.causes()).containsExactly(ProductName.of(ORDERS)));
  }

  private void derived(String product, List<Snapshot> inputs) {
    finance()
        .defineProduct(product)
        .contract(Contract.of(Order.class).freshWithin(HOUR.plusMinutes(product.length())))
        .openToMesh()
        .commit();
    var publish = finance().publish(product).records(Order.range(0, 1));
    for (Snapshot input : inputs) {
      publish = publish.derivedFrom(input);
    }
    publish.commit();
  }

  @Test
  void anInputThatWasOnTimeIsNotTheCause() {
    published();
    finance()
        .defineProduct(REPORT)
        .contract(Contract.of(Order.class).freshWithin(Duration.ofMinutes(30)))
        .openToMesh()
        .commit();
    Snapshot input = shop().read(ORDERS).snapshots().get(0);
    finance().publish(REPORT).records(Order.range(0, 1)).derivedFrom(input).commit();

    clock.advance(HOUR.plusMinutes(40));
    maintain();

    assertThat(logged(REPORT, MeshEvent.Type.PRODUCT_LATE))
        .singleElement()
        .satisfies(change -> assertThat(change.causes()).isEmpty());
  }

  @Test
  void aProductThatWasNeverPublishedIsLateFromItsDefinition() {
    reopen(builder -> builder.notifier("test", notices));
    defineOrders(PROMISING);
    Instant since = clock.instant().plus(HOUR);
    clock.advance(HOUR);
    assertThat(changes()).isZero();

    clock.advance(Duration.ofMinutes(1));
    assertThat(changes()).isEqualTo(1);

    assertThat(logged(ORDERS, MeshEvent.Type.PRODUCT_LATE))
        .singleElement()
        .satisfies(
            late -> assertThat(Duration.between(since, late.since()).abs()).isLessThan(SLACK));
    shop().publish(ORDERS).records(Order.range(0, 1)).commit();
    assertThat(logged(ORDERS, MeshEvent.Type.PRODUCT_FRESH)).hasSize(1);
    assertWhole();
  }

  @Test
  void longLatenessIsEscalatedOnceToTheOwnerAndTheStewardOfTheDomain() {
    reopen(builder -> builder.notifier("test", notices));
    as("commerce")
        .registerDomain("commerce")
        .owner("head@example.org")
        .steward("steward@example.org")
        .commit();
    shop()
        .defineProduct(ORDERS)
        .contract(PROMISING)
        .owner("orders@example.org")
        .openToMesh()
        .commit();
    shop().publish(ORDERS).records(Order.range(0, 1)).commit();
    clock.advance(HOUR.multipliedBy(4));
    assertThat(changes()).as("late for exactly three hours").isEqualTo(1);

    clock.advance(Duration.ofMinutes(1));
    assertThat(changes()).isEqualTo(1);
    clock.advance(Duration.ofDays(3));
    assertThat(changes()).as("once an episode").isZero();
    shop().publish(ORDERS).records(Order.range(1, 2)).commit();
    maintain();

    assertThat(notified(Kind.LATENESS_ESCALATED))
        .extracting(Notice::to)
        .containsExactly("head@example.org", "steward@example.org");
    assertThat(notified(Kind.LATENESS_ESCALATED).get(0).text())
        .contains("more than three times the promised age", "PT1H", "orders@example.org");
    assertThat(notified(Kind.FRESH_AGAIN))
        .extracting(Notice::to)
        .containsExactly(
            "orders@example.org",
            "oncall@example.org",
            "news@example.org",
            "head@example.org",
            "steward@example.org");
    assertWhole();
  }

  @Test
  void aSecondEpisodeWithinAWeekIsEscalated() {
    published();
    lateAndFresh();
    clock.advance(Duration.ofDays(7).minus(HOUR));
    shop().publish(ORDERS).records(Order.range(5, 6)).commit();
    lateAndFresh();
    assertThat(notified(Kind.LATENESS_ESCALATED)).as("more than a week later").isEmpty();

    lateAndFresh();

    assertThat(notified(Kind.LATENESS_ESCALATED))
        .singleElement()
        .satisfies(notice -> assertThat(notice.text()).contains("second time within seven days"));
  }

  private void lateAndFresh() {
    clock.advance(HOUR.plusMinutes(1));
    maintain();
    shop().publish(ORDERS).records(Order.range(3, 4)).commit();
    maintain();
  }

  @Test
  void severalSubscriptionsOfOneContactGetOneNotice() {
    published();
    finance().subscribe(ORDERS).name("second").purpose("Another").commit();
    clock.advance(HOUR.plusMinutes(1));
    maintain();

    assertThat(notified(Kind.LATE))
        .filteredOn(notice -> notice.to().equals("finance@example.org"))
        .singleElement()
        .satisfies(notice -> assertThat(notice.text()).contains("'report', 'second' of finance"));
  }

  /**
   * A month of daily arrivals: o on time, - none, f dated in the future, p rows of the past. Each
   * step is compared with the definitions.
   */
  @Test
  void aMonthOfArrivalsHasTheEpisodesOfTheDefinitions() {
    Duration limit = Duration.ofHours(26);
    registerShop()
        .defineProduct("commerce/visits")
        .contract(
            Contract.of(Visit.class)
                .serviceLevel(ServiceLevel.NONE.eventTime("at").freshWithin(limit)))
        .commit();
    Instant newest = Instant.EPOCH;
    Instant since = Instant.EPOCH;
    Instant began = Instant.MIN;
    boolean open = false;
    boolean escalated = false;
    boolean repeated = false;
    List<String> expected = new ArrayList<>();
    for (char arrival : "oo--ofoop-oooooooooo----ofo-oo".toCharArray()) {
      Instant now = clock.instant();
      if (arrival != '-') {
        Instant at =
            switch (arrival) {
              case 'f' -> now.plus(Duration.ofDays(5));
              case 'p' -> now.minus(Duration.ofHours(30));
              default -> now;
            };
        shop().publish("commerce/visits").records(List.of(new Visit(1, at))).commit();
        newest = !at.isAfter(now) && at.isAfter(newest) ? at : newest;
      }
      for (int half = 0; half < 2; half++) {
        boolean late = Duration.between(newest, now).compareTo(limit) > 0;
        if (open && !late) {
          expected.add(MeshEvent.Type.PRODUCT_FRESH + "@" + now);
          open = false;
        } else if (!open && late) {
          expected.add(MeshEvent.Type.PRODUCT_LATE + "@" + now);
          open = true;
          escalated = false;
          since = newest.plus(limit);
          repeated =
              !began.equals(Instant.MIN)
                  && Duration.between(began, now).compareTo(Duration.ofDays(7)) <= 0;
          began = now;
        }
        if (open && !escalated && (repeated || now.isAfter(since.plus(limit.multipliedBy(3))))) {
          expected.add(MeshEvent.Type.PRODUCT_LATENESS_ESCALATED + "@" + now);
          escalated = true;
        }
        maintain();
        clock.advance(Duration.ofHours(12));
        now = clock.instant();
      }
    }

    assertThat(
            shop().events("commerce/visits").list().stream()
                .filter(
                    event ->
                        EventDetailsCodec.detailsOf(event) instanceof EventDetails.LatenessChange)
                .map(event -> event.type() + "@" + event.at()))
        .containsExactlyElementsOf(expected)
        .anyMatch(text -> text.startsWith(MeshEvent.Type.PRODUCT_LATENESS_ESCALATED.name()));
    assertWhole();
  }

  @Test
  void anAmendmentThatPromisesLessEndsTheEpisode() {
    defineOrders(PROMISING);
    shop().publish(ORDERS).records(Order.range(0, 3)).commit();
    clock.advance(HOUR.plusMinutes(1));
    assertThat(changes()).isEqualTo(1);

    shop().amendContract(ORDERS, PROMISING.freshWithin(Duration.ofHours(6))).commit();

    assertThat(changes()).isEqualTo(1);
    assertThat(logged(ORDERS, MeshEvent.Type.PRODUCT_FRESH)).hasSize(1);
    assertWhole();
  }
}
