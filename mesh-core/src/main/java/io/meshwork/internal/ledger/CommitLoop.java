package io.meshwork.internal.ledger;

import io.meshwork.error.BackendException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshException;
import io.meshwork.error.OutcomeUnknownException;
import io.meshwork.internal.ledger.Ledger.Attempt;
import io.meshwork.internal.ledger.Ledger.Change;
import io.meshwork.internal.ledger.Ledger.SharedState;
import io.meshwork.internal.runtime.CallerException;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.runtime.ExponentialBackoff;
import io.meshwork.internal.runtime.MeshMeters;
import io.meshwork.internal.runtime.MeshRuntime;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Key;
import io.meshwork.registry.Registry.Outcome;
import io.meshwork.registry.Registry.Status;
import io.meshwork.registry.Registry.Transaction;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The commit loop: a draft, one transaction, and a retry only if it is certain that nothing was
 * done. An unknown outcome is resolved first; if that fails, nothing is deleted or retried.
 */
final class CommitLoop<R> {
  private static final Logger LOG = LoggerFactory.getLogger(CommitLoop.class);
  private static final int MAX_RESOLVE_TRIES = 5;
  private static final int MAX_EXPIRED_TRIES = 5;
  private static final ExponentialBackoff BACKOFF =
      new ExponentialBackoff(Duration.ofMillis(20), 2, Duration.ofSeconds(2));

  /** After a conflict: a change that lost often waits hardly longer than one that lost once. */
  private static final ExponentialBackoff CONFLICT_BACKOFF =
      new ExponentialBackoff(Duration.ofMillis(20), 2, Duration.ofMillis(80));

  /** How long a change waits for one before it, which may hang. */
  private static final Duration LONGEST_TURN = Duration.ofSeconds(5);

  private final Registry registry;
  private final MeshRuntime runtime;
  private final HostClock clock;
  private final Change<R> change;
  private final Deadline deadline;
  private final BiConsumer<CommitDraft<?>, Attempt> derivation;
  private final Consumer<Key> conflictListener;
  private final CommitTurn turn;
  private final Map<String, SharedState> shared = new LinkedHashMap<>();
  private int attempts;

  /** True once the change or another of its process lost to one, so that tries need an order. */
  private boolean contended;

  private boolean unchanged;
  private boolean unlogged;

  CommitLoop(
      Registry registry,
      MeshRuntime runtime,
      HostClock clock,
      Change<R> change,
      Deadline deadline,
      BiConsumer<CommitDraft<?>, Attempt> derivation,
      Consumer<Key> conflictListener,
      CommitTurn turn) {
    this.registry = registry;
    this.runtime = runtime;
    this.clock = clock;
    this.change = change;
    this.deadline = deadline;
    this.derivation = derivation;
    this.conflictListener = conflictListener;
    this.turn = turn;
  }

  R run() {
    deadline.check(change.action());
    try {
      return tryInTurn();
    } catch (OutcomeUnknownException e) {
      throw e;
    } catch (RuntimeException e) {
      runAll(ends(Optional.empty()));
      throw e;
    } finally {
      turn.leave();
    }
  }

  private R tryInTurn() {
    while (true) {
      if (change.conflictsWithOthers()) {
        turn.join();
      }
      if (turn.anyWaits()) {
        contended = true;
        turn.join();
        awaitTurn();
      }
      if (!turn.hasTurnOfProcess()) {
        turn.keep(awaitProcesses());
      }
      attempts++;
      AttemptResult<R> attempt = attempt();
      MeshException failure = attempt.failure();
      if (failure == null) {
        CommitDraft<R> committed = attempt.draft();
        turn.leave();
        if (!committed.isUnchanged()) {
          runAll(committed.committedActions());
        }
        return committed.result();
      }
      turn.endTurnOfProcess();
      if (deadline.passed()) {
        throw failure;
      }
      if (failure instanceof ConflictException) {
        contended = true;
        turn.joinAfterLoss();
        sleep(wait(CONFLICT_BACKOFF, attempts, runtime.ids().next()));
      } else {
        sleep(wait(BACKOFF, attempts, runtime.ids().next()));
      }
      if (deadline.passed()) {
        throw failure;
      }
    }
  }

  private void awaitTurn() {
    try {
      turn.await(this::longestTurn);
    } catch (InterruptedException e) {
      throw Deadline.interrupted(change.action(), e);
    }
  }

  private Duration longestTurn() {
    Duration half = deadline.left().dividedBy(2); // the rest is for the try
    return half.compareTo(LONGEST_TURN) < 0 ? half : LONGEST_TURN;
  }

  /** The outcome, if nothing was thrown. */
  MeshMeters.Outcome outcome() {
    return unchanged ? MeshMeters.Outcome.REPLAYED : MeshMeters.Outcome.COMMITTED;
  }

  /** True if it was committed with a log entry. */
  boolean isLogged() {
    return !unchanged && !unlogged;
  }

  /** True if its drafts have no log entry. */
  boolean isUnlogged() {
    return unlogged;
  }

