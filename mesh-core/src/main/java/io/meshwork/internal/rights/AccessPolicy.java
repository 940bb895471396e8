package io.meshwork.internal.rights;

import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.lakeformation.DataPermission;
import io.meshwork.internal.lakeformation.evaluation.AccessDecision.DenialCode;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.product.Principal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The port that decides what a principal may see of a table. Every operation that returns rows,
 * counts or columns calls it; backends and mirrors of a table never decide. Implementations are
 * thread-safe.
 */
public interface AccessPolicy {
  /**
   * Returns the policy of a mesh, which decides by the tags and grants in its registry. It caches
   * what it reads; all sessions on the mesh share it.
   */
  static AccessPolicy of(RightsDocuments documents, Catalog catalog) {
    return new AccessControl(documents, catalog);
  }

  /**
   * Returns what a principal may read of a version of a product, whether or not a link makes the
   * product visible in the principal's catalog. Covers the owner's accounts, products that are open
   * to the mesh, and grants.
   *
   * @param at the time at which grants must be active
   * @throws io.meshwork.error.ConflictException if the policies change faster than they can be read
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  ReadDecision permission(
      Principal principal, ProductEntry product, VersionEntry version, Instant at);

  /**
   * What a principal may read, or why it may read nothing. Immutable.
   *
   * @param permission empty if nothing may be read
   * @param missing what is missing, such as {@code NO_GRANT}; none if something may be read
   * @param policies the tags and grants that were evaluated; empty if the decision uses none
   * @param basis documents that change whenever the decision may change, besides the product's own
   *     and its version's. A commit that relies on the decision checks them
   */
  record ReadDecision(
      Optional<DataPermission> permission,
      List<DenialCode> missing,
      Optional<PolicySnapshot> policies,
      List<VersionedDocument> basis) {
    public ReadDecision {
      missing = List.copyOf(missing);
      basis = List.copyOf(basis);
    }

    static ReadDecision all(List<VersionedDocument> basis) {
      return new ReadDecision(Optional.of(DataPermission.ALL), List.of(), Optional.empty(), basis);
    }
  }
}
