package io.meshwork.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.card.ProductConsumer;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.error.ConflictException;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.NotFoundException;
import io.meshwork.product.Principal;
import io.meshwork.rollout.Rollout;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The steps of a rollout and those of its consumers and jobs, interleaved call by call of the
 * registry. {@code -Dmeshwork.interleavings=100000} runs all of them.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RolloutInterleavingsTest {
  private static final int LIMIT = Integer.getInteger("meshwork.interleavings", 60);
  private static final long SEED = 15;
  private static final String ORDERS = "commerce/orders";

  private final ManualClock clock = ManualClock.at(Instant.parse("2026-11-20T08:00:00Z"));
  private MemoryPlace planned = new MemoryPlace(new InMemoryRegistry(), new MemoryFileIO());
  private MemoryPlace parallel = planned;

  /** A row of version 1. */
  record OrderRow(long id, String customer) {}

  /** A row of version 2. */
  record OrderWithBuyer(long id, String buyer) {
    static OrderWithBuyer of(OrderRow order) {
      return new OrderWithBuyer(order.id, order.customer);
    }
  }

  private static MeshClient shop(Mesh mesh) {
    return mesh.actingAs(Principal.of("commerce", "etl"));
  }

  private static MeshClient finance(Mesh mesh) {
    return mesh.actingAs(Principal.of("finance", "analyst"));
  }

  @BeforeAll
  void prepare() {
    try (Mesh mesh = planned.open().clock(clock).testing().seededIds(1).open()) {
      shop(mesh).registerDomain("commerce").ownedBy("shop@example.org").commit();
      finance(mesh).registerDomain("finance").ownedBy("finance@example.org").commit();
      shop(mesh).defineProduct(ORDERS).contract(contract(OrderRow.class)).openToMesh().commit();
      shop(mesh).publish(ORDERS).records(orders(0, 3)).commit();
      finance(mesh).subscribe(ORDERS).named("revenue").purpose("Monthly revenue").commit();
      shop(mesh)
          .rollOut(ORDERS)
          .contract(contract(OrderWithBuyer.class))
          .because("Buyers, not customers")
          .commit();
    }
    parallel = (MemoryPlace) planned.copy().orElseThrow();
    try (Mesh mesh = parallel.open().clock(clock).testing().seededIds(2).open()) {
      backFill(mesh);
      shop(mesh).rollout(ORDERS).activate().commit();
    }
  }

  private static Contract contract(Class<?> rows) {
    return Contract.of(rows).onViolation(OnViolation.QUARANTINE).maxQuarantineShare(50);
  }

  private static List<OrderRow> orders(long from, long to) {
    List<OrderRow> orders = new ArrayList<>();
    for (long id = from; id < to; id++) {
      orders.add(new OrderRow(id, "customer " + id));
    }
    return orders;
  }

  private static void backFill(Mesh mesh) {
    shop(mesh).rollout(ORDERS).backFill(OrderRow.class, OrderWithBuyer::of).commit();
  }

  private static void publish(Mesh mesh) {
    shop(mesh)
        .publish(ORDERS)
        .<OrderRow>records(orders(10, 12))
        .alsoTo(2, OrderWithBuyer::of)
        .idempotencyKey("run")
        .commit();
  }

  private static void erase(Mesh mesh) {
    shop(mesh)
        .publish(ORDERS)
        .erasingWhere("id = 1", "Requested by the customer")
        .idempotencyKey("erase")
        .commit();
  }

  private static void ack(Mesh mesh) {
    Subscription<?> revenue =
        finance(mesh).subscribe(ORDERS).named("revenue").purpose("Monthly revenue").commit();
    try (Batch<?> batch = revenue.poll()) {
      batch.ack();
    }
  }

  private static void unsubscribe(Mesh mesh) {
    finance(mesh).unsubscribe(ORDERS, "revenue").commit();
  }

  private static void subscribeToSecond(Mesh mesh) {
    finance(mesh)
        .subscribe(ORDERS)
        .named("buyers")
        .purpose("Who buys")
        .majorVersion(2)
        .as(OrderWithBuyer.class)
        .commit();
  }

  private static void abort(Mesh mesh) {
    shop(mesh).rollout(ORDERS).abort("Not now").commit();
  }

  private static List<Long> ids(Mesh mesh, int major) {
    try (Rows<?> rows = shop(mesh).read(ORDERS).majorVersion(major).columns("id").asMaps().read()) {
      List<Long> ids = new ArrayList<>();
      rows.forEach(row -> ids.add((Long) ((java.util.Map<?, ?>) row).get("id")));
      ids.sort(Comparator.naturalOrder());
      return ids;
    }
  }

  /** The checks that hold after all interleavings. */
  private static void checkWhole(Mesh mesh) {
    MeshAssertions.assertThat(mesh).isHealthy();
    Rollout rollout = shop(mesh).rollout(ORDERS);
    boolean together = rollout.cutOver().isPresent() && !rollout.state().isEnded();
    if (together) {
      assertThat(ids(mesh, 2)).as("rows of both versions").isEqualTo(ids(mesh, 1));
    }
    for (ProductConsumer consumer : shop(mesh).consumers(ORDERS)) {
      if (consumer.subscription().isPresent()) {
        assertThat(consumer.majorState()).as(consumer.toString()).isNotIn("WITHDRAWN", "RETIRED");
      }
    }
  }

  /** A refusal names a reason that the other operation caused, and is no failure of the backend. */
  private static void checkRefused(Optional<RuntimeException> failure) {
    failure.ifPresent(
        exception ->
            assertThat(exception)
                .isInstanceOfAny(
                    ConflictException.class,
                    InvalidRequestException.class,
                    NotFoundException.class));
  }

  static Stream<Arguments> ofPlanned() {
    return Stream.of(
        pair("back-fill", RolloutInterleavingsTest::backFill),
        pair("abort", RolloutInterleavingsTest::abort));
  }

  private static Arguments pair(String name, Consumer<Mesh> step) {
    return Arguments.of(name, step);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("ofPlanned")
  void aStepBeforeTheCutOverAndOtherWorkLeaveBothVersionsWhole(String name, Consumer<Mesh> step) {
    Interleavings all = new Interleavings(planned, clock, LIMIT, SEED);
    for (Consumer<Mesh> other :
        List.<Consumer<Mesh>>of(
            RolloutInterleavingsTest::publish,
            RolloutInterleavingsTest::erase,
            RolloutInterleavingsTest::ack,
            RolloutInterleavingsTest::unsubscribe,
            RolloutInterleavingsTest::backFill)) {
      int run =
          all.run(
              step,
              other,
              (mesh, first, second) -> {
                checkRefused(first);
                checkRefused(second);
                checkWhole(mesh);
                assertThat(ids(mesh, 1)).contains(0L, 2L);
              });
      assertThat(run).isGreaterThan(10);
    }
  }

  @Test
  void aWithdrawalAndASubscriptionToTheNewVersionAreNeverBothCommitted() {
    new Interleavings(parallel, clock, 2 * LIMIT, SEED)
        .run(
            RolloutInterleavingsTest::abort,
            RolloutInterleavingsTest::subscribeToSecond,
            (mesh, aborted, subscribed) -> {
              assertThat(aborted.isPresent()).isNotEqualTo(subscribed.isPresent());
              checkWhole(mesh);
            });
  }

  @Test
  void aWithdrawalAndAPublishToBothLeaveBothVersionsWhole() {
    new Interleavings(parallel, clock, 2 * LIMIT, SEED)
        .run(
            RolloutInterleavingsTest::abort,
            RolloutInterleavingsTest::publish,
            (mesh, aborted, published) -> {
              assertThat(aborted).isEmpty();
              checkRefused(published);
              checkWhole(mesh);
              assertThat(ids(mesh, 1)).hasSize(published.isEmpty() ? 5 : 3);
            });
  }
}
