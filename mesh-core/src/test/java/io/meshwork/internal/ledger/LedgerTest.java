package io.meshwork.internal.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.BackendException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.NotFoundException;
import io.meshwork.error.OutcomeUnknownException;
import io.meshwork.internal.ledger.Ledger.Attempt;
import io.meshwork.internal.ledger.ScriptedRegistry.Fault;
import io.meshwork.internal.runtime.IdGenerator;
import io.meshwork.internal.runtime.MeshRuntime;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry.Key;
import io.meshwork.registry.Registry.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class LedgerTest {
  private static final String PARTITION = "commerce/orders";
  private static final Key COUNTER = new Key(PARTITION, "counter");
  private static final Principal ETL = Principal.of("commerce", "etl");

  private final TestMesh mesh = new TestMesh();
  private final Ledger ledger = mesh.ledger;
  private final List<String> cleared = new ArrayList<>();

  @Test
  void aChangeIsWrittenTogetherWithOneLogEntry() {
    assertThat(commit(this::increment)).isEqualTo(1);
    assertThat(commit(this::increment)).isEqualTo(2);

    assertThat(ledger.read(COUNTER).orElseThrow().json().path("count").asInt()).isEqualTo(2);
    List<VersionedDocument> entries = ledger.entries(PARTITION);
    assertThat(entries).hasSize(2);
    ObjectNode second = entries.get(1).json();
    assertThat(second.path("sequence").asLong()).isEqualTo(2);
    assertThat(second.path("event").asText()).isEqualTo("counter.raised");
    assertThat(second.path("principal").asText()).isEqualTo("commerce/etl");
    assertThat(second.path("subject").asText()).isEqualTo(PARTITION);
    assertThat(second.path("details").path("to").asLong()).isEqualTo(2);
    assertThat(second.path("previous").asText())
        .isEqualTo(entries.get(0).json().path("hash").asText());
    assertThat(second.path("attempt").asText()).isEqualTo(entries.get(1).version());
    assertThat(ledger.verify(PARTITION)).isEmpty();
  }

  @Test
  void fieldsThatThisVersionDoesNotKnowSurviveAChange() {
    commit(this::increment);
    mesh.registry.tamper(
        COUNTER, "{\"format\":1,\"count\":4,\"later\":{\"share\":1.50,\"n\":[1]}}");

    commit(this::increment);

    assertThat(mesh.registry.read(COUNTER).orElseThrow().json())
        .isEqualTo("{\"format\":1,\"count\":5,\"later\":{\"share\":1.50,\"n\":[1]}}");
  }

  @Test
  void aChangeThatIsTooLargeForTheRegistryNamesWhatWasTriedAndHowLargeItIs() {
    assertThatThrownBy(
            () ->
                commit(
                    attempt -> {
                      CommitDraft<Integer> draft = increment(attempt);
                      for (int i = 0; i < 100; i++) {
                        draft.checkAbsent(new Key(PARTITION, "other/" + i));
                      }
                      return draft;
                    }))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.LIMIT_EXCEEDED))
        .hasMessageContainingAll(
            "Cannot update the counter: it is too large for one transaction",
            "103 actions; the limit is 90. Nothing was committed. Do less in one call");

    assertThat(cleared).containsExactly("draft", "attempt");
  }

  @Test
  void whoConflictsIsDraftedAnewFromWhatIsThereNow() {
    commit(this::increment);
    mesh.registry.next(Fault.CONFLICT, Fault.CONFLICT);

    assertThat(commit(this::increment)).isEqualTo(2);

    assertThat(cleared).hasSize(4);
    assertThat(ledger.entries(PARTITION)).hasSize(2);
  }

  @Test
  void conflictsUntilTheDeadlineEndInAConflictThatCountsTheAttempts() {
    mesh.registry.script(transaction -> Fault.CONFLICT);

    assertThatThrownBy(() -> commit(this::increment))
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("update the counter")
        .hasMessageContaining(
            "other commits were faster in " + mesh.registry.commits() + " attempts")
        .hasMessageContaining("commerce/orders · head");
    assertThat(mesh.registry.commits()).isGreaterThan(10);
    assertThat(ledger.read(COUNTER)).isEmpty();
  }

  @Test
  void aBusyRegistryIsRetriedAndABrokenOneIsNot() {
    mesh.registry.next(Fault.BUSY, Fault.BUSY);
    assertThat(commit(this::increment)).isEqualTo(1);
    assertThat(mesh.registry.commits()).isEqualTo(3);

    mesh.registry.next(Fault.BROKEN);
    assertThatThrownBy(() -> commit(this::increment))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("broken");
    assertThat(mesh.registry.commits()).isEqualTo(4);
    assertThat(cleared).as("two busy attempts and a broken one").hasSize(6);
  }

  @Test
  void aLostReplyIsResolvedAndTheChangeIsDoneOnce() {
    mesh.registry.next(Fault.REPLY_LOST);

    assertThat(commit(this::increment)).isEqualTo(1);

    assertThat(mesh.registry.commits()).isEqualTo(1);
    assertThat(cleared).isEmpty();
    assertThat(ledger.entries(PARTITION)).hasSize(1);
  }

  @Test
  void aLateDeliveryIsRejectedAfterItsAttemptWasFenced() {
    mesh.registry.next(Fault.HELD);

    assertThat(commit(this::increment)).isEqualTo(1);

    assertThat(cleared).as("the fenced attempt").hasSize(2);
    assertThat(mesh.registry.deliverLate()).containsExactly(Outcome.ABORTED);
    assertThat(ledger.read(COUNTER).orElseThrow().json().path("count").asInt()).isEqualTo(1);
    assertThat(ledger.entries(PARTITION)).hasSize(1);
  }

  @Test
  void anOutcomeThatCannotBeResolvedIsUnknownAndNothingIsCleared() {
    mesh.registry.next(Fault.HELD);
    mesh.registry.cannotResolve();

    assertThatThrownBy(() -> commit(this::increment))
        .isInstanceOf(OutcomeUnknownException.class)
        .hasMessageContaining("nothing was deleted")
        .satisfies(
            e -> assertThat(((OutcomeUnknownException) e).idempotencyKey()).isEqualTo("orders-1"));
    assertThat(cleared).isEmpty();
    assertThat(mesh.registry.commits()).as("a doubtful commit is not tried again").isEqualTo(1);

    assertThat(mesh.registry.deliverLate()).containsExactly(Outcome.COMMITTED);
    assertThat(ledger.verify(PARTITION)).isEmpty();
  }

  @Test
  void aDraftThatThrowsRunsTheLostActionsOfItsAttempt() {
    assertThatThrownBy(
            () ->
                commit(
                    attempt -> {
                      attempt.onLost(() -> cleared.add("attempt"));
                      throw Failure.of(MeshAction.of(Verb.FIND, "a document"))
                          .because("it does not exist")
                          .notFound(ErrorCode.NOT_FOUND);
                    }))
        .isInstanceOf(NotFoundException.class);
    assertThat(cleared).containsExactly("attempt");
    assertThat(mesh.registry.commits()).isZero();
  }

  @Test
  void anUnchangedDraftWritesNothing() {
    assertThat(commit(attempt -> CommitDraft.unchanged(41))).isEqualTo(41);
    assertThat(mesh.registry.commits()).isZero();
    assertThat(ledger.entries(PARTITION)).isEmpty();
  }

  @Test
  void aFailureAfterTheCommitDoesNotFailIt() {
    List<String> ran = new ArrayList<>();
    int result =
        commit(
            attempt ->
                increment(attempt)
                    .onCommitted(
                        () -> {
                          throw new IllegalStateException("disk gone");
                        })
                    .onCommitted(() -> ran.add("second")));
    assertThat(result).isEqualTo(1);
    assertThat(ran).containsExactly("second");
  }

  @Test
  void twoReadingsThatDifferEndInAConflictAndNotInALostUpdate() {
    commit(this::increment);
    List<String> once = new ArrayList<>();
    int result =
        commit(
            attempt -> {
              VersionedDocument first = ledger.read(COUNTER).orElseThrow();
              if (once.isEmpty()) {
                once.add("another writer");
                commit(this::increment);
              }
              VersionedDocument second = ledger.read(COUNTER).orElseThrow();
              return CommitDraft.<Integer>of("counter.raised", ETL, PARTITION)
                  .check(first)
                  .replace(second, raised(second))
                  .result(second.json().path("count").asInt() + 1);
            });
    assertThat(result).isEqualTo(3);
    assertThat(mesh.registry.commits()).as("one of them conflicted").isEqualTo(4);
  }

  @Test
  void anInterruptedThreadCommitsNothing() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> commit(this::increment))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("interrupted");
    assertThat(Thread.interrupted()).isTrue();
    assertThat(mesh.registry.commits()).isZero();
  }

  @Test
  void anInterruptedWaitEndsTheChange() {
    MeshRuntime impatient =
        new MeshRuntime(
            mesh.runtime.clock(),
            IdGenerator.seeded(mesh.runtime.clock(), 8),
            time -> {
              throw new InterruptedException();
            },
            Runnable::run,
            Duration.ofMinutes(1));
    mesh.registry.script(transaction -> Fault.CONFLICT);
    assertThatThrownBy(
            () ->
                new Ledger(mesh.registry, impatient)
                    .commit(change(this::increment), mesh.deadline()))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("interrupted");
    assertThat(Thread.interrupted()).isTrue();
    assertThat(mesh.registry.commits()).isEqualTo(1);
  }

  @Test
  void anInterruptedWaitForAnOutcomeLeavesItUnknown() {
    mesh.registry.next(Fault.HELD);
    mesh.registry.cannotResolve();
    MeshRuntime impatient =
        new MeshRuntime(
            mesh.runtime.clock(),
            IdGenerator.seeded(mesh.runtime.clock(), 9),
            time -> {
              throw new InterruptedException();
            },
            Runnable::run,
            Duration.ofMinutes(1));
    assertThatThrownBy(
            () ->
                new Ledger(mesh.registry, impatient)
                    .commit(change(this::increment), mesh.deadline()))
        .isInstanceOf(OutcomeUnknownException.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(cleared).isEmpty();
  }

  @Test
  void aDraftThatEndsAfterTheDeadlineIsNotSent() {
    assertThatThrownBy(
            () ->
                commit(
                    attempt -> {
                      mesh.pass(Duration.ofMinutes(3));
                      return increment(attempt);
                    }))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("deadline");
    assertThat(mesh.registry.commits()).isZero();
    assertThat(cleared).hasSize(2);
  }

  @Test
  void aLostOrOldHeadIsDamageAndNotAConflict() {
    commit(this::increment);
    Key head = LogChain.headKey(PARTITION);
    String first = mesh.registry.read(head).orElseThrow().json();
    commit(this::increment);

    mesh.registry.tamper(head, first);
    assertThatThrownBy(() -> commit(this::increment))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("set back or lost");
    mesh.registry.erase(head);
    assertThatThrownBy(() -> commit(this::increment))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("set back or lost");
    assertThat(mesh.registry.commits()).as("damage is not tried again").isEqualTo(4);
  }

  @Test
  void theTimeOfTheLogNeverDecreases() {
    commit(this::increment);
    Instant first = mesh.now();
    mesh.setClock(first.minus(Duration.ofDays(3650)));
    commit(this::increment);
    assertThat(ledger.entries(PARTITION))
        .extracting(entry -> Instant.parse(entry.json().path("at").asText()))
        .containsExactly(first, first);
    assertThat(ledger.verify(PARTITION)).isEmpty();
  }

  @Test
  void aDocumentOfANewerFormatIsRejectedByName() {
    mesh.registry.tamper(COUNTER, "{\"format\":2,\"count\":1}");
    assertThatThrownBy(() -> ledger.read(COUNTER))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("commerce/orders · counter")
        .hasMessageContaining("format is 2")
        .hasMessageContaining("up to 1")
        .satisfies(e -> assertThat(((BackendException) e).retryable()).isFalse());
  }

  @Test
  void aTransactionAboveALimitIsRejectedAndClearedUp() {
    assertThatThrownBy(
            () ->
                commit(attempt -> increment(attempt).details(new LongDetail("x".repeat(400_000)))))
        .isInstanceOf(InvalidRequestException.class);
    assertThat(cleared).hasSize(2);
  }

  @Test
  void eightContendingThreadsLoseNotOneUpdate() throws Exception {
    int[] calls = {0};
    mesh.registry.script(
        transaction ->
            switch (calls[0]++ % 11) {
              case 3 -> Fault.REPLY_LOST;
              case 5 -> Fault.BUSY;
              case 7 -> Fault.HELD;
              default -> Fault.NONE;
            });
    ExecutorService threads = Executors.newFixedThreadPool(8);
    List<Future<?>> done = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      done.add(
          threads.submit(
              () -> {
                for (int j = 0; j < 25; j++) {
                  ledger.commit(
                      change(attempt -> raise(attempt)),
                      mesh.runtime.startDeadline(Duration.ofDays(30)));
                }
              }));
    }
    for (Future<?> one : done) {
      one.get(60, TimeUnit.SECONDS);
    }
    threads.shutdown();
    assertThat(mesh.registry.deliverLate()).isNotEmpty().containsOnly(Outcome.ABORTED);
    assertThat(ledger.read(COUNTER).orElseThrow().json().path("count").asInt()).isEqualTo(200);
    assertThat(ledger.entries(PARTITION)).hasSize(200);
    assertThat(ledger.verify(PARTITION)).isEmpty();
  }

  private CommitDraft<Integer> increment(Attempt attempt) {
    attempt.onLost(() -> cleared.add("attempt"));
    return raise(attempt).onLost(() -> cleared.add("draft"));
  }

  private CommitDraft<Integer> raise(Attempt attempt) {
    Optional<VersionedDocument> before = ledger.read(COUNTER);
    int next = before.map(stored -> stored.json().path("count").asInt()).orElse(0) + 1;
    CommitDraft<Integer> draft =
        CommitDraft.<Integer>of("counter.raised", ETL, PARTITION)
            .details(new RaisedCounter(next))
            .result(next);
    assertThat(attempt.sequence()).isPositive();
    if (before.isPresent()) {
      draft.replace(before.get(), raised(before.get()));
    } else {
      draft.insert(COUNTER, DocumentJson.create().put("count", 1));
    }
    return draft;
  }

  private static ObjectNode raised(VersionedDocument counter) {
    ObjectNode json = counter.json().deepCopy();
    return json.put("count", json.path("count").asInt() + 1);
  }

  private int commit(Function<Attempt, CommitDraft<Integer>> draft) {
    return ledger.commit(change(draft), mesh.deadline());
  }

  private static Ledger.Change<Integer> change(Function<Attempt, CommitDraft<Integer>> draft) {
    return new Ledger.Change<>() {
      @Override
      public MeshAction action() {
        return MeshAction.of(Verb.UPDATE, "the counter");
      }

      @Override
      public String partition() {
        return PARTITION;
      }

      @Override
      public String idempotencyKey() {
        return "orders-1";
      }

      @Override
      public CommitDraft<Integer> draft(Attempt attempt) {
        return draft.apply(attempt);
      }
    };
  }

  private record RaisedCounter(int to) {}

  private record LongDetail(String text) {}
}
