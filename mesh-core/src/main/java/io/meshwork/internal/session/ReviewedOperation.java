package io.meshwork.internal.session;

import io.meshwork.error.MeshAction;
import io.meshwork.internal.open.OpenOperation;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.runtime.CommitGuard;
import io.meshwork.operation.Plan;
import io.meshwork.operation.PlannedOperation;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An operation that can be planned, and is committed once, with a reviewed plan or without one. A
 * subclass evaluates its plan and prepares its commit. For one thread.
 *
 * @param <P> its plan
 * @param <R> what exists after the change
 */
public abstract class ReviewedOperation<P extends Plan<R>, R> implements PlannedOperation<P, R> {
  /** The session of the caller. */
  protected final ClientSession session;

  private final MeshAction action;
  private final CommitGuard once;
  private final OpenOperation open;

  protected ReviewedOperation(ClientSession session, MeshAction action) {
    this.session = session;
    this.action = action;
    this.once = CommitGuard.withoutKey(action);
    this.open = session.operation(action);
  }

  /** Returns the action, for messages. */
  protected final MeshAction action() {
    return action;
  }

  /** Reports the operation as uncommitted until it is planned or committed. */
  protected final void begin() {
    open.begin();
  }

  /** Does not report the operation as uncommitted, or no longer. */
  protected final void settle() {
    open.settle();
  }

  /** Returns the plan, as the state is now. */
  protected abstract P evaluate();

  /**
   * Checks what the caller specified, and returns the commit.
   *
   * @param reviewed the fingerprint of the reviewed plan; null if none was reviewed
   */
  protected abstract Supplier<R> prepare(@Nullable String reviewed);

  @Override
  public final P plan() {
    open.settle();
    session.checkOpen(action);
    return evaluate();
  }

  @Override
  public final R commit() {
    return run(null);
  }

  @Override
  public final R commitAsPlanned(String fingerprint) {
    return run(ArgumentChecks.text("fingerprint", fingerprint));
  }

  private R run(@Nullable String reviewed) {
    open.settle();
    session.checkOpen(action);
    return once.run(prepare(reviewed));
  }
}
