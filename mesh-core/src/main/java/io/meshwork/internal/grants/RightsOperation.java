package io.meshwork.internal.grants;

import io.meshwork.access.AccessClient.AccessOperation;
import io.meshwork.access.AccessPlan;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.session.ClientSession;
import java.time.Instant;

/**
 * A change of access. A subclass proposes the writes; this class plans and commits them, alone or
 * with others. For one thread; committed once.
 *
 * @param <R> what exists after the change
 */
abstract class RightsOperation<R> implements AccessOperation<R> {
  private final ClientSession session;
  private final MeshAction action;
  private final RightsChange<R> change;

  /** Creates an operation that is open until it is planned or committed. */
  protected RightsOperation(ClientSession session, MeshAction action) {
    this.session = session;
    this.action = action;
    this.change = new RightsChange<>(session, action, this::propose);
  }

  /**
   * Plans several operations as one change. Each is proposed on top of the previous one.
   *
   * @throws io.meshwork.error.InvalidRequestException if there is none, one is named twice, or they
   *     are of several meshes, principals, or domains
   */
  static AccessPlan<AccessPlan.Results> combine(
      ClientSession session, AccessOperation<?>... operations) {
    return CombinedOperation.plan(session, operations);
  }

  /** Returns the session of the caller. */
  protected final ClientSession session() {
    return session;
  }

  /** Returns the attempted action, for messages and the audit. */
  protected final MeshAction action() {
    return action;
  }

  /**
   * Returns the writes of the change. Called again for each attempt to commit.
   *
   * @param documents the current documents, or documents that earlier changes would leave. The
   *     implementation reads all rights from here, the policy document first
   * @throws io.meshwork.error.MeshException if the change is rejected
   */
  protected abstract ChangeSet<R> propose(RightsDocuments documents, Instant now);

  final RightsChange<R> change() {
    return change;
  }

  @Override
  public final AccessPlan<R> plan() {
    return change.plan();
  }

  @Override
  public final R commit() {
    return change.commit(null);
  }

  @Override
  public final R commitAsPlanned(String fingerprint) {
    return change.commit(ArgumentChecks.text("fingerprint", fingerprint));
  }

  /** Returns the action, such as {@code close commerce/orders to the mesh}. */
  @Override
  public final String toString() {
    return action.toString();
  }
}
