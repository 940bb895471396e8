package io.meshwork.internal.rollout.retirement;

import io.meshwork.error.Finding;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.rollout.RolloutEntry;
import java.util.List;

/** A change that takes a major version away from its consumers. */
interface FencedChange extends StateChange {
  /** The major version that is taken away. */
  VersionEntry taken(TransitionContext context);

  /** Reads the state that the change left. */
  TransitionContext readAfter();

  /** The consumers that lost the major version although they need it. */
  List<Finding> losses(TransitionContext after);

  /** Drafts the transaction that undoes the change. */
  CommitDraft<RolloutEntry> undo(TransitionContext after, Ledger.Attempt attempt);
}
