package io.meshwork.access;

import io.meshwork.access.AccessClient.AccessOperation;
import io.meshwork.access.AccessClient.GrantSummary;
import io.meshwork.product.Principal;
import java.time.Instant;
import java.util.List;

/**
 * A grant: the grantees, the permissions, the end, and the reason. Grantees and reason are
 * required. The commit returns the grants, at least one for each grantee. For one thread; committed
 * once.
 *
 * @param <G> the operation itself, which every setter returns
 */
public interface GrantOperation<G extends GrantOperation<G>>
    extends AccessOperation<List<GrantSummary>> {
  /** Grants to these roles. */
  G to(Principal... principals);

  /** Grants to whole accounts. Their roles get access once the account passes the grant on. */
  G toAccounts(String... accounts);

  /** Grants to every role of the caller's own account; passes on a grant to the account. */
  G toAllRoles(String account);

  /** Grants to every account of the mesh. Roles get access once their account passes it on. */
  G toMesh();

  /**
   * Sets the permissions. Default: DESCRIBE and SELECT; on columns and rows SELECT. INSERT, DELETE,
   * ALTER and DROP are rejected: only the accounts of a domain write its products.
   */
  G permissions(Permission... permissions);

  /** Lets the grantee pass the grant on, within its own account only. */
  G withGrantOption();

  /**
   * Ends the grant at an instant.
   *
   * @param end exclusive, by the mesh's clock. Default: no end
   */
  G until(Instant end);

  /**
   * Includes data classified above INTERNAL in a grant on a whole domain or to the whole mesh; see
   * {@link #toMesh}. Only for callers who act for the owner. By tags and on a whole domain, data
   * that is added later is included too. On a grant that exists already, it accepts data that
   * became more sensitive since and is withheld until then.
   */
  G includeSensitive();

  /** Sets the reason. Required; it is stored with the grant and in the log. */
  G because(String reason);

  /**
   * Grants a product, or some of its columns and rows. The owner grants to roles and accounts; an
   * account with {@link #withGrantOption() the grant option} passes the grant on to its own roles
   * with the same call. Granting the same again changes nothing; another end or reason amends the
   * grant. The commit rejects a grant that conflicts with an existing one, a column that is not in
   * the contract, and a filter that is not in the filter language.
   */
  interface ByName extends GrantOperation<ByName> {
    /** Grants only these top-level columns. */
    ByName columns(String... names);

    /** Grants all columns but these, including columns that are added later. */
    ByName exceptColumns(String... names);

    /** Grants only rows that match a filter, such as {@code country = 'SE'}. */
    ByName rows(String filter);

    /**
     * Answers an open request with a grant to its requester, within an authorization for that
     * request, and thereby approves the request. The owner itself uses {@code
     * requests().approve(id)}.
     *
     * @param id the request's id
     */
    ByName request(String id);
  }
}
