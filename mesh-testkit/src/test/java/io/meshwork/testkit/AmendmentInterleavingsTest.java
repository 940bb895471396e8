package io.meshwork.testkit;

import static io.meshwork.testkit.OrdersRollout.FRESH;
import static io.meshwork.testkit.OrdersRollout.ORDERS;
import static io.meshwork.testkit.OrdersRollout.REVENUE;
import static io.meshwork.testkit.OrdersRollout.STALER;
import static io.meshwork.testkit.OrdersRollout.finance;
import static io.meshwork.testkit.OrdersRollout.last;
import static io.meshwork.testkit.OrdersRollout.read;
import static io.meshwork.testkit.OrdersRollout.revenue;
import static io.meshwork.testkit.OrdersRollout.shop;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.card.ProductCard;
import io.meshwork.card.ProductConsumer;
import io.meshwork.event.MeshEvent;
import io.meshwork.rollout.Rollout;
import io.meshwork.rollout.Rollout.Track;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;

/** The steps of an announced amendment of a contract, and other work at the same time. */
class AmendmentInterleavingsTest extends InterleavingsFixture {
  private static final Instant AFTER_THE_NOTICE = START.plus(Duration.ofDays(31));
  private static final String DESCRIPTION = "Orders of the shop";

  private static final Work ANNOUNCE = new Work("announce", 0, OrdersRollout::announce);
  private static final Work AMEND = new Work("the amendment", 0, OrdersRollout::retire);
  private static final Work ABORT = new Work("abort", 0, OrdersRollout::abort);

  private static final Work UNSUBSCRIBE = new Work("an unsubscribe", 0, OrdersRollout::unsubscribe);
  private static final Work READ =
      new Work("a first read", 1, mesh -> assertThat(read(finance(mesh), 1)).contains(0L, 2L));
  private static final Work OFFER =
      new Work("an offer of a later date", 0, AmendmentInterleavingsTest::offerLater);
  private static final Work EXTEND =
      new Work("an extension", 0, AmendmentInterleavingsTest::extend);
  private static final Work DESCRIBE =
      new Work("another amendment", 0, AmendmentInterleavingsTest::describe);
  private static final Work PUBLISH = new Work("a publish", 0, OrdersRollout::publish);

  private final Work subscribe = new Work("a subscription", 1, this::subscribe);
  private final Work poll = new Work("a poll", 0, mesh -> take(revenue(mesh).commit()));

  /** True if the new subscription was registered before the contract was amended. */
  private boolean subscribedToFresh;

  private MemoryPlace planned = empty();
  private MemoryPlace announced = planned;
  private MemoryPlace left = planned;

  private void subscribe(Mesh mesh) {
    OrdersRollout.subscribe(mesh, 1);
    subscribedToFresh = current(mesh).contract().freshWithin().equals(Optional.of(FRESH));
  }

  private static ProductCard.Version current(Mesh mesh) {
    return shop(mesh).describe(ORDERS).versions().get(0);
  }

  private static void offerLater(Mesh mesh) {
    Track track = last(mesh).track(REVENUE);
    track.offer(track.date().plusDays(20)).commit();
  }

  private static void extend(Mesh mesh) {
    Rollout<?> rollout = last(mesh);
    rollout.extend(rollout.retireAfter().plusDays(20)).commit();
  }

  private static void describe(Mesh mesh) {
    shop(mesh)
        .amendContract(ORDERS)
        .change(contract -> contract.description(DESCRIPTION))
        .because("For readers")
        .commit();
  }

  @BeforeAll
  void prepare() {
    planned = after(empty(), OrdersRollout::startAmendment);
    announced = after(planned, OrdersRollout::announce);
    left = after(announced, OrdersRollout::unsubscribe);
  }

  @Override
  boolean isCrucial(Pair pair) {
    return pair.step() == AMEND && Set.of(OFFER, DESCRIBE, subscribe).contains(pair.work());
  }

