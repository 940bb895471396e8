package io.meshwork.internal.grants;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.request.AccessRequest;
import io.meshwork.request.RequestClient;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Answers the question about a request. */
final class RequestAnswer implements RequestClient.Respond {
  private final SentRequestChange change;
  private final MeshAction action;
  private @Nullable String text;

  private RequestAnswer(ClientSession session, String id) {
    this.action = MeshAction.of(Verb.ANSWER, "on request " + id);
    this.change = new SentRequestChange(session, id, action);
  }

  static RequestAnswer of(ClientSession session, @Nullable String id) {
    return new RequestAnswer(session, RequestQueue.requireId(id));
  }

  @Override
  public RequestAnswer message(String answer) {
    text = ArgumentChecks.text("message", answer);
    return this;
  }

  @Override
  public AccessRequest commit() {
    String answer = RequestQueue.requireText(text, "message(..)", action);
    return change.commit(
        MeshEvent.Type.ACCESS_ANSWERED.text(),
        Optional.of(answer),
        RequestQueue::requireOpenQuestion,
        (RequestEntry request) -> request.withAnswer(answer));
  }
}
