package io.meshwork.internal.ledger;

import io.meshwork.registry.Registry.Key;

/**
 * What a mesh adds to each commit of its ledger. {@link Ledger#commit} calls it in the order of
 * these methods. Thread-safe.
 */
public interface LedgerExtension {
  /** Called with the partition of a change before its first attempt; an exception prevents it. */
  default void beforeCommit(String partition) {}

  /** Completes a logged draft with documents that derive from its documents. */
  default void complete(CommitDraft<?> draft, Ledger.Attempt attempt) {}

  /**
   * Called with each document that an attempt found changed or removed, before the next one reads
   * the documents again. Must not throw.
   */
  default void onConflict(Key key) {}

  /** Called with the partition after a commit with a log entry. Must not throw. */
  default void afterCommit(String partition) {}
}
