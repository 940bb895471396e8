package io.meshwork.link;

import io.meshwork.product.Principal;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A name in the catalog of the caller's domain that points to a product or a whole domain of
 * another owner. Every role of the domain's accounts may use it. Each read through it is authorized
 * on its target, for the principal that reads. Immutable; a snapshot as of the call. Two are equal
 * if all of their attributes are. {@code toString()} is one line.
 */
public interface ResourceLink {
  /** Returns {@code database.table}, or the database of a whole domain. */
  String name();

  /**
   * Returns the name in AWS Glue of the caller's account, where engines find it: {@code
   * database.table}, or the database of a whole domain. Empty until the mirrors created it, and
   * where no role of the account may read it.
   */
  Optional<String> nameInGlue();

  /** Returns {@code domain/product} or {@code domain}. */
  String target();

  /** Returns the major version that it points to; empty for a whole domain. */
  OptionalInt major();

  /** Returns true if it points to the current major version, whichever that is. */
  boolean following();

  /** Returns the principal that created it. */
  Principal createdBy();

  /** Returns whether the target exists and is shared with the caller. */
  State state();

  /** Returns true if the caller may read something through it now. */
  boolean readable();

  /**
   * Returns what is missing to read all of it, or why it dangles and how to fix that; empty if
   * nothing is missing.
   */
  String missing();

  /** Whether the target exists and is shared with the caller. */
  enum State {
    /** The target exists and is shared, in part at least, with the caller or its account. */
    VALID,
    /** The target exists and is not shared with the caller or its account yet. */
    PENDING,
    /** The target was removed, renamed or retired: nothing can be read through the link. */
    DANGLING,
    /** The target's catalog is unavailable. The link can still be removed or moved. */
    UNREACHABLE
  }
}
