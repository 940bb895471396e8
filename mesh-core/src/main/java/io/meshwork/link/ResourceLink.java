package io.meshwork.link;

import io.meshwork.product.Principal;
import java.util.Optional;

/**
 * A name in the catalog of the caller's domain that points to a product or a whole domain of
 * another owner. Every role of the domain's accounts may use it. Each read through it is authorized
 * on its target, for the principal that reads. Immutable; a snapshot as of the call.
 *
 * @param name {@code database.table}, or the database of a whole domain
 * @param target {@code domain/product} or {@code domain}
 * @param major the major version that it points to; empty for a whole domain
 * @param following true if it points to the current major version, whichever that is
 * @param createdBy the principal that created it
 * @param readable true if the caller may read something through it now
 * @param missing what is missing to read all of it, or why it dangles and how to fix that; empty if
 *     nothing is missing
 */
public record ResourceLink(
    String name,
    String target,
    Optional<Integer> major,
    boolean following,
    Principal createdBy,
    State state,
    boolean readable,
    String missing) {
  /** Whether the target exists and is shared with the caller. */
  public enum State {
    /** The target exists and is shared, in part at least, with the caller or its account. */
    VALID,
    /** The target exists and is not shared with the caller or its account yet. */
    PENDING,
    /** The target was removed, renamed or retired: nothing can be read through the link. */
    DANGLING,
    /** The target's catalog is unavailable. The link can still be removed or moved. */
    UNREACHABLE
  }

  /** The link in one line. */
  @Override
  public String toString() {
    return name
        + " -> "
        + target
        + major.map(number -> " v" + number).orElse("")
        + (following && major.isPresent() ? ", following" : "")
        + "  "
        + state
        + (readable ? ", readable" : "")
        + (missing.isEmpty() ? "" : "  (" + missing + ")");
  }
}
