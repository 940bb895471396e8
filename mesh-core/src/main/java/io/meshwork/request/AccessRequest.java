package io.meshwork.request;

import io.meshwork.access.GrantSummary;
import io.meshwork.product.Classification;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A request for access. Immutable; a snapshot as of the call. Two are equal if all of their
 * attributes are. {@code toString()} is one line without the condition on rows.
 */
public interface AccessRequest {
  /** The id, a UUIDv7. */
  String id();

  /** The product that is requested. */
  ProductName product();

  /** Who sent the request, and gets the grant. */
  Principal requester();

  /** The requester's domain. */
  String domain();

  /** The state. */
  State state();

  /** The revision, from 1; each amendment adds 1. */
  int revision();

  /** The requested columns; empty for the whole product, with columns that are added later. */
  List<String> columns();

  /** The requested condition on rows; empty for all rows. It may contain values: do not log it. */
  Optional<String> rows();

  /** The purpose. */
  String purpose();

  /** How the data will be read. */
  Method method();

  /** When access is no longer needed, exclusive; empty if there is no end. */
  Optional<Instant> until();

  /**
   * The highest classification of the requested columns, by the current contract. Columns that the
   * condition on rows names count, because a reader learns about them.
   */
  Classification risk();

  /**
   * The highest classification that was approved. Columns above it are withheld until they are
   * approved again. Empty while nothing is approved, and where an earlier version stored none.
   */
  Optional<Classification> approvedRisk();

  /** The columns that have the classification {@link #risk}. */
  List<String> riskyColumns();

  /** The columns that the requester can read already, in some rows at least. */
  List<String> alreadyReadable();

  /** The principals whose approvals count. */
  List<Principal> approvedBy();

  /** How many more approvals are needed; 0 once the request is decided. */
  int approvalsMissing();

  /** The owner's question; empty if none is open. */
  Optional<String> question();

  /** The requester's last answer. */
  Optional<String> answer();

  /** The reason of the approval or denial, if one was given. */
  Optional<String> reason();

  /** What was granted. It may have been revoked since; {@code access().grants()} lists grants. */
  Optional<GrantSummary> granted();

  /** When it was first sent. */
  Instant askedAt();

  /** When it expires, exclusive. */
  Instant expiresAt();

  /** True if it can still be decided, answered, amended or withdrawn. */
  default boolean isOpen() {
    return state() == State.WAITING || state() == State.ASKED_BACK;
  }

  /** The state of a request. */
  enum State {
    /** The owner has to decide. */
    WAITING,
    /** The requester has to answer a question. */
    ASKED_BACK,
    /** It was granted. */
    APPROVED,
    /** It was denied. */
    DENIED,
    /** It was not decided in time. */
    EXPIRED,
    /** The requester's domain withdrew it. */
    WITHDRAWN
  }

  /** How the data will be read; for the owner, and for catalogs that mirror the mesh. */
  enum Method {
    /** By people in this role. */
    ROLE,
    /** By a program that runs as this role. */
    SERVICE_ACCOUNT,
    /** By a service that shows it to others. */
    SERVICE
  }
}
