package io.meshwork.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.testkit.ForwardingRegistry;
import io.meshwork.local.LocalMesh;
import io.meshwork.registry.Registry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A back-fill that takes so long that maintenance deletes its copies is never committed. */
class FencedBackFillTest {
  private final ManualClock clock = ManualClock.at(Instant.parse("2026-01-05T10:00:00Z"));

  @TempDir private Path folder;

  /** How often copies were sent to the registry. */
  private int sent;

  private Mesh open(boolean slow) {
    Mesh.Builder settings = LocalMesh.builder(folder).clock(clock).deadline(Duration.ofDays(3));
    return slow ? settings.testing().wrapRegistry(Slow::new).open() : settings.open();
  }

  /** Before it commits copies, another process maintains the mesh a day later. */
  private final class Slow extends ForwardingRegistry {
    Slow(Registry real) {
      super(real);
    }

    @Override
    public Outcome commit(Transaction transaction) {
      boolean fenced =
          transaction.actions().stream()
              .anyMatch(action -> action.key().sort().startsWith(Ledger.FENCES));
      if (fenced && ++sent == 1) {
        clock.advance(Duration.ofHours(25));
        try (Mesh other = open(false)) {
          assertThat(other.maintain().trustClock().commit().remaining()).isEmpty();
        }
      }
      return super.commit(transaction);
    }
  }

  @Test
  void copiesThatMaintenanceDeletedConflictAtOnceAndTheNextRunCopiesThem() {
    try (Mesh mesh = open(false)) {
      OrdersRollout.start(mesh);
    }
    try (Mesh mesh = open(true)) {
      assertThatThrownBy(() -> OrdersRollout.backFill(mesh))
          .isInstanceOfSatisfying(
              ConflictException.class,
              e -> {
                assertThat(e.errorCode()).isEqualTo(ErrorCode.STATE_CONFLICT);
                assertThat(e.getMessage())
                    .contains("fenced it off", "Nothing was committed", "Run it again.");
              });
      assertThat(sent)
          .as("the second attempt finds its manifest deleted, and the fence")
          .isEqualTo(1);
    }
    try (Mesh mesh = open(false)) {
      OrdersRollout.backFill(mesh);
      OrdersRollout.activate(mesh);

      assertThat(OrdersRollout.read(OrdersRollout.shop(mesh), 2)).containsExactly(0L, 1L, 2L);
      assertThat(mesh.doctorWithChecksums().problems()).isEmpty();
    }
  }
}
