package io.meshwork.internal.suggestions;

import io.meshwork.error.MeshAction;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.open.OpenOperation;
import io.meshwork.internal.runtime.OneCommit;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.request.Suggestion;
import java.util.function.Function;
import java.util.function.Supplier;

/** Commits a change of a suggestion. Each attempt drafts the change again. */
final class SuggestionChange {
  private final ClientSession session;
  private final MeshAction action;
  private final OneCommit commit;
  private final OpenOperation open;

  SuggestionChange(ClientSession session, MeshAction action) {
    this.session = session;
    this.action = action;
    this.commit = OneCommit.withoutKey(action);
    this.open = session.operation(action).begin();
  }

  /**
   * Commits the change.
   *
   * @param partition the partition of the log
   */
  Suggestion commit(
      Function<Ledger.Attempt, CommitDraft<Suggestion>> drafter, Supplier<String> partition) {
    open.settle();
    session.checkOpen(action);
    commit.begin();
    try {
      return session
          .ledger()
          .commit(new LoggedChange(action, partition.get(), drafter), session.deadline());
    } finally {
      commit.end();
    }
  }

  private record LoggedChange(
      MeshAction action,
      String partition,
      Function<Ledger.Attempt, CommitDraft<Suggestion>> drafter)
      implements Ledger.Change<Suggestion> {
    @Override
    public CommitDraft<Suggestion> draft(Ledger.Attempt attempt) {
      return drafter.apply(attempt);
    }
  }
}