  /** The result of one attempt: the committed draft, or a failure that may be retried. */
  private record AttemptResult<R>(
      @Nullable CommitDraft<R> committedDraft, @Nullable MeshException failure) {
    CommitDraft<R> draft() {
      if (committedDraft == null) {
        throw new IllegalStateException("The attempt failed");
      }
      return committedDraft;
    }
  }

  private AttemptResult<R> attempt() {
    Attempt attempt;
    try {
      attempt = LogChain.begin(registry, runtime, change.partition());
      attempt.share(change.fences(), shared);
      if (!change.recordsTime()) {
        clock.checkCommit(change.action(), change.partition(), attempt);
      }
    } catch (BackendException e) {
      return retryAfter(e);
    }
    CommitDraft<R> draft = null;
    Transaction transaction;
    try {
      draft = change.draft(attempt);
      unlogged |= draft.isUnlogged();
      if (draft.isUnchanged()) {
        unchanged = true;
        draft.result();
        runLostActions(attempt, draft);
        runAll(ends(Optional.empty()));
        return new AttemptResult<>(draft, null);
      }
      draft.result();
      change.fences().forEach(draft::checkAbsent);
      if (!draft.isUnlogged()) {
        derivation.accept(draft, attempt);
      }
      transaction = transaction(attempt, draft);
      deadline.check(change.action());
    } catch (BackendException | ConflictException e) {
      runLostActions(attempt, draft);
      if (!e.retryable()) {
        requireNotFenced(e);
      }
      return retryAfter(e);
    } catch (RuntimeException | Error e) {
      // The transaction was not sent, so this attempt is never committed.
      runLostActions(attempt, draft);
      throw e;
    }
    return send(attempt, draft, transaction);
  }

  private Transaction transaction(Attempt attempt, CommitDraft<R> draft) {
    try {
      return LogChain.transaction(registry, change.partition(), attempt, draft);
    } catch (InvalidRequestException e) {
      if (e.errorCode() != ErrorCode.LIMIT_EXCEEDED) {
        throw e;
      }
      throw Failure.of(change.action())
          .because("it is too large for one transaction of the registry: " + e.reason())
          .state("Nothing was committed.")
          .fix(
              "Do less in one call: name fewer accounts, products, columns, or files. If it names"
                  + " one, remove what is not needed any longer, such as ended subscriptions and"
                  + " grants.")
          .cause(e)
          .invalidRequest(ErrorCode.LIMIT_EXCEEDED);
    }
  }

  private AttemptResult<R> send(Attempt attempt, CommitDraft<R> draft, Transaction transaction) {
    Outcome outcome;
    RuntimeException failure = null;
    try {
      outcome = registry.commit(transaction);
    } catch (BackendException e) {
      if (!isCommitted(transaction)) {
        runLostActions(attempt, draft);
        return retryAfter(e);
      }
      outcome = Outcome.COMMITTED;
    } catch (RuntimeException e) {
      // A registry must return UNKNOWN in this case; an exception proves nothing.
      failure = e;
      outcome = Outcome.UNKNOWN;
    }
    if (outcome.status() == Status.UNKNOWN) {
      outcome = resolve(transaction, failure);
    }
    if (outcome.status() == Status.CONFLICT && isCommitted(transaction)) {
      outcome = Outcome.COMMITTED;
    }
    if (outcome.status() == Status.COMMITTED) {
      List<Runnable> ends = ends(Optional.of(attempt.id()));
      draft.onCommitted(() -> runAll(ends));
      return new AttemptResult<>(draft, null);
    }
    runLostActions(attempt, draft);
    return conflicting(transaction, outcome);
  }

  /**
   * True if the attempt's row proves that it was committed, whatever the registry answered: a
   * transaction that was delivered twice conflicts with itself. Its files must not be deleted.
   */
  private boolean isCommitted(Transaction transaction) {
    Key row = new Key(transaction.partition(), Registry.ATTEMPT_PREFIX + transaction.attemptId());
    try {
      return registry
          .read(row)
          .filter(read -> read.json().equals(Registry.ATTEMPT_COMMITTED))
          .isPresent();
    } catch (RuntimeException e) {
      return false; // then the registry's answer counts
    }
  }

  private AttemptResult<R> conflicting(Transaction transaction, Outcome outcome) {
    try {
      for (Key key : outcome.conflicts()) {
        conflictListener.accept(key);
        if (change.fences().contains(key) && registry.read(key).isPresent()) {
          throw fenced(key, null);
        }
        if (key.sort().startsWith(LogChain.PREFIX)
            && LogChain.headIsBehind(registry, transaction, key)) {
          throw LogChain.headLost(change.action(), key.partition());
        }
      }
    } catch (BackendException e) {
      return retryAfter(e);
    }
    return new AttemptResult<>(null, conflict(outcome.conflicts()));
  }

  /** Requires that a failure is not due to maintenance, which fences off before it deletes. */
  private void requireNotFenced(MeshException failure) {
    for (Key fence : change.fences()) {
      boolean fenced;
      try {
        fenced = registry.read(fence).isPresent();
      } catch (BackendException e) {
        failure.addSuppressed(e);
        return;
      }
      if (fenced) {
        throw fenced(fence, failure);
      }
    }
  }

