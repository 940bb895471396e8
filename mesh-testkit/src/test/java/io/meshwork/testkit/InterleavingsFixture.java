package io.meshwork.testkit;

import static io.meshwork.testkit.OrdersRollout.ORDERS;
import static io.meshwork.testkit.OrdersRollout.REVENUE;
import static io.meshwork.testkit.OrdersRollout.finance;
import static io.meshwork.testkit.OrdersRollout.read;
import static io.meshwork.testkit.OrdersRollout.revenue;
import static io.meshwork.testkit.OrdersRollout.shop;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.card.ProductConsumer;
import io.meshwork.consume.Subscription;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.NotFoundException;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.event.EventDetails.RolloutChange;
import io.meshwork.internal.event.EventDetailsCodec;
import io.meshwork.operation.Operation;
import io.meshwork.rollout.Rollout;
import io.meshwork.rollout.Rollout.Track;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Steps of a rollout of orders and the work of consumers and jobs at the same time, in
 * interleavings of their calls of the registry.
 *
 * <p>A build runs a sample of the interleavings of each pair: both without a preemption, and a few
 * with up to three. At night, a search runs one of all that have the same result, see {@link
 * ScheduleSearch}, and so proves all with at most three preemptions: up to 700 of each pair in
 * place of up to 1,300,000. {@code -Dmeshwork.interleavings=N} runs N of each pair, or all if it
 * has fewer.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class InterleavingsFixture {
  static final Instant START = Instant.parse("2026-11-20T08:00:00Z");
  static final Instant LATER = START.plus(Duration.ofHours(1));

  static final Work AGREE = answer("an agreement", Track::agree);
  static final Work COUNTER =
      answer(
          "a counter-offer", track -> track.counter(track.date().plusDays(20)).because("Year end"));
  static final Work OBJECT = answer("an objection", track -> track.object().because("Too soon"));

  private static final Map<Work, Track.Answer> ANSWERS =
      Map.of(
          AGREE, Track.Answer.AGREED,
          COUNTER, Track.Answer.COUNTERED,
          OBJECT, Track.Answer.OBJECTED);
  private static final int PREEMPTIONS = 3;
  private static final int LIMIT = 4;
  private static final int LIMIT_OF_CRUCIAL = 15;
  private static final long SMALL = 3_000;
  private static final long SEED = 15;

  private int prepared;
  private final List<Long> taken = new ArrayList<>();

  /**
   * What one of the processes does.
   *
   * @param needs the major version that a consumer uses if it succeeded; 0 for none
   */
  record Work(String name, int needs, Consumer<Mesh> run) {}

  /** A step of a rollout, and other work at the same time. */
  record Pair(MemoryPlace place, Instant at, Work step, Work work) {
    @Override
    public String toString() {
      return step.name + " and " + work.name;
    }
  }

  /** The pairs of operations. */
  abstract Stream<Pair> pairs();

  /** Returns true for a pair of which a build runs a larger sample. */
  abstract boolean isCrucial(Pair pair);

  /** Checks the mesh after both operations ended, and that each was rejected for a reason. */
  abstract void check(
      Pair pair,
      Mesh mesh,
      Optional<RuntimeException> stepFailure,
      Optional<RuntimeException> workFailure);

  /** What the operations returned, as text. */
  String results() {
    return taken.toString();
  }

  /** Forgets what the operations returned. */
  void reset() {
    taken.clear();
  }

  private static Work answer(String name, Function<Track, Operation<Track>> answer) {
    return new Work(
        name, 0, mesh -> answer.apply(OrdersRollout.last(finance(mesh)).track(REVENUE)).commit());
  }

  final void take(Subscription<Map<String, Object>> subscription) {
    OrdersRollout.take(subscription, taken);
  }

  @SafeVarargs
  final MemoryPlace after(MemoryPlace before, Consumer<Mesh>... steps) {
    MemoryPlace place = (MemoryPlace) before.copy().orElseThrow();
    prepared++;
    try (Mesh mesh = place.open().clock(ManualClock.at(START)).testing().idSeed(prepared).open()) {
      for (Consumer<Mesh> step : steps) {
        step.accept(mesh);
      }
    }
    return place;
  }

  static MemoryPlace empty() {
    return new MemoryPlace(new InMemoryRegistry(), new MemoryFileIO());
  }

  static void add(
      List<Pair> pairs, MemoryPlace place, Instant at, List<Work> steps, List<Work> others) {
    for (Work step : steps) {
      others.forEach(work -> pairs.add(new Pair(place, at, step, work)));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("pairs")
  void aStepAndOtherWorkAtTheSameTimeBreakNoPromise(Pair pair) {
    int limit = isCrucial(pair) ? LIMIT_OF_CRUCIAL : LIMIT;
    int most = Integer.getInteger("meshwork.interleavings", limit);
    Interleavings.Coverage coverage =
        interleave(pair, most, ScheduleSearch.reduced(SEED, PREEMPTIONS));
    assertThat(coverage.complete() || coverage.run() >= most).as(coverage.toString()).isTrue();
  }

  @Tag("nightly")
  @ParameterizedTest(name = "{0}")
  @MethodSource("pairs")
  void noScheduleOfAPairBreaksAPromise(Pair pair) {
    Interleavings.Coverage coverage =
        interleave(pair, Integer.MAX_VALUE, ScheduleSearch.reduced(SEED, PREEMPTIONS));
    System.out.println(pair + ": " + coverage);
    assertThat(coverage.complete()).as(coverage.toString()).isTrue();
  }

  @Tag("nightly")
  @ParameterizedTest(name = "{0}")
  @MethodSource("pairs")
  void aReducedSearchFindsEachOutcomeOfAFullOne(Pair pair) {
    Interleavings.Coverage all = compare(pair, 1);
    if (all.estimate() <= SMALL) {
      compare(pair, PREEMPTIONS);
    }
  }

  private Interleavings.Coverage compare(Pair pair, int preemptions) {
    Interleavings.Coverage all =
        interleave(pair, Integer.MAX_VALUE, ScheduleSearch.full(SEED, preemptions));
    Interleavings.Coverage reduced =
        interleave(pair, Integer.MAX_VALUE, ScheduleSearch.reduced(SEED, preemptions));
    System.out.println(pair + ": " + all + ", reduced to " + reduced);
    assertThat(reduced.outcomes()).isEqualTo(all.outcomes());
    return all;
  }

  private Interleavings.Coverage interleave(Pair pair, int limit, ScheduleSearch search) {
    return new Interleavings(pair.place, pair.at, limit, search)
        .run(pair.step.run, pair.work.run, new PairCheck(pair));
  }

  /** The check of a pair, which the subclass completes. */
  private final class PairCheck implements Interleavings.Check {
    private final Pair pair;

    PairCheck(Pair pair) {
      this.pair = pair;
    }

    @Override
    public void check(Mesh mesh, Optional<RuntimeException> step, Optional<RuntimeException> work) {
      checkRejected(step);
      checkRejected(work);
      InterleavingsFixture.this.check(pair, mesh, step, work);
    }

    @Override
    public String results() {
      return InterleavingsFixture.this.results();
    }

    @Override
    public void reset() {
      InterleavingsFixture.this.reset();
    }
  }

  /**
   * A rejection has a reason that the other operation caused, and is not a failure of the backend.
   */
  private static void checkRejected(Optional<RuntimeException> failure) {
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

  static List<ProductConsumer> subscribedTo(Mesh mesh, int major) {
    return shop(mesh).consumers(ORDERS).stream()
        .filter(consumer -> consumer.subscription().isPresent() && consumer.major() == major)
        .toList();
  }

  /** An answer that was committed holds until the rollout ends. */
  static void checkAnswer(Rollout<?> rollout, Work work) {
    Track.Answer answer = ANSWERS.get(work);
    if (answer != null && !rollout.state().isEnded()) {
      assertThat(rollout.track(REVENUE).answer()).isEqualTo(answer);
    }
  }

  /** Each consumer of an announced rollout was offered one date, at the latest now. */
  static void checkOffers(Mesh mesh, Rollout<?> rollout) {
    if (rollout.announcedAt().isEmpty() || rollout.state().isEnded()) {
      return;
    }
    mesh.maintain().commit();
    List<String> offered = offered(mesh);
    List<String> tracks = rollout.tracks().stream().map(Track::consumer).toList();
    assertThat(offered).doesNotHaveDuplicates().containsAll(tracks);
    for (ProductConsumer consumer : subscribedTo(mesh, 1)) {
      assertThat(tracks).contains(consumer.domain() + "/" + consumer.subscription().orElseThrow());
    }
  }

  /** The consumers that the log names as offered a date. */
  static List<String> offered(Mesh mesh) {
    List<String> offered = new ArrayList<>();
    for (MeshEvent event : shop(mesh).events(ORDERS).list()) {
      if (event.type() == MeshEvent.Type.ROLLOUT_OFFERED) {
        offered.addAll(((RolloutChange) EventDetailsCodec.detailsOf(event)).consumers());
      }
    }
    return offered;
  }

  /** The subscription has each row once, whichever version it is on. */
  final void checkPosition(Mesh mesh) {
    Subscription<Map<String, Object>> subscription = revenue(mesh).commit();
    while (OrdersRollout.take(subscription, taken)) {
      // The next batch follows.
    }
    assertThat(taken)
        .as("rows that the subscription received")
        .containsExactlyInAnyOrderElementsOf(read(shop(mesh), subscription.major()));
  }
}
