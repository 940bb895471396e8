package io.meshwork.internal.ledger;

import io.meshwork.error.BackendException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshException;
import io.meshwork.internal.ledger.Ledger.Attempt;
import io.meshwork.internal.ledger.Ledger.Change;
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
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one loop that commits: draft, one transaction, and again as long as it is certain that
 * nothing was done. A doubtful reply is settled first; if that cannot be had, nothing is deleted
 * and nothing is tried again.
 */
final class CommitLoop<R> {
  private static final Logger LOG = LoggerFactory.getLogger(CommitLoop.class);
  private static final int RESOLVE_TRIES = 5;
  private static final ExponentialBackoff LONGEST_WAIT =
      new ExponentialBackoff(Duration.ofMillis(20), 2, Duration.ofSeconds(2));

  private final Registry registry;
  private final MeshRuntime runtime;
  private final HostClock clock;
  private final Change<R> change;
  private final Deadline deadline;
  private int attempts;
  private boolean settled;
  private boolean unlogged;

  CommitLoop(
      Registry registry,
      MeshRuntime runtime,
      HostClock clock,
      Change<R> change,
      Deadline deadline) {
    this.registry = registry;
    this.runtime = runtime;
    this.clock = clock;
    this.change = change;
    this.deadline = deadline;
  }

  R run() {
    deadline.check(change.action());
    while (true) {
      attempts++;
      Round<R> round = round();
      MeshException lost = round.lost();
      if (lost == null) {
        return round.draft().result();
      }
      if (deadline.passed()) {
        throw lost;
      }
      pause(attempts, runtime.ids().next());
      if (deadline.passed()) {
        throw lost;
      }
    }
  }

  /** How it ended, if nothing was thrown. */
  MeshMeters.Outcome outcome() {
    return settled ? MeshMeters.Outcome.REPLAYED : MeshMeters.Outcome.COMMITTED;
  }

  /** True if it was committed and a log tells of it. */
  boolean isLogged() {
    return !settled && !unlogged;
  }

  /** True if it writes what no log tells of. */
  boolean isUnlogged() {
    return unlogged;
  }

  /** One attempt: a draft that is done, or why it was lost and may be tried again. */
  private record Round<R>(@Nullable CommitDraft<R> maybeDraft, @Nullable MeshException lost) {
    CommitDraft<R> draft() {
      if (maybeDraft == null) {
        throw new IllegalStateException("The attempt was lost");
      }
      return maybeDraft;
    }
  }

  private Round<R> round() {
    Attempt attempt;
    try {
      attempt = LogChain.begin(registry, runtime, change.partition());
      if (!change.settlesTime()) {
        clock.checkCommit(change.action(), change.partition(), attempt);
      }
    } catch (BackendException e) {
      return again(e);
    }
    CommitDraft<R> draft = null;
    Transaction transaction;
    try {
      draft = change.draft(attempt);
      unlogged |= draft.isUnlogged();
      if (draft.isSettled()) {
        settled = true;
        draft.result();
        lost(attempt, draft);
        return new Round<>(draft, null);
      }
      draft.result();
      transaction = LogChain.transaction(registry, change.partition(), attempt, draft);
      deadline.check(change.action());
    } catch (BackendException e) {
      lost(attempt, draft);
      return again(e);
    } catch (RuntimeException | Error e) {
      // Nothing was sent yet, so whatever went wrong, this attempt never lands.
      lost(attempt, draft);
      throw e;
    }
    return send(attempt, draft, transaction);
  }

  private Round<R> send(Attempt attempt, CommitDraft<R> draft, Transaction transaction) {
    Outcome outcome;
    RuntimeException doubt = null;
    try {
      outcome = registry.commit(transaction);
    } catch (BackendException e) {
      if (!landed(transaction)) {
        lost(attempt, draft);
        return again(e);
      }
      outcome = Outcome.COMMITTED;
    } catch (RuntimeException e) {
      // The port promises not to throw in doubt; one that does anyway proves nothing.
      doubt = e;
      outcome = Outcome.UNKNOWN;
    }
    if (outcome.status() == Status.UNKNOWN) {
      outcome = settle(transaction, doubt);
    }
    if (outcome.status() == Status.CONFLICT && landed(transaction)) {
      outcome = Outcome.COMMITTED;
    }
    if (outcome.status() == Status.COMMITTED) {
      runAll(draft.whenCommitted());
      return new Round<>(draft, null);
    }
    lost(attempt, draft);
    return taken(transaction, outcome);
  }

  /**
   * True if the attempt's row says that it landed, whatever the answer was: a commit that was
   * delivered twice may be told of its own conflict. It must not be taken for somebody else's, nor
   * its files for left over.
   */
  private boolean landed(Transaction transaction) {
    Key row = new Key(transaction.partition(), Registry.ATTEMPT_PREFIX + transaction.attemptId());
    try {
      return registry
          .read(row)
          .filter(read -> read.json().equals(Registry.ATTEMPT_COMMITTED))
          .isPresent();
    } catch (RuntimeException e) {
      return false; // then the registry's word stands
    }
  }

