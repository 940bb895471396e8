package io.meshwork.internal.requests;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.operation.Operation;
import io.meshwork.request.AccessRequest;
import java.util.Optional;

/**
 * Takes back a request of the caller's domain that is not settled. Every role of that domain may,
 * since whoever asked may have left. One thread; committed once.
 */
final class RequestWithdrawal implements Operation<AccessRequest> {
  private final OwnRequestChange change;

  RequestWithdrawal(ClientSession session, String id) {
    this.change = new OwnRequestChange(session, id, MeshAction.of(Verb.WITHDRAW, "request " + id));
  }

  /**
   * Takes it back. Said again it does nothing more.
   *
   * @throws io.meshwork.error.InvalidRequestException if the account acts for no domain
   * @throws io.meshwork.error.ConflictException if it is settled already; what was granted by it is
   *     for the owner to revoke
   * @throws io.meshwork.error.NotFoundException if the caller's domain asked no such request
   */
  @Override
  public AccessRequest commit() {
    return change.commit(
        "access.withdrawn", Optional.empty(), (desk, standing) -> {}, RequestEntry::takenBack);
  }
}
