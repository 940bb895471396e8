package io.meshwork.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.runtime.IdGenerator;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Document;
import io.meshwork.registry.Registry.Key;
import io.meshwork.registry.Registry.Outcome;
import io.meshwork.registry.Registry.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

/** Rows of old attempts can be deleted, rows of recent attempts cannot. */
abstract class RegistryTrimmingSuite extends RegistryFixture {
  private static final Key PLACE = new Key("commerce/orders", "major/1");

  /** Returns a generator of IDs of attempts of this age. */
  private IdGenerator idsOf(Duration ago) {
    Instant now = InstantSource.system().instant();
    return IdGenerator.secure(InstantSource.fixed(now.minus(ago)));
  }

  @Test
  void rowsOfOldAttemptsCanBeDeletedForAnyOutcome() {
    IdGenerator old = idsOf(Transaction.ATTEMPTS_STAY.plusDays(1));
    String committed = old.next();
    String aborted = old.next();
    registry.commit(Transaction.attempt(committed).insert(PLACE, "1").build());
    registry.resolve(PLACE.partition(), aborted);
    Key committedRow = attemptKey(PLACE.partition(), committed);
    Key abortedRow = attemptKey(PLACE.partition(), aborted);

    String trim = nextId();
    Transaction transaction =
        Transaction.attempt(trim)
            .delete(committedRow, committed)
            .delete(abortedRow, aborted)
            .build();
    assertThat(registry.commit(transaction)).isEqualTo(Outcome.COMMITTED);

    assertThat(registry.read(committedRow)).isEmpty();
    assertThat(registry.read(abortedRow)).isEmpty();
    assertThat(registry.read(PLACE)).map(Document::version).contains(committed);
    assertThat(walk(PLACE.partition(), Registry.ATTEMPT_PREFIX))
        .extracting(document -> document.key().sort())
        .containsExactly(Registry.ATTEMPT_PREFIX + trim);
    assertThat(registry.commit(transaction)).as("repeated commit").isEqualTo(Outcome.COMMITTED);
    assertThat(
            registry
                .commit(Transaction.attempt(nextId()).delete(committedRow, committed).build())
                .conflicts())
        .as("a second deletion of the row")
        .containsExactly(committedRow);
  }

  @Test
  void rowsOfRecentAttemptsCannotBeDeleted() {
    for (String young :
        new String[] {
          nextId(),
          idsOf(Transaction.ATTEMPTS_STAY.minusMinutes(1)).next(),
          "not-an-id",
          "7f1c7b1e-5d6f-4c3a-9a38-6a1f4b8e2d11"
        }) {
      registry.resolve(PLACE.partition(), young);
      Key row = attemptKey(PLACE.partition(), young);
      assertThatThrownBy(() -> Transaction.attempt(nextId()).delete(row, young).build())
          .as(young)
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("attempt");
      assertThat(registry.read(row)).isPresent();
    }
  }
}
