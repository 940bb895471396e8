package io.meshwork.internal.conformance.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.testkit.ForwardingRegistry;
import io.meshwork.product.Principal;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Document;
import io.meshwork.registry.Registry.Key;
import io.meshwork.testkit.InMemoryMesh;
import io.meshwork.testkit.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A computer that sleeps while a process records that it writes files. */
class SleepingHostTest {
  private static final String ORDERS = "commerce/orders";

  private final ManualClock clock = ManualClock.at(Instant.parse("2026-11-20T00:00:00Z"));
  private int sleeps;

  /** The computer sleeps for an hour in a read of the record of a writer. */
  private final class SleepingRegistry extends ForwardingRegistry {
    SleepingRegistry(Registry real) {
      super(real);
    }

    @Override
    public Optional<Document> read(Key key) {
      if (key.sort().startsWith("writers/") && sleeps > 0) {
        sleeps--;
        clock.advance(Duration.ofHours(1));
      }
      return super.read(key);
    }
  }

  private PublishReceipt publish(int sleeps, @Nullable Duration timeout) {
    try (Mesh mesh =
        InMemoryMesh.builder().clock(clock).testing().wrapRegistry(SleepingRegistry::new).open()) {
      MeshClient shop = mesh.clientAs(Principal.of("commerce", "etl"));
      shop.registerDomain("commerce").owner("commerce@example.org").commit();
      shop.defineProduct(ORDERS).contract(Contract.of(Order.class)).commit();
      clock.advance(Duration.ofHours(2));
      this.sleeps = sleeps;
      var publish = shop.publish(ORDERS).records(Order.range(0, 3));
      return (timeout == null ? publish : publish.timeout(timeout)).commit();
    }
  }

  @Test
  void aPublishWithEnoughTimeSucceeds() {
    assertThat(publish(3, Duration.ofDays(1)).rowsAccepted()).isEqualTo(3);
    assertThat(sleeps).isZero();
  }

  @Test
  void aPublishWhoseOwnTimePassedFails() {
    assertThatThrownBy(() -> publish(1, null))
        .isInstanceOfSatisfying(
            BackendException.class,
            failed -> assertThat(failed.errorCode()).isEqualTo(ErrorCode.DEADLINE_PASSED))
        .hasMessageContaining("publish");
  }
}
