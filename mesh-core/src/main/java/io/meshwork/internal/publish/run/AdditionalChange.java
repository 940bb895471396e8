package io.meshwork.internal.publish.run;

import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.receipts.PublishRequest;

/**
 * What a publish changes in its transaction besides the tables that it writes, such as the end of
 * the staged publish whose rows it has. Called by one publish, in this order. Not thread-safe.
 */
public interface AdditionalChange {
  /** Nothing. */
  AdditionalChange NONE = (draft, attempt, request) -> {};

  /** Does the expensive work before the commit. */
  default void prepare() {}

  void addTo(CommitDraft<?> draft, Ledger.Attempt attempt, PublishRequest request);

  /** Deletes what the commit replaced. */
  default void committed() {}

  /** Deletes what was prepared for a publish that certainly was not committed. */
  default void discard() {}

  /** Returns the failure of the publish, which says what was changed nevertheless. */
  default RuntimeException explain(RuntimeException failure) {
    return failure;
  }
}