  private Round<R> taken(Transaction transaction, Outcome outcome) {
    try {
      for (Key key : outcome.conflicts()) {
        if (isFence(transaction, key)) {
          throw fenced(key);
        }
        if (key.sort().startsWith(LogChain.PREFIX)
            && LogChain.headIsBehind(registry, transaction, key)) {
          throw LogChain.headLost(change.action(), key.partition());
        }
      }
    } catch (BackendException e) {
      return again(e);
    }
    return new Round<>(null, conflict(outcome.conflicts()));
  }

  /** What was fenced off stays so: another draft would only meet the same fence. */
  private boolean isFence(Transaction transaction, Key key) {
    return key.sort().startsWith(Ledger.FENCES)
        && transaction.actions().stream()
            .anyMatch(action -> action.key().equals(key) && action.kind() == Transaction.Kind.CHECK)
        && registry.read(key).isPresent();
  }

  private ConflictException fenced(Key key) {
    return Failure.of(change.action())
        .because(
            "it took so long that maintenance gave it up for dead and fenced it off ('"
                + key
                + "'), and what it wrote may be gone")
        .state("Nothing was committed, and under this id never will be.")
        .fix("Run it again with the same key.")
        .conflict(ErrorCode.STATE_CONFLICT);
  }

  private Outcome settle(Transaction transaction, @Nullable RuntimeException doubt) {
    RuntimeException cause = doubt;
    for (int tries = 1; tries <= RESOLVE_TRIES; tries++) {
      try {
        Outcome outcome = registry.resolve(transaction.partition(), transaction.attemptId());
        if (outcome.status() != Status.UNKNOWN) {
          return outcome;
        }
      } catch (RuntimeException e) {
        cause = e;
      }
      if (tries == RESOLVE_TRIES || deadline.passed()) {
        break;
      }
      try {
        runtime.sleeper().sleep(wait(tries, transaction.attemptId()));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      } catch (RuntimeException e) {
        cause = e; // what waits may be the caller's, and the outcome is still in doubt
        break;
      }
    }
    throw Failure.of(change.action())
        .because(
            "the registry's answer to attempt "
                + transaction.attemptId()
                + " was lost, and the outcome could not be determined")
        .state("The commit may have succeeded; nothing was deleted.")
        .fix("Run it again with the same key; do not use another key.")
        .cause(cause)
        .outcomeUnknown(change.idempotencyKey());
  }

  private Round<R> again(BackendException failure) {
    boolean over =
        failure.errorCode() == ErrorCode.DEADLINE_PASSED
            || failure.errorCode() == ErrorCode.INTERRUPTED;
    if (!failure.retryable() || over) {
      throw failure;
    }
    return new Round<>(null, failure);
  }

  private ConflictException conflict(List<Key> keys) {
    String changed =
        keys.isEmpty()
            ? "its attempt was fenced"
            : keys.stream().map(Key::toString).collect(Collectors.joining("', '", "'", "'"))
                + " changed meanwhile";
    return Failure.of(change.action())
        .because(
            "others were faster in "
                + attempts
                + (attempts == 1 ? " attempt" : " attempts")
                + " until the deadline; at last "
                + changed)
        .state("Nothing was committed.")
        .fix("Run it again, or allow more time with timeout(..).")
        .conflict(ErrorCode.CONFLICT);
  }

  private void lost(Attempt attempt, @Nullable CommitDraft<R> draft) {
    if (draft != null) {
      runAll(draft.whenLost());
    }
    runAll(attempt.whenLost());
  }

  private void runAll(List<Runnable> actions) {
    for (Runnable action : actions) {
      try {
        action.run();
      } catch (RuntimeException e) {
        // Only the kind of failure, since a message of somebody else's may hold values.
        LOG.warn(
            "{}: clearing up after attempt {} failed with {}; what was decided stands",
            change.action(),
            attempts,
            e.getClass().getName());
      }
    }
  }

  private void pause(int tries, String seed) {
    try {
      Duration wait = wait(tries, seed);
      Duration left = deadline.left();
      runtime.sleeper().sleep(wait.compareTo(left) < 0 ? wait : left);
    } catch (InterruptedException e) {
      throw Deadline.interrupted(change.action(), e);
    } catch (RuntimeException e) {
      throw CallerException.failed(change.action(), "what waits between attempts", e);
    }
  }

  /** Full jitter, drawn from an id so that a seeded mesh waits the same each time. */
  private static Duration wait(int tries, String seed) {
    long longest = LONGEST_WAIT.after(tries).toMillis();
    long drawn = UUID.fromString(seed).getLeastSignificantBits() & Long.MAX_VALUE;
    return Duration.ofMillis(1 + Math.floorMod(drawn, longest));
  }
}
