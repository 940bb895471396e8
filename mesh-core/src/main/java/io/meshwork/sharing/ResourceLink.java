package io.meshwork.sharing;

import io.meshwork.internal.session.Session;
import io.meshwork.product.Principal;
import java.util.List;
import java.util.Optional;

/**
 * A name in the catalog of the caller's domain that stands for a product or a whole domain of
 * another. Every role of the domain's accounts may use it; what may be read by it is decided on
 * what it stands for, for whoever reads. A value as of when it was asked for.
 *
 * @param name as {@code database.table}, or the database of a whole domain
 * @param target what it stands for, as {@code domain/product} or {@code domain}
 * @param major the major version that it stands for; empty for a whole domain
 * @param following true if it stands for the current major, whichever that is
 * @param createdBy who made it
 * @param readable true if the caller may read something by it now
 * @param missing what is missing to read all of it, or why it dangles and what to do; empty if
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
  /** Whether what it stands for is there. */
  public enum State {
    /** It is there, and something of it is shared with the caller or its account. */
    VALID,
    /** It is there, and nothing of it is shared with the caller or its account yet. */
    PENDING,
    /** It is gone, renamed or retired: nothing can be read by the link, whatever the rights. */
    DANGLING
  }

  /** Called by {@code MeshClient.links}: those of the caller's domain. */
  public static List<ResourceLink> all(Session session) {
    String doing = "list links";
    session.checkOpen(doing);
    return new LinkLook(session, doing).all(session.admission().ownDomain(doing).domain());
  }

  /** The link in a line. */
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
