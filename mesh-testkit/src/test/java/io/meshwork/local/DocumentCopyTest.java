package io.meshwork.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.internal.runtime.IdGenerator;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Document;
import io.meshwork.registry.Registry.Key;
import io.meshwork.registry.Registry.Transaction;
import io.meshwork.testkit.InMemoryMesh;
import io.meshwork.testkit.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The versions of documents that are copied to another registry. */
class DocumentCopyTest {
  private static final String PARTITION = "commerce/orders";
  private static final Key CONTRACT = new Key(PARTITION, "contract/1.0.0");
  private static final Instant DEFINED = Instant.parse("2026-03-01T08:00:00Z");

  private final ManualClock clock = ManualClock.at(DEFINED);
  private final IdGenerator ids = IdGenerator.seeded(clock, 7);
  private final Registry original = InMemoryMesh.registry();
  private final Registry copy = InMemoryMesh.registry();
  private final String attempt = ids.next();

  @Test
  void aDocumentKeepsTheAttemptThatWroteIt() {
    copyAYearLater();

    assertThat(copy.read(CONTRACT).map(Document::version)).hasValue(attempt);
  }

  @Test
  void aDocumentWhoseAttemptTheTargetRefusesKeepsTheTimeOfThatAttempt() {
    copy.resolve(PARTITION, attempt);

    copyAYearLater();

    String version = copy.read(CONTRACT).orElseThrow().version();
    assertThat(version).isNotEqualTo(attempt);
    assertThat(IdGenerator.time(version)).hasValue(DEFINED);
  }

  private void copyAYearLater() {
    original.commit(Transaction.attempt(attempt).insert(CONTRACT, "{\"format\":1}").build());
    clock.advance(Duration.ofDays(365));
    new DocumentCopy(copy, ids, UnaryOperator.identity())
        .write(List.of(PARTITION), DocumentCopy.read(original, PARTITION));
  }
}
