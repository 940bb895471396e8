package io.meshwork.request;

import com.google.errorprone.annotations.CheckReturnValue;
import io.meshwork.access.AccessClient.AccessOperation;
import io.meshwork.operation.Operation;
import java.time.Instant;
import java.util.List;

/**
 * Sends, lists, decides, and answers requests for access. Obtain it with {@code
 * MeshClient.requests()}. Thread-safe; nothing to close.
 */
public interface RequestClient {
  /**
   * Requests access to a product from its owner. Called again while the request is open, it amends
   * that request, or changes nothing if the terms are the same.
   */
  @CheckReturnValue
  RequestAccess requestAccess(CharSequence product);

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
   * Approves a request to the caller's domain, in full or in part, as reviewed. The commit fails
   * with a {@link io.meshwork.error.ConflictException} if the request was changed since, or the
   * contract now classifies the requested columns differently.
   *
   * @param reviewed as {@link #received} listed it
   */
  @CheckReturnValue
  Approve approve(AccessRequest reviewed);

  /**
   * Approves a request to the caller's domain, in full or in part, as of the commit. For scripts; a
   * person who reviews a request calls {@link #approve(AccessRequest)}.
   *
   * @param id as {@link #received} lists it
   */
  @CheckReturnValue
  Approve approve(String id);

  /**
   * Denies a reviewed request to the caller's domain; one denial suffices. The same denial again
   * changes nothing. The commit throws {@link io.meshwork.error.AccessDeniedException} if the
   * caller does not act for the owner, or it is the caller's own request; {@link
   * io.meshwork.error.ConflictException} if the request is decided already, or was changed since
   * the review; and {@link io.meshwork.error.NotFoundException} if there is no such request. The
   * reason is for the requester and the log.
   *
   * @param reviewed as {@link #received} listed it
   */
  @CheckReturnValue
  Operation.WithReason<AccessRequest> deny(AccessRequest reviewed);

  /**
   * Denies a request to the caller's domain as of the commit; see {@link #deny(AccessRequest)}.
   *
   * @param id as {@link #received} lists it
   */
  @CheckReturnValue
  Operation.WithReason<AccessRequest> deny(String id);

  /**
   * Asks the requester a question. The request then waits for the requester and can still be
   * decided. The question replaces an approval that the same principal gave before; the same
   * question again changes nothing. The commit fails as for a denial.
   *
   * @param id as {@link #received} lists it
   * @param question for the requester and the log
   */
  @CheckReturnValue
  Operation<AccessRequest> requestClarification(String id, String question);

  /**
   * Answers the owner's question about a request of the caller's domain. The request then waits for
   * the owner again, and approvals given before the answer no longer count. The same answer again
   * changes nothing; any other answer without an open question is rejected with a {@link
   * io.meshwork.error.ConflictException}, as one to a decided request.
   *
   * @param id as {@link #sent} lists it
   * @param answer for the owner and the log
   */
  @CheckReturnValue
  Operation<AccessRequest> respond(String id, String answer);

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
     * Approves only the requested rows that also match a filter. It may name every column of the
     * contract, including columns that are not granted.
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
     *     reviewed one
     * @throws io.meshwork.error.NotFoundException if the request does not exist
     */
    @Override
    AccessRequest commit();
  }

  /**
   * Requests access to a product from its owner. The same request again while it is open changes
   * nothing; other terms amend it, and approvals given before no longer count. For one thread;
   * committed once.
   */
  interface RequestAccess extends Operation<AccessRequest> {
    /** Requests only these top-level columns. Default: the whole product, with later columns. */
    RequestAccess columns(String... names);

    /** Requests only rows that match a filter, such as {@code country = 'SE'}. */
    RequestAccess rows(String filter);

    /**
     * Sets the purpose. Required; the owner decides by it, and it is stored with the grant and
     * logged.
     */
    RequestAccess purpose(String text);

    /** Sets how the data will be read. Default: by people in the caller's role. */
    RequestAccess method(AccessRequest.Method method);

    /**
     * Sets when access is no longer needed.
     *
     * @param end exclusive, by the mesh's clock. Default: no end
     */
    RequestAccess until(Instant end);

    /**
     * Sends the request.
     *
     * @return the request, which waits for the owner
     * @throws io.meshwork.error.InvalidRequestException if the purpose is missing, a column is not
     *     in the contract, the filter is not in the filter language, the end is past, the account
     *     acts for no domain, or the caller can read the product already because it acts for the
     *     owner or the product is open to the mesh
     * @throws io.meshwork.error.NotFoundException if the product does not exist
     */
    @Override
    AccessRequest commit();
  }
}
