package io.meshwork.internal.grants;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.operation.Operation;
import io.meshwork.request.AccessRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Answers the question about a request. */
final class RequestAnswer implements Operation<AccessRequest> {
  private final SentRequestChange change;
  private final MeshAction action;
  private final String answer;

  private RequestAnswer(ClientSession session, String id, String answer) {
    this.answer = answer;
    this.action = MeshAction.of(Verb.ANSWER, "on request " + id);
    this.change = new SentRequestChange(session, id, action);
  }

  static RequestAnswer of(ClientSession session, @Nullable String id, @Nullable String answer) {
    return new RequestAnswer(
        session, RequestQueue.requireId(id), ArgumentChecks.text("answer", answer));
  }

  @Override
  public AccessRequest commit() {
    return change.commit(
        MeshEvent.Type.ACCESS_ANSWERED.text(),
        Optional.of(answer),
        RequestQueue::requireOpenQuestion,
        (RequestEntry request) -> request.withAnswer(answer));
  }
}
