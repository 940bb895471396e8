package io.meshwork.access;

import com.google.errorprone.annotations.CheckReturnValue;
import io.meshwork.card.ProductCard;
import io.meshwork.operation.PlannedOperation;
import io.meshwork.product.Principal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Changes and lists access: grants, tags, and authorizations. {@code MeshClient.grant(..)} and
 * {@code MeshClient.grantByTags(..)} create grants, {@code MeshClient.revoke(..)} revokes them, and
 * {@link #explain} explains one decision. Obtain it with {@code MeshClient.access()}. Thread-safe;
 * nothing to close.
 */
public interface AccessClient {
  /**
   * Lists the grants that the caller's domain created, and the grants that its accounts passed on.
   *
   * @throws io.meshwork.error.InvalidRequestException if the account acts for no domain
   */
  List<GrantSummary> grants();

  /**
   * Closes a product that {@code openToMesh()} opened, from the next read on: other domains read
   * only what is granted to them. Grants remain active. A product that is not open does not change.
   * Only an administrator of the product's domain can close it. The commit returns the product. For
   * one thread; committed once.
   *
   * @param product such as {@code commerce/orders}
   */
  @CheckReturnValue
  AccessOperation<ProductCard> closeToMesh(CharSequence product);

  /**
   * Tags a product or a domain that the caller acts for.
   *
   * @param productOrDomain such as {@code commerce/orders} or {@code commerce}
   */
  @CheckReturnValue
  TagResource tag(CharSequence productOrDomain);

  /**
   * Tags some columns of a product that the caller acts for, instead of the whole product.
   *
   * @param product such as {@code commerce/orders}
   * @param columns at least one, at the top level
   * @throws io.meshwork.error.InvalidRequestException if there is none
   */
  @CheckReturnValue
  TagResource tagColumns(CharSequence product, String... columns);

  /**
   * Authorizes roles of another account to grant access to a product.
   *
   * @param product such as {@code commerce/orders}
   */
  @CheckReturnValue
  Authorize.ByName authorize(CharSequence product);

  /**
   * Authorizes roles of another account to grant access to all that a domain owns.
   *
   * @param domain such as {@code commerce}
   */
  @CheckReturnValue
  Authorize<?> authorizeDomain(String domain);

  /**
   * Authorizes roles of another account to grant access to tagged data of a domain, by grants by
   * tags that select at least these.
   *
   * @param domain such as {@code commerce}
   * @param where the tags
   */
  @CheckReturnValue
  Authorize<?> authorizeByTags(String domain, TagSelection where);

  /**
   * Withdraws an authorization, and all that were delegated under it. No more grants can be created
   * under them. Grants created under them stay, and the plan lists them, unless you call {@link
   * Revoke#cascade}. The id of an authorization that does not exist changes nothing. The commit
   * returns what was withdrawn.
   *
   * @param id as {@link #authorizations()} lists it
   * @throws io.meshwork.error.InvalidRequestException if it is not an id
   */
  @CheckReturnValue
  Revoke<List<AuthorizationSummary>> withdrawAuthorization(String id);

  /**
   * Lists the authorizations that the caller's domain created.
   *
   * @throws io.meshwork.error.InvalidRequestException if the account acts for no domain
   */
  List<AuthorizationSummary> authorizations();

  /**
   * Lists the authorizations on a product, through its domain too, or on a whole domain: all of
   * them for callers who act for the owner, and for others only what they may use themselves.
   *
   * @param productOrDomain such as {@code commerce/orders} or {@code commerce}
   * @throws io.meshwork.error.NotFoundException if the domain or product does not exist
   */
  List<AuthorizationSummary> authorizations(CharSequence productOrDomain);

  /**
   * Explains whether a principal may read a product, and why or why not. All callers can explain
   * their own access; the product's owner can explain anyone's.
   *
   * @throws io.meshwork.error.AccessDeniedException if the principal is not the caller, and the
   *     caller does not act for the product's domain
   * @throws io.meshwork.error.NotFoundException if the product does not exist
   */
  ExplainedAccess explain(Principal principal, CharSequence product);

  /**
   * Lists who may read a product, each with the reason, followed by accounts that have a grant that
   * they have not passed on to any role yet. For callers who act for the product's domain.
   *
   * @throws io.meshwork.error.AccessDeniedException if the caller does not act for that domain
   * @throws io.meshwork.error.NotFoundException if the product does not exist
   */
  List<ExplainedAccess> whoCanRead(CharSequence product);

  /**
   * Plans several changes of access as one. Each change builds on the changes before it. The commit
   * of the plan commits all of them or none, in one transaction, and returns the result of each. A
   * change that another one of them reverses is left out. Changes nothing itself.
   *
   * @param changes created by this client and not committed elsewhere
   * @throws io.meshwork.error.InvalidRequestException if none is given, one is given twice, or they
   *     are of several principals, domains, or meshes
   * @throws io.meshwork.error.MeshException if one of the changes is rejected
   */
  AccessPlan<AccessPlan.Results> plan(AccessOperation<?>... changes);

  /**
   * Revokes grants, or withdraws an authorization; effective from the next read. What does not
   * exist changes nothing. The losses of the plan omit what a grantee can still read through
   * another grant. For one thread; committed once.
   *
   * @param <R> what existed before
   */
  interface Revoke<R> extends AccessOperation<R> {
    /**
     * Also revokes the grants that depend on these: of grants, what the grantees passed on within
     * the caller's own account; of an authorization, the grants that were created under it.
     */
    Revoke<R> cascade();

    /**
     * Names the product, or the domain, for which the caller's account created them although it
     * does not act for the owner. Default: all that the caller's own domain created, or that others
     * created for it. A product that the caller owns is searched first.
     *
     * @param productOrDomain such as {@code commerce/orders} or {@code commerce}
     */
    Revoke<R> on(CharSequence productOrDomain);

    /** Sets the reason, for the log. Default: none. */
    Revoke<R> because(String reason);
  }

  /**
   * Tags a product, some of its columns, or a domain. A product inherits the tags of its domain,
   * and a column the tags of its product, unless it has its own value. The commit returns the
   * resulting tags with the inherited ones; of several columns, the tags that all of them have. A
   * tag or value that the domain does not define is rejected. For one thread; committed once.
   */
  interface TagResource extends AccessOperation<Map<String, String>> {
    /** Sets a tag that the domain defines. */
    TagResource set(String key, String value);

    /** Removes a tag. An inherited value applies again. */
    TagResource remove(String key);
  }

  /**
   * Authorizes roles of another account to create grants for the owner: to certain consumers, for
   * certain tags, for one request, or in advance. They use the same calls as the owner, and cannot
   * grant more than was authorized. An authorization itself gives no read access. The same
   * authorization again changes nothing; another end or reason amends it. For one thread; committed
   * once.
   *
   * @param <A> the operation itself, which every setter returns
   */
  interface Authorize<A extends Authorize<A>> extends AccessOperation<AuthorizationSummary> {
    /**
     * Authorizes these roles of other accounts. Executors of at most 50 accounts are authorized for
     * a domain at a time.
     */
    A executors(Principal... principals);

    /** Authorizes every role of these accounts, under the same limit. */
    A executorAccounts(String... accounts);

    /** Allows grants to these roles only. */
    A consumers(Principal... principals);

    /** Allows grants to these accounts and their roles only. */
    A consumerAccounts(String... accounts);

    /**
     * Allows grants in advance and to any consumer. Required without a consumer, tag, or request.
     */
    A forAnyConsumer();

    /** Sets the permissions that may be granted. Default: DESCRIBE and SELECT. */
    A permissions(Permission... permissions);

    /** Allows grants with the grant option. */
    A withGrantOption();

    /**
     * Lets the executors authorize others within these bounds, by the same call. They cannot
     * delegate any further.
     */
    A allowDelegation();

    /**
     * Ends the authorization at an instant. Grants created under it must end then or before. If an
     * existing authorization gets an earlier end, its grants with a later one stay, as after a
     * withdrawal.
     *
     * @param end exclusive, by the mesh's clock. Default: no end
     */
    A until(Instant end);

    /** Sets the reason. Required; it is stored with the authorization and in the log. */
    A because(String reason);

    /** Authorizes grants of one product, or of some of its columns and rows. */
    interface ByName extends Authorize<ByName> {
      /**
       * Allows only the grant that answers this request to the caller's domain, with {@link
       * GrantOperation.ByName#request}, while the request is open and unchanged. Rejected if the
       * contract requires two approvals. Consumer, columns, rows and end default to the request's.
       */
      ByName request(String id);

      /** Allows only these top-level columns. */
      ByName columns(String... names);

      /** Allows all columns but these, including columns that are added later. */
      ByName exceptColumns(String... names);

      /**
       * Allows only rows that match a filter. A grant must repeat the filter, and may narrow it
       * with AND.
       */
      ByName rows(String filter);
    }
  }

  /**
   * An authorization: what its executors may grant for the owner of some data. Immutable; two are
   * equal if all of their attributes are. {@code toString()} is one line without the condition on
   * rows.
   */
  interface AuthorizationSummary {
    /** Returns the ID: the same for the same authorization, whatever its end and reason. */
    String id();

    /**
     * What may be granted, such as {@code commerce/orders}, {@code all of commerce}, or {@code
     * table of commerce where sensitivity in (public)}.
     */
    String on();

    /** Returns who may grant, such as {@code central/steward} or {@code account central}. */
    List<String> executors();

    /** Returns the consumers to whom they may grant; empty for any. */
    List<String> consumers();

    /** Returns the permissions that they may grant, in alphabetical order. */
    List<Permission> permissions();

    /** Returns true if they may grant with the grant option. */
    boolean grantOption();

    /** Returns the columns, if only some may be granted; otherwise empty. */
    List<String> columns();

    /** Returns the excluded columns, if all but some may be granted; otherwise empty. */
    List<String> exceptColumns();

    /** Returns the condition on rows; empty for all rows. It may contain values: do not log it. */
    Optional<String> rows();

    /** Returns the ID of the only request for which it may be used; empty if it is for none. */
    Optional<String> request();

    /** Returns true if the executors may authorize others within it. */
    boolean delegating();

    /**
     * Returns the ID of the authorization by which it was delegated; empty if the owner created it.
     */
    Optional<String> under();

    /**
     * Returns the end, exclusive, of this authorization and of grants created under it; empty if it
     * has none.
     */
    Optional<Instant> until();

    /** Returns the reason. */
    String because();

    /** Returns the principal of the owner that is responsible for it. */
    String authorizedBy();

    /** Returns the principal that wrote it. */
    String executedBy();
  }

  /**
   * A grant. Immutable; two are equal if all of their attributes are. {@code toString()} is one
   * line without the condition on rows.
   */
  interface GrantSummary {
    /** Returns the ID: the same for the same grant, whatever its end and reason. */
    String id();

    /**
     * What it is on, such as {@code commerce/orders}, {@code all of commerce}, or {@code table of
     * commerce where sensitivity in (public)}.
     */
    String on();

    /** Returns the grantee, such as {@code finance/analyst} or {@code account finance}. */
    String to();

    /** Returns the permissions, in alphabetical order. */
    List<Permission> permissions();

    /** Returns true if the grantee may pass it on within its account. */
    boolean grantOption();

    /** Returns the columns, if only some are granted; otherwise empty. */
    List<String> columns();

    /** Returns the excluded columns, if all but some are granted; otherwise empty. */
    List<String> exceptColumns();

    /** Returns the condition on rows; empty for all rows. It may contain values: do not log it. */
    Optional<String> rows();

    /** Returns the end, exclusive; empty if it has none. */
    Optional<Instant> until();

    /** Returns the reason. */
    String because();

    /**
     * Returns the principal of the producer that is responsible for it, or of the recipient that
     * passed it on.
     */
    String authorizedBy();

    /** Returns the principal that wrote it. */
    String executedBy();

    /** Returns true if a recipient created it within its own account. */
    boolean passedOn();

    /**
     * Returns the ID of the authorization under which it was created for the owner; empty if the
     * owner, or a recipient, created it.
     */
    Optional<String> authorization();
  }

  /**
   * A change of access. Its plan shows who would gain and who would lose access. For one thread;
   * committed once, alone or with others by {@link AccessClient#plan}.
   *
   * @param <R> what exists after the change
   */
  interface AccessOperation<R> extends PlannedOperation<AccessPlan<R>, R> {
    /**
     * Returns who would gain and who would lose access. Changes nothing.
     *
     * @throws io.meshwork.error.MeshException as {@link #commit}
     */
    @Override
    AccessPlan<R> plan();

    /**
     * Makes the change. Parts that are in effect already are not repeated.
     *
     * @throws io.meshwork.error.AccessDeniedException if the caller may not make this change
     * @throws io.meshwork.error.InvalidRequestException if a required setting is missing or not
     *     allowed, the account acts for no domain, or the change is too large for one transaction
     * @throws io.meshwork.error.NotFoundException if the domain or product does not exist
     * @throws io.meshwork.error.ConflictException if concurrent changes prevented it until the
     *     deadline
     */
    @Override
    R commit();
  }
}
