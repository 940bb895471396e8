package io.meshwork;

import io.meshwork.internal.grants.AccessGrants;
import io.meshwork.internal.grants.RequestQueue;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.operation.Operation;
import io.meshwork.request.AccessRequest;
import io.meshwork.request.RequestClient;
import java.util.List;

/** Requests as one session's principal sends and decides them. */
final class ClientRequests implements RequestClient {
  private final ClientSession session;

  ClientRequests(ClientSession session) {
    this.session = session;
  }

  @Override
  public List<AccessRequest> received() {
    return RequestQueue.received(session);
  }

  @Override
  public List<AccessRequest> sent() {
    return RequestQueue.sent(session);
  }

  @Override
  public Approve approve(AccessRequest reviewed) {
    return new AccessGrants(session).approve(reviewed);
  }

  @Override
  public Approve approve(String id) {
    return new AccessGrants(session).approve(id);
  }

  @Override
  public Decide deny(AccessRequest reviewed) {
    return RequestQueue.deny(session, reviewed);
  }

  @Override
  public Decide deny(String id) {
    return RequestQueue.deny(session, id);
  }

  @Override
  public Decide requestClarification(String id) {
    return RequestQueue.requestClarification(session, id);
  }

  @Override
  public Respond respond(String id) {
    return RequestQueue.respond(session, id);
  }

  @Override
  public Operation<AccessRequest> withdraw(String id) {
    return RequestQueue.withdraw(session, id);
  }
}
