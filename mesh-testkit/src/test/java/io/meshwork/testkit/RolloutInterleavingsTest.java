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
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscription;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.rollout.Rollout;
import io.meshwork.rollout.Rollout.Track;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;

/** The steps of a rollout of a new major version, and other work at the same time. */
class RolloutInterleavingsTest extends InterleavingsFixture {
  private static final Work ANNOUNCE = new Work("announce", 0, OrdersRollout::announce);
  private static final Work BACK_FILL = new Work("back-fill", 0, OrdersRollout::backFill);
  private static final Work MAKE_CURRENT =
      new Work("makeCurrent", 0, mesh -> rollout(mesh).makeCurrent().commit());
  private static final Work CLOSE = new Work("close", 0, OrdersRollout::close);
  private static final Work RETIRE = new Work("retire", 0, OrdersRollout::retire);
  private static final Work RESTORE =
      new Work("restore", 0, mesh -> rollout(mesh).restore().because("A report needs it").commit());
  private static final Work PURGE =
      new Work("purge", 0, mesh -> rollout(mesh).purge().because("Not needed").commit());
  private static final Work ABORT = new Work("abort", 0, OrdersRollout::abort);

  private static final Work READ_OLD = new Work("a first read of v1", 1, mesh -> readAs(mesh, 1));
  private static final Work READ_NEW = new Work("a first read of v2", 2, mesh -> readAs(mesh, 2));
  private static final Work SUBSCRIBE_TO_OLD =
      new Work("a subscription to v1", 1, mesh -> OrdersRollout.subscribe(mesh, 1));
  private static final Work SUBSCRIBE_TO_NEW =
      new Work("a subscription to v2", 2, mesh -> OrdersRollout.subscribe(mesh, 2));
  private static final Work UNSUBSCRIBE = new Work("an unsubscribe", 0, OrdersRollout::unsubscribe);
  private static final Work PUBLISH_OLD =
      new Work("a publish of v1 to both", 0, OrdersRollout::publishOld);
  private static final Work PUBLISH_NEW =
      new Work("a publish of v2 to both", 0, OrdersRollout::publishNew);
  private static final Work ERASE = new Work("an erase", 0, OrdersRollout::erase);
  private static final Work SUSPEND =
      new Work(
          "a suspension",
          0,
          mesh -> shop(mesh).governance().suspendReads(ORDERS).because("Wrong").commit());

  private static final Work EXTEND =
      new Work(
          "an extension",
          0,
          mesh -> rollout(mesh).extend(rollout(mesh).retireAfter().plusDays(20)).commit());

  /** It lists files before its first call of the registry, so another call begins its turn. */
  private static final Work MAINTAIN =
      new Work(
          "maintenance",
          0,
          mesh -> {
            rollout(mesh);
            mesh.maintain().commit();
          });

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

  private MemoryPlace planned = empty();
  private MemoryPlace early = planned;
  private MemoryPlace parallel = planned;
  private MemoryPlace announced = planned;
  private MemoryPlace joined = planned;
  private MemoryPlace closing = planned;
  private MemoryPlace moved = planned;
  private MemoryPlace retired = planned;

  private static void readAs(Mesh mesh, int major) {
    assertThat(read(finance(mesh), major)).contains(0L, 2L);
  }

  private static void declare(Mesh mesh) {
    finance(mesh).rollout(ORDERS).track(REVENUE).moved().because("Done").commit();
  }

  @BeforeAll
  void prepare() {
    planned = after(empty(), OrdersRollout::start);
    early = after(planned, OrdersRollout::announce);
    parallel = after(planned, OrdersRollout::backFill, OrdersRollout::activate);
    announced = after(parallel, OrdersRollout::announce);
    joined = after(announced, mesh -> OrdersRollout.subscribe(mesh, 1));
    closing = after(announced, OrdersRollout::close);
    moved =
        after(
            closing,
            mesh -> readToEnd(OrdersRollout.move(mesh, 2)),
            RolloutInterleavingsTest::declare);
    retired = after(moved, OrdersRollout::retire);
  }

  private static void readToEnd(Subscription<Map<String, Object>> subscription) {
    try (Rows<Map<String, Object>> rows = subscription.rows()) {
      assertThat(rows.stream().count()).isEqualTo(3);
    }
  }

