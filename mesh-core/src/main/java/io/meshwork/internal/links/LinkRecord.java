package io.meshwork.internal.links;

import io.meshwork.link.ResourceLink;
import io.meshwork.product.Principal;
import java.util.Optional;
import java.util.OptionalInt;

/** A link as it was read. Immutable. */
record LinkRecord(
    String name,
    Optional<String> nameInGlue,
    String target,
    OptionalInt major,
    boolean following,
    Principal createdBy,
    State state,
    boolean readable,
    String missing)
    implements ResourceLink {
  /** Returns the link in one line. */
  @Override
  public String toString() {
    return name
        + " -> "
        + target
        + (major.isPresent() ? " v" + major.getAsInt() : "")
        + (following && major.isPresent() ? ", following" : "")
        + "  "
        + state
        + (readable ? ", readable" : "")
        + (missing.isEmpty() ? "" : "  (" + missing + ")");
  }
}
