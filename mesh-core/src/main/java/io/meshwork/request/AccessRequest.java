package io.meshwork.request;

import io.meshwork.access.AccessClient.GrantSummary;
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
  /** Returns the ID, a UUIDv7. */
  String id();

  /** Returns the product that is requested. */
  ProductName product();

  /** Returns who sent the request, and gets the grant. */
  Principal requester();

  /** Returns the requester's domain. */
  String domain();

  /** Returns the state. */
  State state();

  /** Returns the revision, from 1; each amendment adds 1. */
  int revision();

  /**
   * Returns the requested columns; empty for the whole product, with columns that are added later.
   */
  List<String> columns();

  /**
   * Returns the requested condition on rows; empty for all rows. It may contain values: do not log
   * it.
   */
  Optional<String> rows();

  /** Returns the purpose. */
  String purpose();

  /** Returns how the data will be read. */
  Method method();

  /** Returns when access is no longer needed, exclusive; empty if there is no end. */
  Optional<Instant> until();

  /**
   * Returns the highest classification of the requested columns, by the current contract. Columns
   * that the condition on rows names count, because a reader learns about them.
   */
  Classification risk();

  /**
   * Returns the highest classification that was approved. Columns above it are withheld until they
   * are approved again. Empty while nothing is approved.
   */
  Optional<Classification> approvedRisk();

  /** Returns the columns that have the classification {@link #risk}. */
  List<String> riskyColumns();

  /** Returns the columns that the requester can read already, in some rows at least. */
  List<String> alreadyReadable();

  /** Returns the principals whose approvals count. */
  List<Principal> approvedBy();

  /** Returns how many more approvals are needed; 0 once the request is decided. */
  int approvalsMissing();

  /** Returns the owner's question; empty if none is open. */
  Optional<String> question();

  /** Returns the requester's last answer. */
  Optional<String> answer();

  /** Returns the reason of the approval or denial, if one was given. */
  Optional<String> because();

  /**
   * Returns what was granted. It may have been revoked since; {@code access().grants()} lists
   * grants.
   */
  Optional<GrantSummary> granted();

  /** Returns when it was first sent. */
  Instant askedAt();

  /** Returns when it expires, exclusive. */
  Instant expiresAt();

  /** Returns true if it can still be decided, answered, amended, or withdrawn. */
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
