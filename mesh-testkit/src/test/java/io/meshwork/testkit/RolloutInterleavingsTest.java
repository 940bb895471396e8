package io.meshwork.testkit;

import static io.meshwork.testkit.OrdersRollout.ORDERS;
import static io.meshwork.testkit.OrdersRollout.REVENUE;
import static io.meshwork.testkit.OrdersRollout.finance;
import static io.meshwork.testkit.OrdersRollout.read;
import static io.meshwork.testkit.OrdersRollout.revenue;
import static io.meshwork.testkit.OrdersRollout.rollout;
import static io.meshwork.testkit.OrdersRollout.shop;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.card.ProductConsumer;
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscription;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.NotFoundException;
import io.meshwork.event.EventDetails.RolloutChange;
import io.meshwork.event.MeshEvent;
import io.meshwork.operation.Operation;
import io.meshwork.rollout.Rollout;
import io.meshwork.rollout.Track;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The steps of a rollout and the work of its consumers and jobs, interleaved call by call of the
 * registry. {@code -Dmeshwork.interleavings=N} runs N schedules of each pair.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RolloutInterleavingsTest {
  private static final int LIMIT = 4;
  private static final int LIMIT_OF_CRUCIAL = 30;
  private static final int NIGHTLY_LIMIT = 1_000;
  private static final long SEED = 15;
  private static final Instant START = Instant.parse("2026-11-20T08:00:00Z");
  private static final Instant LATER = START.plus(Duration.ofHours(1));

  private static final Work ANNOUNCE = new Work("announce", 0, OrdersRollout::announce);
  private static final Work BACK_FILL = new Work("back-fill", 0, OrdersRollout::backFill);
  private static final Work MAKE_CURRENT =
      new Work("makeCurrent", 0, mesh -> rollout(mesh).makeCurrent().commit());
  private static final Work CLOSE = new Work("close", 0, OrdersRollout::close);
  private static final Work RETIRE = new Work("retire", 0, OrdersRollout::retire);
  private static final Work RESTORE =
      new Work("restore", 0, mesh -> rollout(mesh).restore("A report needs it").commit());
  private static final Work PURGE =
      new Work("purge", 0, mesh -> rollout(mesh).purge("Not needed").commit());
  private static final Work ABORT = new Work("abort", 0, OrdersRollout::abort);

  private static final Work READ_OLD = new Work("a first read of v1", 1, mesh -> readAs(mesh, 1));
  private static final Work READ_NEW = new Work("a first read of v2", 2, mesh -> readAs(mesh, 2));
  private static final Work SUBSCRIBE_TO_OLD =
      new Work("a subscription to v1", 1, mesh -> OrdersRollout.subscribe(mesh, 1));
  private static final Work SUBSCRIBE_TO_NEW =
      new Work("a subscription to v2", 2, mesh -> OrdersRollout.subscribe(mesh, 2));
  private static final Work UNSUBSCRIBE = new Work("an unsubscribe", 0, OrdersRollout::unsubscribe);
  private static final Work AGREE = answer("an agreement", Track::agree);
  private static final Work COUNTER =
      answer("a counter-offer", track -> track.counter(track.date().plusDays(20), "Year end"));
  private static final Work OBJECT = answer("an objection", track -> track.object("Too soon"));
  private static final Work PUBLISH_OLD =
      new Work("a publish of v1 to both", 0, OrdersRollout::publishOld);
  private static final Work PUBLISH_NEW =
      new Work("a publish of v2 to both", 0, OrdersRollout::publishNew);
  private static final Work ERASE = new Work("an erase", 0, OrdersRollout::erase);
  private static final Work SUSPEND =
      new Work("a suspension", 0, mesh -> shop(mesh).suspend(ORDERS, "Wrong").commit());

  private int prepared;
  private final List<Long> taken = new ArrayList<>();
  private final Work poll = new Work("a poll", 0, mesh -> take(revenue(mesh).commit()));
  private final Work move = new Work("a move to v2", 2, mesh -> take(OrdersRollout.move(mesh, 2)));
  private final Work moveBack =
      new Work("a move back to v1", 1, mesh -> take(OrdersRollout.move(mesh, 1)));
  private final Work moveAndDeclare =
      new Work(
          "a move and its declaration",
          2,
          mesh -> {
            take(OrdersRollout.move(mesh, 2));
            declare(mesh);
          });

  private MemoryPlace planned = new MemoryPlace(new InMemoryRegistry(), new MemoryFileIO());
  private MemoryPlace parallel = planned;
  private MemoryPlace announced = planned;
  private MemoryPlace closing = planned;
  private MemoryPlace moved = planned;
  private MemoryPlace retired = planned;

  /**
   * What one of the processes does.
   *
   * @param needs the major version that a consumer uses if it succeeded; 0 for none
   */
  private record Work(String name, int needs, Consumer<Mesh> run) {}

  /** A step of a rollout, and other work at the same time. */
  private record Pair(MemoryPlace place, Instant at, Work step, Work work) {
    boolean isCrucial() {
      return Set.of(
              List.of(BACK_FILL, PUBLISH_OLD),
              List.of(ANNOUNCE, SUBSCRIBE_TO_OLD),
              List.of(ABORT, SUBSCRIBE_TO_NEW),
              List.of(ABORT, READ_NEW),
              List.of(RETIRE, READ_OLD))
          .contains(List.of(step, work));
    }

    @Override
    public String toString() {
      return step.name + " and " + work.name;
    }
  }

  private static Work answer(String name, Function<Track, Operation<Track>> answer) {
    return new Work(
        name, 0, mesh -> answer.apply(finance(mesh).rollout(ORDERS).track(REVENUE)).commit());
  }

  private static void readAs(Mesh mesh, int major) {
    assertThat(read(finance(mesh), major)).contains(0L, 2L);
  }

  private static void declare(Mesh mesh) {
    finance(mesh).rollout(ORDERS).track(REVENUE).moved("Done").commit();
  }

  private void take(Subscription<Map<String, Object>> subscription) {
    OrdersRollout.take(subscription, taken);
  }

  @BeforeAll
  void prepare() {
    change(planned, OrdersRollout::start);
    parallel = after(planned, OrdersRollout::backFill, OrdersRollout::activate);
    announced = after(parallel, OrdersRollout::announce);
    closing = after(announced, OrdersRollout::close);
    moved =
        after(
            closing,
            mesh -> readToEnd(OrdersRollout.move(mesh, 2)),
            RolloutInterleavingsTest::declare);
    retired = after(moved, OrdersRollout::retire);
  }

  private static void readToEnd(Subscription<Map<String, Object>> subscription) {
    try (Rows<Map<String, Object>> rows = subscription.read()) {
      assertThat(rows.stream().count()).isEqualTo(3);
    }
  }

  @SafeVarargs
  private final MemoryPlace after(MemoryPlace before, Consumer<Mesh>... steps) {
    MemoryPlace place = (MemoryPlace) before.copy().orElseThrow();
    change(place, steps);
    return place;
  }

  @SafeVarargs
  private final void change(MemoryPlace place, Consumer<Mesh>... steps) {
    prepared++;
    try (Mesh mesh =
        place.open().clock(ManualClock.at(START)).testing().seededIds(prepared).open()) {
      for (Consumer<Mesh> step : steps) {
        step.accept(mesh);
      }
    }
  }

  Stream<Pair> pairs() {
    List<Pair> pairs = new ArrayList<>();
    add(
        pairs,
        planned,
        List.of(ANNOUNCE, BACK_FILL, ABORT),
        List.of(
            PUBLISH_OLD, ERASE, poll, UNSUBSCRIBE, BACK_FILL, READ_OLD, SUBSCRIBE_TO_OLD, SUSPEND));
    List<Work> ofParallel =
        List.of(
            PUBLISH_OLD,
            PUBLISH_NEW,
            poll,
            UNSUBSCRIBE,
            READ_OLD,
            READ_NEW,
            SUBSCRIBE_TO_OLD,
            SUBSCRIBE_TO_NEW,
            move,
            SUSPEND);
    add(pairs, parallel, List.of(ANNOUNCE, ABORT, MAKE_CURRENT), ofParallel);
    add(pairs, announced, List.of(CLOSE, ABORT), ofParallel);
    add(pairs, announced, List.of(CLOSE, ABORT, MAKE_CURRENT), List.of(AGREE, COUNTER, OBJECT));
    add(
        pairs,
        closing,
        List.of(RETIRE, ABORT),
        List.of(UNSUBSCRIBE, moveAndDeclare, READ_OLD, poll, COUNTER, PUBLISH_OLD, PUBLISH_NEW));
    add(
        pairs,
        moved,
        List.of(RETIRE),
        List.of(
            READ_OLD,
            READ_NEW,
            SUBSCRIBE_TO_OLD,
            SUBSCRIBE_TO_NEW,
            moveBack,
            poll,
            UNSUBSCRIBE,
            COUNTER,
            OBJECT,
            PUBLISH_OLD,
            PUBLISH_NEW,
            SUSPEND));
    List<Work> ofRetired = List.of(PUBLISH_NEW, READ_OLD, READ_NEW, poll, moveBack, ERASE);
    add(pairs, retired, List.of(RESTORE), ofRetired);
    Instant undone = START.plus(Duration.ofDays(15));
    ofRetired.forEach(work -> pairs.add(new Pair(retired, undone, PURGE, work)));
    return pairs.stream();
  }

  private static void add(
      List<Pair> pairs, MemoryPlace place, List<Work> steps, List<Work> others) {
    for (Work step : steps) {
      others.forEach(work -> pairs.add(new Pair(place, LATER, step, work)));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("pairs")
  void aStepAndOtherWorkAtTheSameTimeBreakNoPromise(Pair pair) {
    interleave(pair, pair.isCrucial() ? LIMIT_OF_CRUCIAL : LIMIT, SEED);
  }

  @Tag("nightly")
  @ParameterizedTest(name = "{0}")
  @MethodSource("pairs")
  void moreSchedulesOfEachPairBreakNoPromise(Pair pair) {
    interleave(pair, NIGHTLY_LIMIT, SEED + 1);
  }

  private void interleave(Pair pair, int limit, long seed) {
    int schedules = Integer.getInteger("meshwork.interleavings", limit);
    int run =
        new Interleavings(pair.place, ManualClock.at(pair.at), schedules, seed)
            .run(
                pair.step.run,
                pair.work.run,
                (mesh, step, work) -> {
                  try {
                    check(pair, mesh, step, work);
                  } finally {
                    taken.clear();
                  }
                });
    assertThat(run).isGreaterThan(LIMIT / 2);
  }

  private void check(
      Pair pair,
      Mesh mesh,
      Optional<RuntimeException> stepFailure,
      Optional<RuntimeException> workFailure) {
    checkRefused(stepFailure);
    checkRefused(workFailure);
    MeshAssertions.assertThat(mesh).isHealthy();
    shop(mesh).resume(ORDERS).commit();
    Rollout rollout = rollout(mesh);
    switch (rollout.state()) {
      case RETIRED -> checkRetired(mesh, rollout);
      case ABORTED -> checkAborted(mesh, pair.step == ABORT && stepFailure.isEmpty());
      default -> assertThat(read(finance(mesh), 1)).as("v1 for its consumers").contains(0L, 2L);
    }
    if (workFailure.isEmpty() && pair.work.needs > 0) {
      assertThat(read(finance(mesh), pair.work.needs)).as("what it uses").contains(0L, 2L);
    }
    checkRows(pair, mesh, rollout, workFailure.isEmpty());
    checkOffers(mesh, rollout);
    if (!Set.of(UNSUBSCRIBE, ERASE).contains(pair.work)) {
      checkPosition(mesh);
    }
  }

  /**
   * A rejection has a reason that the other operation caused, and is not a failure of the backend.
   */
  private static void checkRefused(Optional<RuntimeException> failure) {
    failure.ifPresent(
        exception ->
            assertThat(exception)
                .isInstanceOfAny(
                    ConflictException.class,
                    InvalidRequestException.class,
                    NotFoundException.class,
                    AccessDeniedException.class)
                .hasMessageMatching("(?s).{40,}"));
  }

  /** No consumer lost the version that it uses. */
  private static void checkRetired(Mesh mesh, Rollout rollout) {
    assertThat(subscribedTo(mesh, 1)).as("subscriptions to the retired version").isEmpty();
    assertThat(rollout.tracks()).allMatch(Track::released);
    assertThat(rollout.tracks()).as("read v1 alone").noneMatch(track -> !track.subscribed());
    if (rollout.purgedAt().isEmpty()) {
      assertThat(read(shop(mesh), 2)).containsAll(read(shop(mesh), 1));
    }
  }

  private static void checkAborted(Mesh mesh, boolean byStep) {
    assertThat(byStep).as("only the step aborts").isTrue();
    assertThat(subscribedTo(mesh, 2)).as("subscriptions to the withdrawn version").isEmpty();
    assertThat(read(finance(mesh), 1)).contains(0L, 2L);
    List<Long> current = new ArrayList<>();
    try (Rows<Map<String, Object>> rows =
        finance(mesh).read(ORDERS).columns("id").asMaps().read()) {
      rows.forEach(row -> current.add((Long) row.get("id")));
    }
    assertThat(current).containsExactlyInAnyOrderElementsOf(read(shop(mesh), 1));
  }

  private static List<ProductConsumer> subscribedTo(Mesh mesh, int major) {
    return shop(mesh).consumers(ORDERS).stream()
        .filter(consumer -> consumer.subscription().isPresent() && consumer.major() == major)
        .toList();
  }

  /** Both versions have the same rows, and those of a publish if it succeeded. */
  private static void checkRows(Pair pair, Mesh mesh, Rollout rollout, boolean succeeded) {
    MeshClient shop = shop(mesh);
    boolean together =
        rollout.cutOver().isPresent()
            && !rollout.state().isEnded()
            && rollout.behindSince().isEmpty();
    if (together) {
      assertThat(rollout.isApart()).isFalse();
      assertThat(read(shop, 2)).as("rows of both versions").isEqualTo(read(shop, 1));
    }
    if (pair.work == PUBLISH_OLD) {
      assertThat(read(shop, 1)).hasSize(succeeded ? 5 : 3).doesNotHaveDuplicates();
    } else if (pair.work == PUBLISH_NEW) {
      assertThat(read(shop, 2)).hasSize(succeeded ? 5 : 3).doesNotHaveDuplicates();
    }
  }

  /** Each consumer of an announced rollout was offered one date, at the latest now. */
  private static void checkOffers(Mesh mesh, Rollout rollout) {
    if (rollout.announcedAt().isEmpty() || rollout.state().isEnded()) {
      return;
    }
    mesh.maintain().commit();
    List<String> offered = new ArrayList<>();
    for (MeshEvent event : shop(mesh).events(ORDERS).list()) {
      if (event.type().equals(MeshEvent.ROLLOUT_OFFERED)) {
        offered.addAll(((RolloutChange) event.details()).consumers());
      }
    }
    List<String> tracks = rollout.tracks().stream().map(Track::consumer).toList();
    assertThat(offered).doesNotHaveDuplicates().containsAll(tracks);
    for (ProductConsumer consumer : subscribedTo(mesh, 1)) {
      assertThat(tracks).contains(consumer.domain() + "/" + consumer.subscription().orElseThrow());
    }
  }

  /** The subscription has each row once, whichever version it is on. */
  private void checkPosition(Mesh mesh) {
    Subscription<Map<String, Object>> subscription = revenue(mesh).commit();
    while (OrdersRollout.take(subscription, taken)) {
      // The next batch follows.
    }
    assertThat(taken)
        .as("rows that the subscription received")
        .containsExactlyInAnyOrderElementsOf(read(shop(mesh), subscription.major()));
  }
}