  @Override
  boolean isCrucial(Pair pair) {
    return Set.of(
            List.of(BACK_FILL, PUBLISH_OLD),
            List.of(ANNOUNCE, SUBSCRIBE_TO_OLD),
            List.of(ABORT, SUBSCRIBE_TO_NEW),
            List.of(ABORT, READ_NEW),
            List.of(RETIRE, READ_OLD))
        .contains(List.of(pair.step(), pair.work()));
  }

  @Override
  Stream<Pair> pairs() {
    List<Pair> pairs = new ArrayList<>();
    add(
        pairs,
        planned,
        LATER,
        List.of(ANNOUNCE, BACK_FILL, ABORT),
        List.of(
            PUBLISH_OLD, ERASE, poll, UNSUBSCRIBE, BACK_FILL, READ_OLD, SUBSCRIBE_TO_OLD, SUSPEND));
    add(
        pairs,
        early,
        LATER,
        List.of(BACK_FILL),
        List.of(
            AGREE, COUNTER, OBJECT, UNSUBSCRIBE, SUBSCRIBE_TO_OLD, READ_OLD, poll, PUBLISH_OLD));
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
    add(pairs, parallel, LATER, List.of(ANNOUNCE, ABORT, MAKE_CURRENT), ofParallel);
    add(pairs, announced, LATER, List.of(CLOSE, ABORT), ofParallel);
    add(
        pairs,
        announced,
        LATER,
        List.of(CLOSE, ABORT, MAKE_CURRENT),
        List.of(AGREE, COUNTER, OBJECT));
    add(
        pairs,
        joined,
        LATER,
        List.of(ANNOUNCE),
        List.of(AGREE, COUNTER, OBJECT, UNSUBSCRIBE, move, ANNOUNCE));
    add(
        pairs,
        closing,
        LATER,
        List.of(RETIRE, ABORT),
        List.of(UNSUBSCRIBE, moveAndDeclare, READ_OLD, poll, COUNTER, PUBLISH_OLD, PUBLISH_NEW));
    add(
        pairs,
        moved,
        LATER,
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
    add(pairs, retired, LATER, List.of(RESTORE), ofRetired);
    Instant undone = START.plus(Duration.ofDays(15));
    add(pairs, retired, undone, List.of(PURGE), ofRetired);
    addSteps(pairs, undone);
    return pairs.stream();
  }

  /** Two steps at the same time, such as those of two owners. */
  private void addSteps(List<Pair> pairs, Instant undone) {
    add(
        pairs,
        planned,
        LATER,
        List.of(ANNOUNCE, BACK_FILL, ABORT),
        List.of(ANNOUNCE, ABORT, MAINTAIN));
    add(
        pairs,
        parallel,
        LATER,
        List.of(ANNOUNCE, ABORT, MAKE_CURRENT),
        List.of(ANNOUNCE, ABORT, MAKE_CURRENT));
    add(
        pairs,
        announced,
        LATER,
        List.of(CLOSE, ABORT),
        List.of(CLOSE, ABORT, MAKE_CURRENT, EXTEND, MAINTAIN));
    add(pairs, closing, LATER, List.of(RETIRE, ABORT), List.of(RETIRE, ABORT, EXTEND, MAINTAIN));
    add(pairs, moved, LATER, List.of(RETIRE), List.of(RETIRE, ABORT, EXTEND, MAINTAIN));
    add(pairs, retired, LATER, List.of(RESTORE), List.of(RESTORE, RETIRE, MAINTAIN));
    add(pairs, retired, undone, List.of(PURGE), List.of(PURGE, RESTORE, MAINTAIN));
  }

  @Override
  void check(
      Pair pair,
      Mesh mesh,
      Optional<RuntimeException> stepFailure,
      Optional<RuntimeException> workFailure) {
    MeshAssertions.assertThat(mesh).isHealthy();
    shop(mesh).governance().resumeReads(ORDERS).commit();
    MajorRollout rollout = rollout(mesh);
    switch (rollout.state()) {
      case RETIRED -> checkRetired(mesh, rollout);
      case ABORTED ->
          checkAborted(
              mesh,
              (pair.step() == ABORT && stepFailure.isEmpty())
                  || (pair.work() == ABORT && workFailure.isEmpty()));
      default -> assertThat(read(finance(mesh), 1)).as("v1 for its consumers").contains(0L, 2L);
    }
    checkStep(pair.step(), stepFailure, rollout, pair.work() == RETIRE);
    checkStep(pair.work(), workFailure, rollout, pair.work() == RETIRE);
    if (workFailure.isEmpty() && pair.work().needs() > 0) {
      assertThat(read(finance(mesh), pair.work().needs())).as("what it uses").contains(0L, 2L);
    }
    checkRows(pair, mesh, rollout, workFailure.isEmpty());
    if (pair.place() == joined) {
      assertThat(stepFailure).isEmpty();
      assertThat(offered(mesh)).as("the new consumer").contains("finance/buyers");
    }
    if (workFailure.isEmpty()) {
      checkAnswer(rollout, pair.work());
    }
    if (pair.work() != EXTEND) {
      checkOffers(mesh, rollout);
    }
    if (!Set.of(UNSUBSCRIBE, ERASE).contains(pair.work())) {
      checkPosition(mesh);
    }
  }

  /** What was committed is so, unless a later step changed it. */
  private static void checkStep(
      Work step, Optional<RuntimeException> failure, MajorRollout rollout, boolean retiredAgain) {
    if (failure.isPresent()) {
      return;
    }
    if (step == ABORT) {
      assertThat(rollout.state()).isEqualTo(Rollout.State.ABORTED);
    } else if (step == RETIRE) {
      assertThat(rollout.state()).isEqualTo(Rollout.State.RETIRED);
    } else if (step == RESTORE && !retiredAgain) {
      assertThat(rollout.state()).isEqualTo(Rollout.State.CLOSING);
      assertThat(rollout.purgedAt()).isEmpty();
    } else if (step == PURGE) {
      assertThat(rollout.purgedAt()).isPresent();
    } else if (step == ANNOUNCE) {
      assertThat(rollout.announcedAt()).isPresent();
    }
  }

  /** No consumer lost the version that it uses. */
  private static void checkRetired(Mesh mesh, MajorRollout rollout) {
    assertThat(subscribedTo(mesh, 1)).as("subscriptions to the retired version").isEmpty();
    assertThat(rollout.tracks()).allMatch(Track::released);
    assertThat(rollout.tracks()).as("read v1 alone").noneMatch(track -> !track.subscribed());
    if (rollout.purgedAt().isEmpty()) {
      assertThat(read(shop(mesh), 2)).containsAll(read(shop(mesh), 1));
    }
  }

  private static void checkAborted(Mesh mesh, boolean byStep) {
    assertThat(byStep).as("only an abort aborts").isTrue();
    assertThat(subscribedTo(mesh, 2)).as("subscriptions to the withdrawn version").isEmpty();
    assertThat(read(finance(mesh), 1)).contains(0L, 2L);
    List<Long> current = new ArrayList<>();
    try (Rows<Map<String, Object>> rows =
        finance(mesh).read(ORDERS).columns("id").asMaps().rows()) {
      rows.forEach(row -> current.add((Long) row.get("id")));
    }
    assertThat(current).containsExactlyInAnyOrderElementsOf(read(shop(mesh), 1));
  }

  /** Both versions have the same rows, and those of a publish if it succeeded. */
  private static void checkRows(Pair pair, Mesh mesh, MajorRollout rollout, boolean succeeded) {
    MeshClient shop = shop(mesh);
    boolean together =
        rollout.cutOver().isPresent()
            && !rollout.state().isEnded()
            && rollout.newOnlySince().isEmpty();
    if (together) {
      assertThat(rollout.mayDiffer()).isFalse();
      assertThat(read(shop, 2)).as("rows of both versions").isEqualTo(read(shop, 1));
    }
    if (pair.work() == PUBLISH_OLD) {
      assertThat(read(shop, 1)).hasSize(succeeded ? 5 : 3).doesNotHaveDuplicates();
    } else if (pair.work() == PUBLISH_NEW) {
      assertThat(read(shop, 2)).hasSize(succeeded ? 5 : 3).doesNotHaveDuplicates();
    }
  }
}
