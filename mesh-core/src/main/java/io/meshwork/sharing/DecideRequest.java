package io.meshwork.sharing;

import io.meshwork.internal.rights.DecisionEntry.Verdict;
import io.meshwork.internal.runtime.Arguments;
import io.meshwork.internal.session.Session;
import io.meshwork.operation.Operation;
import org.jspecify.annotations.Nullable;

/**
 * Denies a request, for which one denial suffices, or asks the requester something before it is
 * decided; a question takes the place of an approval that the same person gave before. One thread;
 * committed once.
 */
public final class DecideRequest implements Operation<AccessRequest> {
  private final Refusing refusing;
  private final String doing;
  private @Nullable String because;

  private DecideRequest(
      Session session, String id, @Nullable AccessRequest lookedAt, Verdict verdict, String doing) {
    this.doing = doing;
    this.refusing = new Refusing(session, id, lookedAt, verdict, doing);
  }

  /** Called by {@code MeshClient.deny}. */
  public static DecideRequest deny(Session session, @Nullable String id) {
    String known = RequestDesk.id(id);
    return new DecideRequest(session, known, null, Verdict.DENIED, "deny request " + known);
  }

  /** Called by {@code MeshClient.deny}: only what was looked at. */
  public static DecideRequest deny(Session session, @Nullable AccessRequest lookedAt) {
    AccessRequest request = Arguments.given("request", lookedAt);
    return new DecideRequest(
        session, request.id(), request, Verdict.DENIED, "deny request " + request.id());
  }

  /** Called by {@code MeshClient.askBack}. */
  public static DecideRequest askBack(Session session, @Nullable String id) {
    String known = RequestDesk.id(id);
    return new DecideRequest(
        session, known, null, Verdict.ASKED_BACK, "ask back on request " + known);
  }

  /** Why, or the question. Required; the requester reads it, and it is in the log. */
  public DecideRequest because(String text) {
    because = Arguments.text("because", text);
    return this;
  }

  /**
   * Denies it, or asks; after a question the request waits for the requester, and may still be
   * decided on. Said again it does nothing more.
   *
   * @throws io.meshwork.error.InvalidRequestException if {@code because} was not said
   * @throws io.meshwork.error.AccessDeniedException if the caller does not act for the owner, or it
   *     is the caller's own request
   * @throws io.meshwork.error.ConflictException if it is settled already, or is another than the
   *     one looked at
   * @throws io.meshwork.error.NotFoundException if there is no such request
   */
  @Override
  public AccessRequest commit() {
    return refusing.commit(RequestDesk.said(because, "because(..)", doing));
  }
}
