package io.meshwork.internal.requests;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.request.AccessRequest;
import io.meshwork.request.RequestClient;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Answers the question about one request. */
final class RequestAnswer implements RequestClient.Respond {
  private final OwnRequestChange change;
  private final MeshAction action;
  private @Nullable String text;

  private RequestAnswer(ClientSession session, String id) {
    this.action = MeshAction.of(Verb.ANSWER, "on request " + id);
    this.change = new OwnRequestChange(session, id, action);
  }

  static RequestAnswer of(ClientSession session, @Nullable String id) {
    return new RequestAnswer(session, RequestQueue.id(id));
  }

  @Override
  public RequestAnswer message(String answer) {
    text = ArgumentChecks.text("message", answer);
    return this;
  }

  @Override
  public AccessRequest commit() {
    String said = RequestQueue.requiredText(text, "message(..)", action);
    return change.commit(
        "access.answered",
        Optional.of(said),
        RequestQueue::requireQuestion,
        (RequestEntry request) -> request.answered(said));
  }
}
