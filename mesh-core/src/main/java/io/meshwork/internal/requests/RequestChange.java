package io.meshwork.internal.requests;

import io.meshwork.error.MeshAction;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.open.OpenOperation;
import io.meshwork.internal.runtime.OneCommit;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.request.AccessRequest;
import java.util.function.Function;
import java.util.function.Supplier;

/** Commits one change of a request that changes no rights; it is drafted anew for each attempt. */
final class RequestChange {
  private final ClientSession session;
  private final MeshAction action;
  private final OneCommit once;
  private final OpenOperation open;

  RequestChange(ClientSession session, MeshAction action) {
    this.session = session;
    this.action = action;
    this.once = OneCommit.withoutKey(action);
    this.open = session.operation(action).begin();
  }

  /**
   * Does it.
   *
   * @param partition whose log tells of it
   */
  AccessRequest commit(
      Function<Ledger.Attempt, CommitDraft<AccessRequest>> how, Supplier<String> partition) {
    open.settle();
    session.checkOpen(action);
    once.begin();
    try {
      String of = partition.get();
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
                  return of;
                }

                @Override
                public CommitDraft<AccessRequest> draft(Ledger.Attempt attempt) {
                  return how.apply(attempt);
                }
              },
              session.deadline());
    } finally {
      once.end();
    }
  }
}
