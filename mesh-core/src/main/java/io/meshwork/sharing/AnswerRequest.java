package io.meshwork.sharing;

import io.meshwork.internal.rights.RequestEntry;
import io.meshwork.internal.runtime.Arguments;
import io.meshwork.internal.session.Session;
import io.meshwork.operation.Operation;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Answers what the owner asked back on a request of the caller's domain; it waits for the owner
 * again, and whoever approved it before he knew the answer approves it once more. One thread;
 * committed once.
 */
public final class AnswerRequest implements Operation<AccessRequest> {
  private final OwnRequestChange change;
  private final String doing;
  private @Nullable String text;

  private AnswerRequest(Session session, String id) {
    this.doing = "answer on request " + id;
    this.change = new OwnRequestChange(session, id, doing);
  }

  /** Called by {@code MeshClient.answer}. */
  public static AnswerRequest of(Session session, @Nullable String id) {
    return new AnswerRequest(session, RequestDesk.id(id));
  }

  /** The answer. Required; the owner is told, and it is in the log. */
  public AnswerRequest saying(String answer) {
    text = Arguments.text("saying", answer);
    return this;
  }

  /**
   * Answers. The same answer again does nothing more; any other that answers no question is
   * refused, since an answer voids what was approved before.
   *
   * @throws io.meshwork.error.InvalidRequestException if nothing was said, or the account acts for
   *     no domain
   * @throws io.meshwork.error.ConflictException if nothing was asked back, or the request is
   *     settled already
   * @throws io.meshwork.error.NotFoundException if the caller's domain asked no such request
   */
  @Override
  public AccessRequest commit() {
    String said = RequestDesk.said(text, "saying(..)", doing);
    return change.commit(
        "access.answered",
        Optional.of(said),
        RequestDesk::requireQuestion,
        (RequestEntry request) -> request.answered(said));
  }
}
