package io.meshwork.sharing;

import io.meshwork.internal.session.Session;
import io.meshwork.operation.Operation;
import io.meshwork.product.Classification;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request for access, as it stands when it was looked at. Immutable.
 *
 * @param id a UUIDv7
 * @param product what is asked for
 * @param requester who asks, and to whom it is granted
 * @param domain the requester's domain
 * @param state where it stands
 * @param revision from 1; one more each time it was asked again in other terms
 * @param columns the columns asked for; none means the whole product, with columns to come
 * @param rows the condition on rows that is asked for; empty means all. It may hold values
 * @param purpose what for
 * @param method how it would be read
 * @param until the first instant at which access is no longer needed; empty if there is none
 * @param risk the highest classification of what is asked, by the contract in force; the columns
 *     that the condition on rows asks count, for who reads by it learns of them
 * @param riskyColumns the columns that carry it, of those and of the columns asked for
 * @param alreadyReadable the columns that the requester reads now, in some rows at least
 * @param approvedBy whose approvals count
 * @param approvalsMissing how many more are needed; 0 once it is settled
 * @param question what an owner asked back; empty if nothing is unanswered
 * @param answer what the requester said last to a question
 * @param reason why it was approved or denied, where that was said
 * @param granted what was approved; whether that is still in force, {@code grants()} tells
 * @param askedAt when it was first asked
 * @param expiresAt the first instant at which nobody can decide on it any more
 */
public record AccessRequest(
    String id,
    ProductName product,
    Principal requester,
    String domain,
    State state,
    int revision,
    List<String> columns,
    Optional<String> rows,
    String purpose,
    Method method,
    Optional<Instant> until,
    Classification risk,
    List<String> riskyColumns,
    List<String> alreadyReadable,
    List<Principal> approvedBy,
    int approvalsMissing,
    Optional<String> question,
    Optional<String> answer,
    Optional<String> reason,
    Optional<GrantCard> granted,
    Instant askedAt,
    Instant expiresAt) {
  /** Where a request stands. */
  public enum State {
    /** The owner has to decide. */
    WAITING,
    /** The requester has to answer. */
    ASKED_BACK,
    /** It is granted. */
    APPROVED,
    /** It is not granted. */
    DENIED,
    /** Nobody decided in time. */
    EXPIRED,
    /** It was taken back. */
    WITHDRAWN
  }

  /** How the data would be read; told to the owner, and to mirrors. */
  public enum Method {
    /** By people in this role. */
    ROLE,
    /** By a program that runs as this role. */
    SERVICE_ACCOUNT,
    /** By a service that shows it to others. */
    SERVICE
  }

  /** Copies the lists. */
  public AccessRequest {
    columns = List.copyOf(columns);
    riskyColumns = List.copyOf(riskyColumns);
    alreadyReadable = List.copyOf(alreadyReadable);
    approvedBy = List.copyOf(approvedBy);
  }

  /** Called by {@code MeshClient.requests}: those that the caller's domain decides on. */
  public static List<AccessRequest> queue(Session session) {
    return RequestDesk.queue(session);
  }

  /** Called by {@code MeshClient.ownRequests}: those that the caller's domain asked. */
  public static List<AccessRequest> own(Session session) {
    return RequestDesk.own(session);
  }

  /**
   * Called by {@code MeshClient.withdraw}: takes back a request of the caller's domain. Every role
   * of it may, since whoever asked may have left; said again it does nothing more.
   */
  public static Operation<AccessRequest> withdrawing(Session session, @Nullable String id) {
    return new WithdrawRequest(session, RequestDesk.id(id));
  }

  /** True if it can still be decided on, answered, asked otherwise or taken back. */
  public boolean isOpen() {
    return state == State.WAITING || state == State.ASKED_BACK;
  }

  /** The request in a line, without its condition on rows. */
  @Override
  public String toString() {
    return id
        + " "
        + state
        + " "
        + requester
        + " asks for "
        + product
        + (columns.isEmpty() ? "" : " (" + String.join(", ", columns) + ")")
        + (rows.isEmpty() ? "" : " in some rows")
        + until.map(end -> " until " + end).orElse("")
        + ", risk "
        + risk
        + (approvalsMissing > 0 && !approvedBy.isEmpty()
            ? ", approved by " + approvedBy + ", " + approvalsMissing + " missing"
            : "")
        + ": "
        + purpose;
  }
}