  @Override
  Stream<Pair> pairs() {
    List<Pair> pairs = new ArrayList<>();
    List<Work> others =
        List.of(
            subscribe,
            UNSUBSCRIBE,
            AGREE,
            COUNTER,
            OBJECT,
            OFFER,
            EXTEND,
            DESCRIBE,
            ABORT,
            READ,
            poll,
            PUBLISH);
    add(pairs, announced, AFTER_THE_NOTICE, List.of(AMEND), others);
    add(pairs, announced, LATER, List.of(AMEND), List.of(UNSUBSCRIBE));
    add(pairs, left, LATER, List.of(AMEND), List.of(subscribe, READ, DESCRIBE));
    add(
        pairs,
        planned,
        LATER,
        List.of(ANNOUNCE),
        List.of(subscribe, UNSUBSCRIBE, DESCRIBE, READ, poll, PUBLISH));
    add(
        pairs,
        announced,
        LATER,
        List.of(ABORT),
        List.of(subscribe, UNSUBSCRIBE, AGREE, COUNTER, OFFER, DESCRIBE));
    return pairs.stream();
  }

  @Override
  String results() {
    return super.results() + subscribedToFresh;
  }

  @Override
  void reset() {
    super.reset();
    subscribedToFresh = false;
  }

  @Override
  void check(
      Pair pair,
      Mesh mesh,
      Optional<RuntimeException> stepFailure,
      Optional<RuntimeException> workFailure) {
    MeshAssertions.assertThat(mesh).isHealthy();
    Rollout<?> rollout = last(mesh);
    boolean amended = pair.step() == AMEND && stepFailure.isEmpty();
    assertThat(rollout.state() == Rollout.State.AMENDED).isEqualTo(amended);
    checkContract(mesh, amended, pair.work() == DESCRIBE && workFailure.isEmpty());
    if (amended) {
      checkDates(mesh, rollout, LocalDate.ofInstant(pair.at(), ZoneOffset.UTC));
    }
    int rows = pair.work() == PUBLISH && workFailure.isEmpty() ? 5 : 3;
    assertThat(read(finance(mesh), 1)).hasSize(rows).doesNotHaveDuplicates();
    if (workFailure.isEmpty()) {
      checkAnswer(rollout, pair.work());
      checkOffered(rollout, pair.work());
    }
    if (!Set.of(OFFER, EXTEND).contains(pair.work())) {
      checkOffers(mesh, rollout);
    }
    if (pair.work() != UNSUBSCRIBE && pair.place() != left) {
      checkPosition(mesh);
    }
  }

  /** The contract has the announced terms if they were applied, and what else was amended. */
  private static void checkContract(Mesh mesh, boolean amended, boolean described) {
    ProductCard.Version version = current(mesh);
    assertThat(version.state()).hasToString("ACTIVE");
    assertThat(version.contract().freshWithin()).contains(amended ? STALER : FRESH);
    assertThat(version.contract().description()).isEqualTo(described ? DESCRIPTION : "");
    assertThat(version.version().toString()).startsWith(amended ? "1.1." : "1.0.");
    assertThat(
            shop(mesh).events(ORDERS).list().stream()
                .filter(event -> event.type() == MeshEvent.Type.PRODUCT_AMENDED))
        .hasSize((amended ? 1 : 0) + (described ? 1 : 0));
  }

  /** The contract was not amended under a consumer whose date is not over. */
  private void checkDates(Mesh mesh, Rollout<?> rollout, LocalDate today) {
    for (ProductConsumer consumer : subscribedTo(mesh, 1)) {
      boolean hadFresh = consumer.name().equals(REVENUE) || subscribedToFresh;
      assertThat(hadFresh && date(rollout, consumer).isAfter(today))
          .as("%s has the contract until %s", consumer.name(), date(rollout, consumer))
          .isFalse();
    }
  }

  /** The date of a consumer: its own, or that of the rollout. */
  private static LocalDate date(Rollout<?> rollout, ProductConsumer consumer) {
    return rollout.tracks().stream()
        .filter(track -> track.consumer().equals(consumer.name()))
        .map(Track::date)
        .findFirst()
        .orElse(rollout.retireAfter());
  }

  /** A later date that was offered holds. */
  private static void checkOffered(Rollout<?> rollout, Work work) {
    if (work == OFFER && !rollout.state().isEnded()) {
      assertThat(rollout.track(REVENUE).date()).isAfter(rollout.retireAfter());
    }
  }
}
