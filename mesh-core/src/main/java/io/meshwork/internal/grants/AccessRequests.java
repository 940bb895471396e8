package io.meshwork.internal.grants;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.operation.Operation;
import io.meshwork.product.ProductName;
import io.meshwork.request.AccessRequest;
import io.meshwork.request.RequestClient;
import io.meshwork.request.RequestClient.RequestAccess;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The requests of a session, and changes of them. For one thread. */
public final class AccessRequests implements RequestClient {
  private final ClientSession session;

  /** Creates it for a session. */
  public AccessRequests(ClientSession session) {
    this.session = session;
  }

  @Override
  public RequestAccess requestAccess(@Nullable CharSequence product) {
    return RequestCreation.of(session, product);
  }

  /** Returns the newest request of the caller's domain for a product; empty if there is none. */
  public Optional<AccessRequest> newest(ProductName product, MeshAction action) {
    return new RequestQueue(session, action).newest(product);
  }

  @Override
  public List<AccessRequest> received() {
    return queue("requests").received();
  }

  @Override
  public List<AccessRequest> sent() {
    return queue("own requests").sent();
  }

  private RequestQueue queue(String what) {
    MeshAction action = MeshAction.of(Verb.LIST, what);
    session.checkOpen(action);
    return new RequestQueue(session, action);
  }

  @Override
  public Approve approve(AccessRequest reviewed) {
    return RequestApproval.of(session, reviewed);
  }

  @Override
  public Approve approve(String id) {
    return RequestApproval.of(session, id);
  }

  @Override
  public Operation.WithReason<AccessRequest> deny(AccessRequest reviewed) {
    return RequestDecision.deny(session, reviewed);
  }

  @Override
  public Operation.WithReason<AccessRequest> deny(String id) {
    return RequestDecision.deny(session, id);
  }

  @Override
  public Operation<AccessRequest> requestClarification(String id, String question) {
    return RequestDecision.requestClarification(session, id, question);
  }

  @Override
  public Operation<AccessRequest> respond(String id, String answer) {
    return SentRequestChange.answer(session, id, answer);
  }

  @Override
  public Operation<AccessRequest> withdraw(String id) {
    return SentRequestChange.withdrawal(session, id);
  }
}
