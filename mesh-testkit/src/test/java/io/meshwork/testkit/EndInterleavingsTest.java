package io.meshwork.testkit;

import static io.meshwork.testkit.OrdersRollout.ORDERS;
import static io.meshwork.testkit.OrdersRollout.REVENUE;
import static io.meshwork.testkit.OrdersRollout.end;
import static io.meshwork.testkit.OrdersRollout.finance;
import static io.meshwork.testkit.OrdersRollout.read;
import static io.meshwork.testkit.OrdersRollout.revenue;
import static io.meshwork.testkit.OrdersRollout.shop;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.card.ProductConsumer;
import io.meshwork.error.MeshException;
import io.meshwork.rollout.ProductEnd;
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

/** The steps of the end of a product, and other work at the same time. */
class EndInterleavingsTest extends InterleavingsFixture {
  private static final Instant AFTER_THE_NOTICE = START.plus(Duration.ofDays(31));

  private static final Work ANNOUNCE = new Work("announce", 0, OrdersRollout::announce);
  private static final Work CLOSE = new Work("close", 0, OrdersRollout::closeEnd);
  private static final Work RETIRE = new Work("retire", 0, OrdersRollout::retire);
  private static final Work ABORT = new Work("abort", 0, OrdersRollout::abort);
  private static final Work RESTORE =
      new Work("restore", 0, mesh -> end(mesh).restore().because("A report needs it").commit());

  private static final Work SUBSCRIBE =
      new Work("a subscription", 1, mesh -> OrdersRollout.subscribe(mesh, 1));
  private static final Work UNSUBSCRIBE = new Work("an unsubscribe", 0, OrdersRollout::unsubscribe);
  private static final Work READ =
      new Work("a first read", 1, mesh -> assertThat(read(finance(mesh), 1)).contains(0L, 2L));
  private static final Work OFFER =
      new Work("an offer of a later date", 0, EndInterleavingsTest::offerLater);
  private static final Work EXTEND = new Work("an extension", 0, EndInterleavingsTest::extend);
  private static final Work PUBLISH = new Work("a publish", 0, OrdersRollout::publish);

  private final Work poll = new Work("a poll", 0, mesh -> take(revenue(mesh).commit()));

  private MemoryPlace planned = empty();
  private MemoryPlace announced = planned;
  private MemoryPlace closing = planned;
  private MemoryPlace agreed = planned;
  private MemoryPlace left = planned;
  private MemoryPlace retired = planned;

  private static void offerLater(Mesh mesh) {
    Track track = end(mesh).track(REVENUE);
    track.offer(track.date().plusDays(20)).commit();
  }

  private static void extend(Mesh mesh) {
    ProductEnd rollout = end(mesh);
    rollout.extend(rollout.retireAfter().plusDays(20)).commit();
  }

  @BeforeAll
  void prepare() {
    planned = after(empty(), OrdersRollout::startEnd);
    announced = after(planned, OrdersRollout::announce);
    closing = after(announced, OrdersRollout::closeEnd);
    agreed = after(closing, AGREE.run());
    left = after(closing, OrdersRollout::unsubscribe);
    retired = after(left, OrdersRollout::retire);
  }

  @Override
  boolean isCrucial(Pair pair) {
    return pair.step() == RETIRE && Set.of(OFFER, READ, SUBSCRIBE).contains(pair.work());
  }

  @Override
  Stream<Pair> pairs() {
    List<Pair> pairs = new ArrayList<>();
    List<Work> answers = List.of(AGREE, COUNTER, OBJECT, OFFER, EXTEND);
    List<Work> uses = List.of(SUBSCRIBE, UNSUBSCRIBE, READ, poll, PUBLISH);
    add(pairs, planned, LATER, List.of(ANNOUNCE, ABORT), uses);
    add(pairs, announced, LATER, List.of(CLOSE, ABORT), uses);
    add(pairs, announced, LATER, List.of(CLOSE, ABORT), answers);
    add(pairs, closing, LATER, List.of(ABORT, RETIRE), List.of(UNSUBSCRIBE, AGREE, READ));
    add(pairs, agreed, AFTER_THE_NOTICE, List.of(RETIRE, ABORT), uses);
    add(pairs, agreed, AFTER_THE_NOTICE, List.of(RETIRE), answers);
    add(pairs, left, LATER, List.of(RETIRE, ABORT), List.of(SUBSCRIBE, READ, PUBLISH, EXTEND));
    add(pairs, left, LATER, List.of(RETIRE), List.of(RETIRE, ABORT));
    add(pairs, retired, LATER, List.of(RESTORE), List.of(READ, SUBSCRIBE, PUBLISH, RETIRE));
    return pairs.stream();
  }

  @Override
  void check(
      Pair pair,
      Mesh mesh,
      Optional<RuntimeException> stepFailure,
      Optional<RuntimeException> workFailure) {
    MeshAssertions.assertThat(mesh).isHealthy();
    ProductEnd rollout = end(mesh);
    if (stepFailure.isEmpty()) {
      checkStep(pair, rollout);
    }
    int rows = pair.work() == PUBLISH && workFailure.isEmpty() ? 5 : 3;
    assertThat(read(shop(mesh), 1)).hasSize(rows).doesNotHaveDuplicates();
    if (rollout.state() == Rollout.State.RETIRED) {
      checkRetired(mesh, rollout, LocalDate.ofInstant(pair.at(), ZoneOffset.UTC));
      boolean bound = pair.at().equals(LATER) && pair.place() != retired;
      assertThat(bound && pair.work().needs() > 0 && workFailure.isEmpty())
          .as("a consumer whose date is not over lost the product")
          .isFalse();
      return;
    }
    assertThat(read(finance(mesh), 1)).hasSize(rows);
    if (workFailure.isEmpty()) {
      checkAnswer(rollout, pair.work());
    }
    if (!Set.of(OFFER, EXTEND).contains(pair.work())) {
      checkOffers(mesh, rollout);
    }
    boolean leaves = pair.work() == UNSUBSCRIBE || pair.place() == left || pair.place() == retired;
    if (!leaves) {
      checkPosition(mesh);
    }
  }

  private static void checkStep(Pair pair, ProductEnd rollout) {
    if (pair.step() == ABORT) {
      assertThat(rollout.state()).isEqualTo(Rollout.State.ABORTED);
    } else if (pair.step() == RETIRE) {
      assertThat(rollout.state()).isEqualTo(Rollout.State.RETIRED);
    } else if (pair.step() == RESTORE && pair.work() != RETIRE) {
      assertThat(rollout.state()).isEqualTo(Rollout.State.CLOSING);
    }
  }

  /** No consumer lost the product whose date is not over. */
  private static void checkRetired(Mesh mesh, ProductEnd rollout, LocalDate today) {
    assertThat(rollout.tracks()).allMatch(Track::released);
    for (ProductConsumer consumer : subscribedTo(mesh, 1)) {
      LocalDate date =
          rollout.track(consumer.domain() + "/" + consumer.subscription().orElseThrow()).date();
      assertThat(date).isBefore(today);
    }
    assertThatThrownBy(() -> read(finance(mesh), 1))
        .isInstanceOf(MeshException.class)
        .hasMessageContaining(ORDERS);
  }
}
