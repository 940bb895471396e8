package io.meshwork.access;

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
  G allowing(Permission... permissions);

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
   * {@link #toMesh}. Only for those who act for the owner. By tags and on a whole domain, data that
   * is added later is included too. On a grant that exists already, it accepts data that became
   * more sensitive since and is withheld until then.
   */
  G includingSensitive();

  /**
   * Answers an open request with a grant to its requester, within an authorization for that
   * request, and thereby approves the request. The owner itself uses {@code
   * requests().approve(id)}.
   *
   * @param id the request's id
   */
  G forRequest(String id);

  /** Sets the reason. Required; it is kept with the grant and in the log. */
  G because(String reason);
}
