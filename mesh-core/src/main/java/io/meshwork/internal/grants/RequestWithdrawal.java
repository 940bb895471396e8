package io.meshwork.internal.grants;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.operation.Operation;
import io.meshwork.request.AccessRequest;
import java.util.Optional;

/**
 * Withdraws an open request of the caller's domain. Every role of the domain may do this, because
 * the requester may have left. For one thread; committed once.
 */
final class RequestWithdrawal implements Operation<AccessRequest> {
  private final SentRequestChange change;

  RequestWithdrawal(ClientSession session, String id) {
    this.change = new SentRequestChange(session, id, MeshAction.of(Verb.WITHDRAW, "request " + id));
  }

  /**
   * Withdraws the request. A second withdrawal changes nothing.
   *
   * @throws io.meshwork.error.InvalidRequestException if the account acts for no domain
   * @throws io.meshwork.error.ConflictException if it is decided already; the owner can revoke the
   *     grant
   * @throws io.meshwork.error.NotFoundException if the caller's domain sent no such request
   */
  @Override
  public AccessRequest commit() {
    return change.commit(
        MeshEvent.Type.ACCESS_WITHDRAWN.text(),
        Optional.empty(),
        (queue, state) -> {},
        RequestEntry::asWithdrawn);
  }
}
