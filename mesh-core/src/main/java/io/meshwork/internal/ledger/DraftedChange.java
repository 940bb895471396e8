package io.meshwork.internal.ledger;

import io.meshwork.error.MeshAction;
import java.util.function.Function;

/** A change that a function drafts. Immutable. */
record DraftedChange<R>(
    MeshAction action, String partition, Function<Ledger.Attempt, CommitDraft<R>> drafter)
    implements Ledger.Change<R> {
  @Override
  public CommitDraft<R> draft(Ledger.Attempt attempt) {
    return drafter.apply(attempt);
  }
}
