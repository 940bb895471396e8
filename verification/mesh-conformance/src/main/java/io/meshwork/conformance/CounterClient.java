package io.meshwork.conformance;

import io.meshwork.error.BackendException;
import io.meshwork.internal.runtime.IdGenerator;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Document;
import io.meshwork.registry.Registry.Key;
import io.meshwork.registry.Registry.Outcome;
import io.meshwork.registry.Registry.Status;
import io.meshwork.registry.Registry.Transaction;
import java.util.Optional;

/** A caller of a registry that retries conflicts and resolves unknown outcomes. */
final class CounterClient {
  /**
   * Many more than contention requires. Only a registry in which no writer makes progress reaches
   * this limit.
   */
  private static final int TRIES = 100_000;

  private CounterClient() {}

  /** Increments a counter, and reads it again after each conflict. */
  static void increment(Registry registry, Key counter, IdGenerator ids) {
    for (int i = 0; i < TRIES; i++) {
      Optional<Document> base = registry.read(counter);
      int next = base.map(document -> Integer.parseInt(document.json())).orElse(0) + 1;
      Transaction transaction =
          Transaction.attempt(ids.next())
              .replace(
                  counter,
                  Integer.toString(next),
                  base.map(Document::version).orElse(Transaction.ABSENT))
              .build();
      if (settle(registry, transaction).equals(Outcome.COMMITTED)) {
        return;
      }
    }
    throw new AssertionError("No increment of " + counter + " succeeded in " + TRIES + " tries");
  }

  /** Commits until the outcome is known. */
  static Outcome settle(Registry registry, Transaction transaction) {
    for (int i = 0; i < TRIES; i++) {
      try {
        Outcome outcome = registry.commit(transaction);
        return outcome.status() == Status.UNKNOWN ? resolve(registry, transaction) : outcome;
      } catch (BackendException e) {
        if (!e.retryable()) {
          throw e;
        }
      }
    }
    throw new AssertionError("The commit could not be had in " + TRIES + " tries");
  }

  /** Resolves an attempt until its outcome is known. */
  static Outcome resolve(Registry registry, Transaction transaction) {
    for (int i = 0; i < TRIES; i++) {
      Outcome outcome = registry.resolve(transaction.partition(), transaction.attemptId());
      if (outcome.status() != Status.UNKNOWN) {
        return outcome;
      }
    }
    throw new AssertionError("The attempt could not be resolved in " + TRIES + " tries");
  }
}
