package io.meshwork.rollout;

import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A request of a product's owner that a steward of the mesh decides on. Immutable; a snapshot as of
 * the call. Two are equal if all of their attributes are. {@code toString()} is one line.
 */
public interface StewardRequest {
  /** Returns its ID in the mesh. */
  String id();

  /** Returns the product. */
  ProductName product();

  /** Returns what is requested. */
  Kind kind();

  /**
   * Returns the reason that the owner gave; empty for others than the owner, the stewards, and who
   * requested it.
   */
  String because();

  /**
   * Returns the major versions that consumers could read when they were suspended, ascending; empty
   * unless it is about a suspension, which also holds for versions that open later.
   */
  List<Integer> majors();

  /**
   * Returns the consumers that it concerns, as {@code domain/subscription}, or {@code domain/@} for
   * a domain that reads without one; empty for a suspension. The owner and the stewards see all of
   * them, others their own domain's.
   */
  List<String> consumers();

  /** Returns who requested it. */
  Principal requestedBy();

  /** Returns when it was requested. */
  Instant requestedAt();

  /**
   * Returns when the suspension ends if no steward approves it, exclusive; empty for other kinds,
   * and once it is approved.
   */
  Optional<Instant> until();

  /** Returns the steward who approved it; empty if none did yet. */
  Optional<Principal> approvedBy();

  /** Returns true if no steward approved it yet. */
  default boolean isPending() {
    return approvedBy().isEmpty();
  }

  /** What the owner requests. */
  enum Kind {
    /** To retire a major version although these consumers need it. */
    FORCE,
    /** To continue without a consumer that has read nothing for a long time. */
    DORMANT,
    /** To suspend reads for longer than 72 hours. */
    SUSPENSION
  }
}
