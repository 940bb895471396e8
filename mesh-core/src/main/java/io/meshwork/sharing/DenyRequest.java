package io.meshwork.sharing;

import io.meshwork.internal.rights.DecisionEntry.Verdict;
import io.meshwork.internal.runtime.Arguments;
import io.meshwork.internal.session.Session;
import io.meshwork.operation.Operation;
import org.jspecify.annotations.Nullable;

/** Denies a request; one denial suffices, whatever others approved. One thread; committed once. */
public final class DenyRequest implements Operation<AccessRequest> {
  private final Refusing refusing;
  private final String doing;
  private @Nullable String because;

  private DenyRequest(Session session, String id) {
    this.doing = "deny request " + id;
    this.refusing = new Refusing(session, id, Verdict.DENIED, doing);
  }

  /** Called by {@code MeshClient.deny}. */
  public static DenyRequest of(Session session, @Nullable String id) {
    return new DenyRequest(session, RequestDesk.id(id));
  }

  /** Why. Required; the requester is told, and it is in the log. */
  public DenyRequest because(String reason) {
    because = Arguments.text("because", reason);
    return this;
  }

  /**
   * Denies it. Said again it does nothing more.
   *
   * @throws io.meshwork.error.InvalidRequestException if it was not said why
   * @throws io.meshwork.error.AccessDeniedException if the caller does not act for the owner, or it
   *     is the caller's own request
   * @throws io.meshwork.error.ConflictException if it is settled already
   * @throws io.meshwork.error.NotFoundException if there is no such request
   */
  @Override
  public AccessRequest commit() {
    return refusing.commit(RequestDesk.said(because, "because(..)", doing));
  }
}
