package io.meshwork.request;

import io.meshwork.access.AccessOperation;
import io.meshwork.operation.Operation;
import io.meshwork.operation.Operation.CheckReturnValue;
import java.time.Instant;
import java.util.List;

/**
 * Lists, decides, and answers requests for access. {@code MeshClient.requestAccess(..)} creates
 * them. Obtain it with {@code MeshClient.requests()}. Thread-safe; nothing to close.
 */
public interface RequestClient {
  /**
   * Lists the requests that the caller's domain decides on: open ones first, oldest first.
   *
   * @throws io.meshwork.error.InvalidRequestException if the account acts for no domain
   */
  List<AccessRequest> received();

  /**
   * Lists the requests of all roles of the caller's domain: open ones first, oldest first.
   *
   * @throws io.meshwork.error.InvalidRequestException if the account acts for no domain
   */
  List<AccessRequest> sent();

  /**
   * Approves a request to the caller's domain, in full or in part, as it was reviewed. The commit
   * fails with a {@link io.meshwork.error.ConflictException} if the request was changed since, or
   * the contract now classifies the requested columns differently.
   *
   * @param reviewed as {@link #received} listed it
   */
  @CheckReturnValue
  Approve approve(AccessRequest reviewed);

  /**
   * Approves a request to the caller's domain, in full or in part, as it is at the commit. For
   * scripts; a person who reviews a request calls {@link #approve(AccessRequest)}.
   *
   * @param id as {@link #received} lists it
   */
  @CheckReturnValue
  Approve approve(String id);

  /**
   * Denies a request to the caller's domain as it was reviewed. The commit fails with a {@link
   * io.meshwork.error.ConflictException} if the request was changed since.
   *
   * @param reviewed as {@link #received} listed it
   */
  @CheckReturnValue
  Decide deny(AccessRequest reviewed);

  /**
   * Denies a request to the caller's domain as it is at the commit.
   *
   * @param id as {@link #received} lists it
   */
  @CheckReturnValue
  Decide deny(String id);

  /**
   * Asks the requester a question before the request is decided.
   *
   * @param id as {@link #received} lists it
   */
  @CheckReturnValue
  Decide requestClarification(String id);

  /**
   * Answers the owner's question about a request of the caller's domain.
   *
   * @param id as {@link #sent} lists it
   */
  @CheckReturnValue
  Respond respond(String id);

  /**
   * Withdraws an open request of the caller's domain. Every role of the domain may do this. A
   * second withdrawal changes nothing. The commit throws {@link
   * io.meshwork.error.ConflictException} if the request was decided already, and {@link
   * io.meshwork.error.NotFoundException} if the caller's domain sent no such request.
   *
   * @param id as {@link #sent} lists it
   */
  @CheckReturnValue
  Operation<AccessRequest> withdraw(String id);

  /**
   * Approves a request in full or in part. The last approval that is needed creates the grant. If
   * the contract requires two approvals, two principals approve, and what both approve is granted.
   * For one thread; committed once.
   */
  interface Approve extends AccessOperation<AccessRequest> {
    /** Approves only these of the requested columns. */
    Approve columns(String... names);

    /**
     * Approves only those of the requested rows that also match a filter. It may name every column
     * of the contract, including columns that are not granted.
     */
    Approve rows(String filter);

    /**
     * Ends the grant earlier than requested.
     *
     * @param end exclusive, by the mesh's clock
     */
    Approve until(Instant end);

    /** Sets the reason, for the requester and the log. Default: none. */
    Approve because(String reason);

    /**
     * Approves it.
     *
     * @return the request; {@link AccessRequest.State#APPROVED} if no other approval is missing
     * @throws io.meshwork.error.AccessDeniedException if the caller does not act for the owner, it
     *     is the caller's own request, or the caller approved it already and another person has to
     * @throws io.meshwork.error.InvalidRequestException if it would grant more than was requested
     *     or nothing at all, the filter is not in the filter language, or the grant conflicts with
     *     an existing one
     * @throws io.meshwork.error.ConflictException if the request is decided already, or is not the
     *     one that was reviewed
     * @throws io.meshwork.error.NotFoundException if there is no such request
     */
    @Override
    AccessRequest commit();
  }

  /**
   * Denies a request, for which one denial suffices, or asks the requester a question before it is
   * decided. A question replaces an approval that the same principal gave before. For one thread;
   * committed once.
   */
  interface Decide extends Operation<AccessRequest> {
    /** Sets the reason, or the question. Required; for the requester and the log. */
    Decide because(String text);

    /**
     * Denies the request, or asks the question. After a question the request waits for the
     * requester and can still be decided. The same decision again changes nothing.
     *
     * @throws io.meshwork.error.InvalidRequestException if {@code because} was not called
     * @throws io.meshwork.error.AccessDeniedException if the caller does not act for the owner, or
     *     it is the caller's own request
     * @throws io.meshwork.error.ConflictException if the request is decided already, or is not the
     *     one that was reviewed
     * @throws io.meshwork.error.NotFoundException if there is no such request
     */
    @Override
    AccessRequest commit();
  }

  /**
   * Answers the owner's question about a request of the caller's domain. The request then waits for
   * the owner again, and approvals given before the answer no longer count. For one thread;
   * committed once.
   */
  interface Respond extends Operation<AccessRequest> {
    /** Sets the answer. Required; for the owner and the log. */
    Respond message(String answer);

    /**
     * Answers. The same answer again changes nothing; any other answer without an open question is
     * rejected.
     *
     * @throws io.meshwork.error.InvalidRequestException if {@code message} was not called, or the
     *     account acts for no domain
     * @throws io.meshwork.error.ConflictException if there is no open question, or the request is
     *     decided already
     * @throws io.meshwork.error.NotFoundException if the caller's domain sent no such request
     */
    @Override
    AccessRequest commit();
  }
}
