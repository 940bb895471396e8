package io.meshwork.access;

import io.meshwork.card.ProductCard;
import io.meshwork.operation.Operation.CheckReturnValue;
import io.meshwork.product.Principal;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Changes and lists access: grants, tags, and authorizations. {@code MeshClient.grant(..)} and
 * {@code MeshClient.grantByTags(..)} create grants, {@code MeshClient.revoke(..)} revokes them, and
 * {@link #explain} explains one decision. Obtain it with {@code MeshClient.access()}. Thread-safe;
 * nothing to close.
 */
public interface AccessClient {
  /**
   * Lists the grants that the caller's domain created, and those that its accounts passed on.
   *
   * @throws io.meshwork.error.InvalidRequestException if the account acts for no domain
   */
  List<GrantSummary> grants();

  /**
   * Closes a product that {@code openToMesh()} opened, from the next read on: other domains read
   * only what is granted to them. Grants remain active. A product that is not open stays as it is.
   * Only an administrator of the product's domain can close it. The commit returns the product. For
   * one thread; committed once.
   *
   * @param product such as {@code commerce/orders}
   */
  @CheckReturnValue
  AccessOperation<ProductCard> closeToMesh(CharSequence product);

  /**
   * Tags a product, some of its columns, or a domain that the caller acts for.
   *
   * @param productOrDomain such as {@code commerce/orders} or {@code commerce}
   */
  @CheckReturnValue
  TagResource tag(CharSequence productOrDomain);

  /**
   * Authorizes roles of another account to grant access to a product, or to what a domain owns.
   *
   * @param productOrDomain such as {@code commerce/orders} or {@code commerce}
   */
  @CheckReturnValue
  Authorize authorize(CharSequence productOrDomain);

  /**
   * Withdraws an authorization.
   *
   * @param id as {@link #authorizations()} lists it
   * @throws io.meshwork.error.InvalidRequestException if it is not an id
   */
  @CheckReturnValue
  WithdrawAuthorization withdrawAuthorization(String id);

  /**
   * Lists the authorizations that the caller's domain created.
   *
   * @throws io.meshwork.error.InvalidRequestException if the account acts for no domain
   */
  List<AuthorizationSummary> authorizations();

  /**
   * Lists the authorizations on a product, through its domain too, or on a whole domain: all of
   * them for those who act for the owner, and for others those that they may use themselves.
   *
   * @param productOrDomain such as {@code commerce/orders} or {@code commerce}
   * @throws io.meshwork.error.NotFoundException if there is no such domain or product
   */
  List<AuthorizationSummary> authorizations(CharSequence productOrDomain);

  /**
   * Explains whether a principal may read a product, and why or why not. All callers can explain
   * their own access; the product's owner can explain anyone's.
   *
   * @throws io.meshwork.error.AccessDeniedException if the principal is not the caller, and the
   *     caller does not act for the product's domain
   * @throws io.meshwork.error.NotFoundException if there is no such product
   */
  ExplainedAccess explain(Principal principal, CharSequence product);

  /**
   * Lists who may read a product, each with the reason, followed by accounts that have a grant that
   * they have not passed on to any role yet. For those who act for the product's domain.
   *
   * @throws io.meshwork.error.AccessDeniedException if the caller does not act for that domain
   * @throws io.meshwork.error.NotFoundException if there is no such product
   */
  List<ExplainedAccess> whoCanRead(CharSequence product);

  /**
   * Plans several changes of access as one. Each change builds on those before it. The commit of
   * the plan commits all of them or none, in one transaction, and returns the result of each. A
   * change that another one of them reverses is left out. Changes nothing itself.
   *
   * @param changes created by this client and not committed elsewhere
   * @throws io.meshwork.error.InvalidRequestException if none is given, one is given twice, or they
   *     are of several principals, domains, or meshes
   * @throws io.meshwork.error.MeshException if one of the changes is rejected
   */
  AccessPlan<AccessPlan.Results> plan(AccessOperation<?>... changes);

  /**
   * Revokes grants that the caller's domain created, or that its account passed on; effective from
   * the next read. Grants that another account passed on from them give no access from then on, and
   * stay listed there. The id of a grant that does not exist changes nothing. The commit returns
   * the grants that existed. The losses of the plan omit what a grantee can still read through
   * another grant. For one thread; committed once.
   */
  interface Revoke extends AccessOperation<List<GrantSummary>> {
    /** Also revokes what the grantees passed on within the caller's own account. */
    Revoke cascade();

    /**
     * Revokes grants that the caller's account created for another domain on this product, or by
     * tags of this domain. Default: grants that the caller's own domain created, or that others
     * created for it.
     *
     * @param productOrDomain such as {@code commerce/orders} or {@code commerce}
     */
    Revoke on(CharSequence productOrDomain);

    /** Sets the reason, for the log. Default: none. */
    Revoke because(String reason);
  }

  /**
   * Tags a product, some of its columns, or a domain. A product inherits the tags of its domain,
   * and a column those of its product, unless it has its own value. The commit returns the
   * resulting tags with the inherited ones; of several columns, the tags that all of them have. A
   * tag or value that the domain does not define is rejected. For one thread; committed once.
   */
  interface TagResource extends AccessOperation<Map<String, String>> {
    /** Sets a tag that the domain defines. */
    TagResource set(String key, String value);

    /** Removes a tag. An inherited value applies again. */
    TagResource remove(String key);

    /** Tags these top-level columns instead of the whole product. */
    TagResource columns(String... names);
  }

  /**
   * Authorizes roles of another account to create grants for the owner of a product, or of all that
   * a domain owns: to certain consumers, for certain tags, for one request, or in advance. They use
   * the same calls as the owner, and cannot grant more than was authorized. An authorization itself
   * gives no read access. The same authorization again changes nothing; another end or reason
   * amends it. For one thread; committed once.
   */
  interface Authorize extends AccessOperation<AuthorizationSummary> {
    /** Authorizes these roles of other accounts. */
    Authorize executors(Principal... principals);

    /** Authorizes every role of these accounts. */
    Authorize executorAccounts(String... accounts);

    /** Allows grants to these roles only. */
    Authorize consumers(Principal... principals);

    /** Allows grants to these accounts and their roles only. */
    Authorize consumerAccounts(String... accounts);

    /** Allows only grants by tags that select at least these. For a domain, not a product. */
    Authorize tags(TagSelection where);

    /**
     * Allows only the grant that answers this request to the caller's domain, with {@link
     * GrantOperation#request}, while the request is open and unchanged. Rejected if the contract
     * requires two approvals. Consumer, columns, rows and end default to those of the request.
     */
    Authorize request(String id);

    /**
     * Allows grants in advance and to any consumer. Required without a consumer, tag, or request.
     */
    Authorize forAnyConsumer();

    /** Allows only these top-level columns of the product. */
    Authorize columns(String... names);

    /** Allows all columns of the product but these, including columns that are added later. */
    Authorize exceptColumns(String... names);

    /**
     * Allows only rows of the product that match a filter. A grant must repeat the filter, and may
     * narrow it with AND.
     */
    Authorize rows(String filter);

    /** Sets the permissions that may be granted. Default: DESCRIBE and SELECT. */
    Authorize permissions(Permission... permissions);

    /** Allows grants with the grant option. */
    Authorize withGrantOption();

    /**
     * Lets the executors authorize others within these bounds, by the same call. They cannot
     * delegate any further.
     */
    Authorize allowDelegation();

    /**
     * Ends the authorization at an instant. Grants created under it must end then or before. If an
     * existing authorization gets an earlier end, its grants with a later one stay, as after a
     * withdrawal.
     *
     * @param end exclusive, by the mesh's clock. Default: no end
     */
    Authorize until(Instant end);

    /** Sets the reason. Required; it is kept with the authorization and in the log. */
    Authorize because(String reason);
  }

  /**
   * Withdraws an authorization, and those that were delegated under it. No more grants can be
   * created under them. Grants created under them stay, and the plan lists them, unless you call
   * {@link #revokeGrants}. The id of an authorization that does not exist changes nothing. The
   * commit returns what was withdrawn. For one thread; committed once.
   */
  interface WithdrawAuthorization extends AccessOperation<List<AuthorizationSummary>> {
    /**
     * Withdraws an authorization that the caller created for another domain, by {@link
     * Authorize#allowDelegation}, on this product or domain. Default: one of the caller's own
     * domain.
     *
     * @param productOrDomain such as {@code commerce/orders} or {@code commerce}
     */
    WithdrawAuthorization on(CharSequence productOrDomain);

    /** Also revokes the grants that were created under it. */
    WithdrawAuthorization revokeGrants();

    /** Sets the reason, for the log. Default: none. */
    WithdrawAuthorization because(String reason);
  }
}
