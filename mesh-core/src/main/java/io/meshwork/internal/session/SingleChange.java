package io.meshwork.internal.session;

import io.meshwork.error.MeshAction;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.open.OpenOperation;
import io.meshwork.internal.runtime.CommitGuard;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Commits one change of documents, once. Each attempt drafts the change again.
 *
 * @param <R> what exists after the change
 */
public final class SingleChange<R> {
  private final ClientSession session;
  private final MeshAction action;
  private final CommitGuard once;
  private final OpenOperation open;

  public SingleChange(ClientSession session, MeshAction action) {
    this.session = session;
    this.action = action;
    this.once = CommitGuard.withoutKey(action);
    this.open = session.operation(action).begin();
  }

  /**
   * Commits the change.
   *
   * @param partition the partition of the log
   */
  public R commit(Function<Ledger.Attempt, CommitDraft<R>> drafter, Supplier<String> partition) {
    open.settle();
    session.checkOpen(action);
    return once.run(() -> session.commit(Ledger.Change.of(action, partition.get(), drafter)));
  }
}