  private ConflictException fenced(Key key, @Nullable MeshException cause) {
    return Failure.of(change.action())
        .because(
            "it took so long that maintenance treated it as dead and fenced it off ('"
                + key
                + "'), and may have deleted its files")
        .state("Nothing was committed, and nothing ever will be under this ID.")
        .fix("Run it again.")
        .cause(cause)
        .conflict(ErrorCode.STATE_CONFLICT);
  }

  private Outcome resolve(Transaction transaction, @Nullable RuntimeException failure) {
    RuntimeException cause = failure;
    for (int tries = 1; tries <= MAX_RESOLVE_TRIES; tries++) {
      try {
        Outcome outcome = registry.resolve(transaction.partition(), transaction.attemptId());
        if (outcome.status() != Status.UNKNOWN) {
          return outcome;
        }
      } catch (RuntimeException e) {
        cause = e;
      }
      if (tries == MAX_RESOLVE_TRIES || deadline.passed()) {
        break;
      }
      try {
        runtime.sleeper().sleep(wait(BACKOFF, tries, transaction.attemptId()));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      } catch (RuntimeException e) {
        cause = e; // The caller's sleeper failed; the outcome is still unknown.
        break;
      }
    }
    throw Failure.of(change.action())
        .because(
            "the registry's answer to attempt "
                + transaction.attemptId()
                + " was lost, and the outcome could not be determined")
        .state("The commit may have succeeded; nothing was deleted.")
        .fix(
            change.idempotencyKey().isEmpty()
                ? "Check whether it succeeded. If it did not, run it again."
                : "Run it again with the key '"
                    + change.idempotencyKey() // whole: another key would do it twice
                    + "', which returns the result if it succeeded.")
        .cause(cause)
        .outcomeUnknown(change.idempotencyKey());
  }

  /** Returns the failure if the attempt may be retried, or throws it. */
  private AttemptResult<R> retryAfter(MeshException failure) {
    boolean passes =
        switch (failure.errorCode()) {
          case DEADLINE_PASSED, INTERRUPTED -> false;
          // The draft read a snapshot that is gone from the table, so the next one reads others.
          case SNAPSHOT_EXPIRED -> attempts <= MAX_EXPIRED_TRIES;
          default -> failure instanceof BackendException;
        };
    if (!failure.retryable() || !passes) {
      throw failure;
    }
    return new AttemptResult<>(null, failure);
  }

  private ConflictException conflict(List<Key> keys) {
    String changed =
        keys.isEmpty()
            ? "its attempt was fenced"
            : keys.stream().map(Key::toString).collect(Collectors.joining("', '", "'", "'"))
                + " changed in between";
    return Failure.of(change.action())
        .because(
            "other commits were faster in "
                + attempts
                + (attempts == 1 ? " attempt" : " attempts")
                + " until the deadline; in the last one "
                + changed)
        .state("Nothing was committed.")
        .fix("Run it again, or allow more time with timeout(..).")
        .conflict(ErrorCode.CONFLICT);
  }

  private void runLostActions(Attempt attempt, @Nullable CommitDraft<R> draft) {
    if (draft != null) {
      runAll(draft.lostActions());
    }
    runAll(attempt.lostActions());
  }

  /** Takes what ends all that the attempts share, so that no later failure ends it otherwise. */
  private List<Runnable> ends(Optional<String> committed) {
    List<Runnable> ends =
        shared.values().stream().map(each -> (Runnable) () -> each.end(committed)).toList();
    shared.clear();
    return ends;
  }

  private void runAll(List<Runnable> actions) {
    for (Runnable action : actions) {
      try {
        action.run();
      } catch (RuntimeException e) {
        // Only the exception's type: its message may contain field values.
        LOG.warn(
            "{}: an action after attempt {} failed with {}; the outcome is not affected",
            change.action(),
            attempts,
            e.getClass().getName());
      }
    }
  }

  /** Lets other processes that wait for longer go first. */
  private Runnable awaitProcesses() {
    try {
      return registry.awaitTurn(change.partition(), contended, longestTurn());
    } catch (InterruptedException e) {
      throw Deadline.interrupted(change.action(), e);
    } catch (BackendException e) {
      return Registry.NO_TURN; // the attempt reports what fails
    }
  }

  private void sleep(Duration time) {
    try {
      Duration timeLeft = deadline.left();
      runtime.sleeper().sleep(time.compareTo(timeLeft) < 0 ? time : timeLeft);
    } catch (InterruptedException e) {
      throw Deadline.interrupted(change.action(), e);
    } catch (RuntimeException e) {
      throw CallerException.failed(change.action(), "the sleeper between attempts", e);
    }
  }

  /** Full jitter, derived from an ID so that a seeded mesh always waits the same time. */
  private static Duration wait(ExponentialBackoff backoff, int tries, String seed) {
    long longest = backoff.after(tries).toMillis();
    long random = UUID.fromString(seed).getLeastSignificantBits() & Long.MAX_VALUE;
    return Duration.ofMillis(1 + Math.floorMod(random, longest));
  }
}
