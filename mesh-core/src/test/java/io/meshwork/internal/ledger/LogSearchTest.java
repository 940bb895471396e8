package io.meshwork.internal.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.runtime.IdGenerator;
import io.meshwork.internal.runtime.MeshRuntime;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry.Key;
import io.meshwork.registry.Registry.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LogSearchTest {
  private static final String PARTITION = "commerce/orders";

  private final TestMesh mesh = new TestMesh();

  private void commit(int number) {
    commit(mesh.ledger, number);
  }

  private void commit(Ledger ledger, int number) {
    ledger.commit(
        new Ledger.Change<Integer>() {
          @Override
          public MeshAction action() {
            return MeshAction.of(Verb.WRITE, "the count");
          }

          @Override
          public String partition() {
            return PARTITION;
          }

          @Override
          public CommitDraft<Integer> draft(Ledger.Attempt attempt) {
            return CommitDraft.<Integer>of("counted", Principal.of("commerce", "etl"), PARTITION)
                .insert(new Key(PARTITION, "number/" + number), DocumentJson.create())
                .result(number);
          }
        },
        mesh.deadline());
  }

  @Test
  void anEmptyLogHasNoEntry() {
    assertThat(mesh.ledger.newestEntry(PARTITION)).isEmpty();
    assertThat(mesh.ledger.newestEntry(PARTITION, Instant.MAX)).isEmpty();
  }

  @Test
  void theNewestEntryUntilATimeIsThatOfTheWholeListAtAnyLength() {
    for (long seed = 0; seed < 3; seed++) {
      Random random = new Random(seed);
      for (int i = 0; i < 25; i++) {
        // Several in one millisecond, and a clock that is set back: the times of the log never
        // decrease.
        mesh.pass(Duration.ofMillis(random.nextInt(4) - 1));
        commit(1_000 * (int) seed + i);
        List<VersionedDocument> entries = mesh.ledger.entries(PARTITION);
        Instant last = Ledger.time(entries.get(entries.size() - 1));
        for (Instant time = last.minusMillis(12);
            !time.isAfter(last.plusMillis(1));
            time = time.plusMillis(1)) {
          Instant until = time;
          Optional<String> expected =
              entries.stream()
                  .filter(entry -> !Ledger.time(entry).isAfter(until))
                  .reduce((before, after) -> after)
                  .map(VersionedDocument::version);
          assertThat(mesh.ledger.newestEntry(PARTITION, until).map(VersionedDocument::version))
              .as("seed %s, %s entries, until %s", seed, entries.size(), until)
              .isEqualTo(expected);
        }
      }
    }
  }

  @Test
  void entriesAreWalkedBackToTheFirst() {
    for (int i = 0; i < 3; i++) {
      commit(i);
    }
    List<VersionedDocument> entries = mesh.ledger.entries(PARTITION);

    VersionedDocument newest = mesh.ledger.newestEntry(PARTITION).orElseThrow();
    VersionedDocument second = mesh.ledger.entryBefore(newest).orElseThrow();
    VersionedDocument first = mesh.ledger.entryBefore(second).orElseThrow();

    assertThat(List.of(first, second, newest))
        .extracting(VersionedDocument::version)
        .containsExactlyElementsOf(entries.stream().map(VersionedDocument::version).toList());
    assertThat(mesh.ledger.entryBefore(first)).isEmpty();
  }

  @Test
  void anAttemptIsFoundByItsIdAlsoIfTheClockMovesWhileItBegins() {
    AtomicLong millis = new AtomicLong(Instant.parse("2026-11-20T08:00:00Z").toEpochMilli());
    InstantSource moving = () -> Instant.ofEpochMilli(millis.incrementAndGet());
    Ledger ledger =
        new Ledger(
            mesh.registry,
            new MeshRuntime(
                moving,
                IdGenerator.seeded(moving, 11),
                mesh::pass,
                Runnable::run,
                Duration.ofMinutes(2)));
    for (int i = 0; i < 9; i++) {
      commit(ledger, i);
    }

    for (VersionedDocument entry : ledger.entries(PARTITION)) {
      String attempt = entry.json().path("attempt").asText();
      assertThat(IdGenerator.time(attempt)).hasValue(Ledger.time(entry));
      assertThat(ledger.holdsAttempt(PARTITION, attempt)).isTrue();
    }
  }

  @Test
  void anAttemptOfAnEarlierVersionIsFoundAlthoughItsIdIsLaterThanItsEntry() {
    commit(0);
    mesh.pass(Duration.ofMillis(5));
    commit(1);
    VersionedDocument entry = mesh.ledger.entries(PARTITION).get(0);
    String later = IdGenerator.seeded(InstantSource.system(), 5).next(mesh.now());
    ObjectNode earlier = entry.json().deepCopy().put("attempt", later);
    mesh.registry.commit(
        Transaction.attempt("earlier")
            .replace(entry.key(), DocumentJson.write(earlier), entry.version())
            .build());

    assertThat(mesh.ledger.holdsAttempt(PARTITION, later)).isTrue();
  }

  @Test
  void noOtherIdIsThatOfAnAttempt() {
    assertThat(mesh.ledger.holdsAttempt(PARTITION, mesh.runtime.ids().next())).isFalse();
    commit(0);
    assertThat(mesh.ledger.holdsAttempt(PARTITION, mesh.runtime.ids().next())).isFalse();
    assertThat(mesh.ledger.holdsAttempt(PARTITION, "first")).isFalse();
  }

  @Test
  void aMissingEntryIsDamage() {
    for (int i = 0; i < 3; i++) {
      commit(i);
    }
    VersionedDocument second = mesh.ledger.entries(PARTITION).get(1);
    mesh.registry.commit(
        Transaction.attempt("stranger").delete(second.key(), second.version()).build());
    VersionedDocument newest = mesh.ledger.newestEntry(PARTITION).orElseThrow();

    assertThatThrownBy(() -> mesh.ledger.entryBefore(newest))
        .isInstanceOfSatisfying(
            BackendException.class,
            damaged -> assertThat(damaged.errorCode()).isEqualTo(ErrorCode.REGISTRY_CORRUPT))
        .hasMessageContainingAll(PARTITION, "entry 2");
  }
}
