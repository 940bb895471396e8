package io.meshwork.internal.conformance.rollout;

import static io.meshwork.internal.conformance.fixture.AmendedOrders.FIRST;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.error.ConflictException;
import io.meshwork.error.MeshException;
import io.meshwork.error.NotFoundException;
import io.meshwork.internal.conformance.fixture.AmendedOrders.Ids;
import io.meshwork.internal.conformance.fixture.ConcurrentCalls;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.conformance.fixture.OrderInCents;
import io.meshwork.internal.conformance.fixture.RetirementFixture;
import io.meshwork.product.Principal;
import io.meshwork.rollout.Rollout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Steps of a rollout by one mesh, and at the same time work of consumers and jobs by another. */
public abstract class ConcurrentRolloutsSuite extends RetirementFixture {
  private static final long SEED = 15;
  private static final int ROUNDS = 4;
  private static final int MOST_CALLS_BEFORE = 5;

  private final Random random = new Random(SEED);
  private @Nullable Mesh other;

  /** Runs both at the same time; returns why each of them was refused. */
  private List<Optional<MeshException>> race(String product, Runnable one, Runnable other)
      throws Exception {
    CyclicBarrier start = new CyclicBarrier(2);
    List<Callable<Optional<MeshException>>> calls = new ArrayList<>();
    for (Runnable each : List.of(one, other)) {
      int before = random.nextInt(MOST_CALLS_BEFORE);
      calls.add(
          () -> {
            start.await();
            for (int call = 0; call < before; call++) {
              shop().describe(product);
            }
            try {
              each.run();
              return Optional.empty();
            } catch (ConflictException | NotFoundException refused) {
              return Optional.of(refused);
            }
          });
    }
    return ConcurrentCalls.run(calls);
  }

  /** Opens the mesh a second time; a mesh in memory is in one process only. */
  private Mesh otherMesh() {
    other = existingMesh().map(builder -> prepared(builder).open()).orElse(null);
    return other == null ? mesh : other;
  }

  @AfterEach
  void closeOther() {
    if (other != null) {
      other.close();
    }
  }

  private static MeshClient finance(Mesh mesh) {
    return mesh.clientAs(Principal.of("finance", "etl"));
  }

  @Test
  void aRetirementAndAFirstReadAreNotBothCommitted() throws Exception {
    MeshClient shop = registerShop();
    registerFinance();
    MeshClient finance = finance(otherMesh());
    for (int round = 0; round < ROUNDS; round++) {
      String product = "commerce/read-" + round;
      parallel(shop, product);
      announced(product);
      shop.rollout(product).close().commit();

      List<Optional<MeshException>> refused =
          race(
              product,
              () -> shop.rollout(product).retire().commit(),
              () -> all(finance.read(product).majorVersion(1).as(Ids.class)));

      boolean retired = refused.get(0).isEmpty();
      assertThat(refused.get(1).isPresent()).as("seed %s: %s", SEED, refused).isEqualTo(retired);
      assertThat(shop.rollout(product).state())
          .isEqualTo(retired ? Rollout.State.RETIRED : Rollout.State.CLOSING);
      if (!retired) {
        all(finance.read(product).majorVersion(1).as(Ids.class));
      }
    }
    assertWhole();
  }

  private static void parallel(MeshClient shop, String product) {
    shop.defineProduct(product).contract(FIRST).openToMesh().commit();
    shop.startRollout(product).contract(SECOND).because(REASON).commit().activate().commit();
  }

  @Test
  void anAbortAndASubscriptionAreNotBothCommitted() throws Exception {
    MeshClient shop = registerShop();
    registerFinance();
    MeshClient finance = finance(otherMesh());
    for (int round = 0; round < ROUNDS; round++) {
      String product = "commerce/abort-" + round;
      parallel(shop, product);

      List<Optional<MeshException>> refused =
          race(
              product,
              () -> shop.rollout(product).abort().because("Not now").commit(),
              () ->
                  finance
                      .subscribe(product)
                      .name("cents")
                      .purpose("Revenue")
                      .majorVersion(2)
                      .as(OrderInCents.class)
                      .commit());

      boolean aborted = refused.get(0).isEmpty();
      assertThat(refused.get(1).isPresent()).as("seed %s: %s", SEED, refused).isEqualTo(aborted);
      assertThat(shop.rollout(product).state())
          .isEqualTo(aborted ? Rollout.State.ABORTED : Rollout.State.PARALLEL);
      assertThat(shop.consumers(product)).hasSize(aborted ? 0 : 1);
    }
    assertWhole();
  }

  @Test
  void aRetirementIsNotCommittedBeforeTheEndOfASubscription() throws Exception {
    MeshClient shop = registerShop();
    registerFinance();
    MeshClient finance = finance(otherMesh());
    for (int round = 0; round < ROUNDS; round++) {
      String product = "commerce/end-" + round;
      shop.defineProduct(product).contract(FIRST).openToMesh().commit();
      finance.subscribe(product).name("ids").purpose("x").as(Ids.class).commit();
      shop.startRollout(product).contract(SECOND).because(REASON).commit().activate().commit();
      announced(product);
      shop.rollout(product).close().commit();

      List<Optional<MeshException>> refused =
          race(
              product,
              () -> shop.rollout(product).retire().commit(),
              () -> finance.unsubscribe(product, "ids").commit());

      boolean retired = refused.get(0).isEmpty();
      if (refused.get(1).isPresent()) {
        assertThat(retired).as("seed %s: %s", SEED, refused).isFalse();
        finance.unsubscribe(product, "ids").commit();
      }
      if (!retired) {
        assertThat(shop.rollout(product).state()).isEqualTo(Rollout.State.CLOSING);
        shop.rollout(product).retire().commit();
      }
      assertThat(shop.rollout(product).state()).isEqualTo(Rollout.State.RETIRED);
    }
    assertWhole();
  }

  @Test
  void aCutOverAndAPublishLeaveTheSameRowsInBothVersions() throws Exception {
    MeshClient shop = registerShop();
    MeshClient etl = otherMesh().clientAs(shop.principal());
    for (int round = 0; round < ROUNDS; round++) {
      String product = "commerce/copy-" + round;
      shop.defineProduct(product).contract(FIRST).commit();
      shop.publish(product).records(Order.range(0, 3)).commit();
      shop.startRollout(product).contract(SECOND).because(REASON).commit();

      List<Optional<MeshException>> refused =
          race(
              product,
              () -> shop.rollout(product).backFill(Order.class, OrderInCents::of).commit(),
              () -> publishBoth(etl, product));

      assertThat(refused.get(0)).as("seed %s", SEED).isEmpty();
      if (refused.get(1).isPresent()) {
        assertThat(refused.get(1).orElseThrow().retryable()).as("%s", refused).isTrue();
        publishBoth(etl, product);
      }
      assertThat(shop.rollout(product).cutOver()).isPresent();
      assertThat(all(shop.read(product).majorVersion(1).as(Order.class)))
          .extracting(OrderInCents::of)
          .hasSize(5)
          .containsExactlyInAnyOrderElementsOf(
              all(shop.read(product).majorVersion(2).as(OrderInCents.class)));
    }
    assertWhole();
  }

  private static void publishBoth(MeshClient etl, String product) {
    etl.publish(product)
        .<Order>records(Order.range(3, 5))
        .alsoTo(2, OrderInCents::of)
        .idempotencyKey("run")
        .commit();
  }
}
