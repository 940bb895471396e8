package io.meshwork.internal.grants;

import io.meshwork.error.MeshAction;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.open.OpenOperation;
import io.meshwork.internal.runtime.OneCommit;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.request.AccessRequest;
import java.util.function.Function;
import java.util.function.Supplier;

/** Commits a change of a request that changes no rights. Each attempt drafts the change again. */
final class RequestChange {
  private final ClientSession session;
  private final MeshAction action;
  private final OneCommit commit;
  private final OpenOperation open;

  RequestChange(ClientSession session, MeshAction action) {
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
  AccessRequest commit(
      Function<Ledger.Attempt, CommitDraft<AccessRequest>> drafter, Supplier<String> partition) {
    open.settle();
    session.checkOpen(action);
    commit.begin();
    try {
      String logPartition = partition.get();
      return session
          .ledger()
          .commit(
              new Ledger.Change<AccessRequest>() {
                @Override
                public MeshAction action() {
                  return action;
                }

                @Override
                public String partition() {
                  return logPartition;
                }

                @Override
                public CommitDraft<AccessRequest> draft(Ledger.Attempt attempt) {
                  return drafter.apply(attempt);
                }
              },
              session.deadline());
    } finally {
      commit.end();
    }
  }
}
