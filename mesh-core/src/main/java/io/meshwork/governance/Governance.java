package io.meshwork.governance;

import io.meshwork.internal.session.Session;
import io.meshwork.sharing.DefineTag;
import java.util.List;
import java.util.SortedMap;

/** What stewards do for the domain that they act for. Thread-safe; holds nothing to close. */
public final class Governance {
  private final Session session;

  private Governance(Session session) {
    this.session = session;
  }

  /** Called by {@code MeshClient.governance}. */
  public static Governance of(Session session) {
    return new Governance(session);
  }

  /**
   * Defines a tag of the caller's domain with the values that it may have; if it is defined
   * already, adds values.
   */
  public DefineTag defineTag(String key, String... values) {
    return DefineTag.of(session, key, values);
  }

  /**
   * The tags that a domain defines, each with its values. Everybody may ask.
   *
   * @throws io.meshwork.error.NotFoundException if there is no such domain
   */
  public SortedMap<String, List<String>> tags(String domain) {
    return DefineTag.all(session, domain);
  }

  /**
   * The catalogs of the mesh, who lives in them, and what this shape costs. Everybody may ask.
   *
   * @throws io.meshwork.error.BackendException if a catalog cannot be asked, naming it: a count
   *     that leaves one out would be wrong
   */
  public MeshShape topology() {
    return MeshShape.of(session);
  }

  /**
   * Who did what, and when: one place to ask for all that the logs of the mesh tell. For those who
   * act for a domain about that domain and its products, and for everybody about his own account.
   */
  public Audit audit() {
    return new Audit(session);
  }

  /**
   * What the caller's domain granted and what its accounts handed on, each with how it was used in
   * the last year, by what the audit counted. For those who act for the domain.
   *
   * @throws io.meshwork.error.AccessDeniedException if the caller does not act for the domain
   * @throws io.meshwork.error.NotFoundException if there is no such domain
   */
  public AccessReview accessReview(String domain) {
    return new GrantUse(session, domain).review();
  }
}
