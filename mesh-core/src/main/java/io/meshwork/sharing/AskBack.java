package io.meshwork.sharing;

import io.meshwork.internal.rights.DecisionEntry.Verdict;
import io.meshwork.internal.runtime.Arguments;
import io.meshwork.internal.session.Session;
import io.meshwork.operation.Operation;
import org.jspecify.annotations.Nullable;

/**
 * Asks the requester something before the request is decided. It takes the place of an approval
 * that the same person gave before. One thread; committed once.
 */
public final class AskBack implements Operation<AccessRequest> {
  private final Refusing refusing;
  private final String doing;
  private @Nullable String question;

  private AskBack(Session session, String id) {
    this.doing = "ask back on request " + id;
    this.refusing = new Refusing(session, id, Verdict.ASKED_BACK, doing);
  }

  /** Called by {@code MeshClient.askBack}. */
  public static AskBack of(Session session, @Nullable String id) {
    return new AskBack(session, RequestDesk.id(id));
  }

  /** The question. Required; the requester is told, and it is in the log. */
  public AskBack because(String text) {
    question = Arguments.text("because", text);
    return this;
  }

  /**
   * Asks it. The request then waits for the requester, and may still be decided on.
   *
   * @throws io.meshwork.error.InvalidRequestException if nothing was asked
   * @throws io.meshwork.error.AccessDeniedException if the caller does not act for the owner, or it
   *     is the caller's own request
   * @throws io.meshwork.error.ConflictException if it is settled already
   * @throws io.meshwork.error.NotFoundException if there is no such request
   */
  @Override
  public AccessRequest commit() {
    return refusing.commit(RequestDesk.said(question, "because(question)", doing));
  }
}
