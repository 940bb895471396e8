package io.meshwork.internal.requests;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.requests.DecisionEntry.Verdict;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.request.AccessRequest;
import io.meshwork.request.RequestClient;
import org.jspecify.annotations.Nullable;

/** Denies one request, or asks a question about it. */
final class RequestDecision implements RequestClient.Decide {
  private final RequestRejection refusing;
  private final MeshAction action;
  private @Nullable String because;

  private RequestDecision(
      ClientSession session,
      String id,
      @Nullable AccessRequest lookedAt,
      Verdict verdict,
      MeshAction action) {
    this.action = action;
    this.refusing = new RequestRejection(session, id, lookedAt, verdict, action);
  }

  static RequestDecision deny(ClientSession session, @Nullable String id) {
    String known = RequestQueue.id(id);
    return new RequestDecision(
        session, known, null, Verdict.DENIED, MeshAction.of(Verb.DENY, "request " + known));
  }

  static RequestDecision deny(ClientSession session, @Nullable AccessRequest lookedAt) {
    AccessRequest request = ArgumentChecks.required("request", lookedAt);
    return new RequestDecision(
        session,
        request.id(),
        request,
        Verdict.DENIED,
        MeshAction.of(Verb.DENY, "request " + request.id()));
  }

  static RequestDecision requestClarification(ClientSession session, @Nullable String id) {
    String known = RequestQueue.id(id);
    return new RequestDecision(
        session,
        known,
        null,
        Verdict.ASKED_BACK,
        MeshAction.of(Verb.REQUEST, "more information about access request " + known));
  }

  @Override
  public RequestDecision because(String text) {
    because = ArgumentChecks.text("because", text);
    return this;
  }

  @Override
  public AccessRequest commit() {
    return refusing.commit(RequestQueue.requiredText(because, "because(..)", action));
  }
}
