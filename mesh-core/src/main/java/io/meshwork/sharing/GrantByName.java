package io.meshwork.sharing;

import io.meshwork.access.Permission;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ledger.Stored;
import io.meshwork.internal.predicate.Predicate;
import io.meshwork.internal.rights.GrantTarget;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.rights.RightsWorld;
import io.meshwork.internal.rights.StoredGrant;
import io.meshwork.internal.rights.TableRights;
import io.meshwork.internal.runtime.Arguments;
import io.meshwork.internal.session.Session;
import io.meshwork.operation.PlannedOperation;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Grants a product, or some columns and rows of it. The owner grants to roles and accounts; an
 * account that was granted something with {@link #withGrantOption()} hands it on to its own roles
 * by the same verb. The same grant again is the same grant; another end or reason amends it. One
 * thread; committed once.
 */
public final class GrantByName
    implements PlannedOperation<AccessPlan<List<GrantCard>>, List<GrantCard>> {
  private final Session session;
  private final ProductName product;
  private final RightsChange<List<GrantCard>> change;
  private final GrantTerms terms = new GrantTerms();
  private ColumnNames columns = ColumnNames.ALL;
  private @Nullable String rows;

  private GrantByName(Session session, ProductName product) {
    this.session = session;
    this.product = product;
    this.change = new RightsChange<>(session, doing());
  }

  /** Called by {@code MeshClient.grant}. */
  public static GrantByName of(Session session, @Nullable CharSequence product) {
    return new GrantByName(session, ProductName.of(product));
  }

  /** Only these top-level columns. */
  public GrantByName columns(String... names) {
    columns = columns.only(names);
    return this;
  }

  /** All columns but these, those that come later too. */
  public GrantByName exceptColumns(String... names) {
    columns = columns.except(names);
    return this;
  }

  /** Only rows for which this is true, such as {@code country = 'SE'}, in the filter language. */
  public GrantByName rows(String filter) {
    rows = Arguments.given("rows", filter).strip();
    return this;
  }

  /** To these roles. */
  public GrantByName to(Principal... principals) {
    terms.to(principals);
    return this;
  }

  /** To whole accounts; their roles have it once the account hands it on. */
  public GrantByName toAccounts(String... accounts) {
    terms.toAccounts(accounts);
    return this;
  }

  /** To every role of the caller's own account, which hands it on. */
  public GrantByName toEveryRoleOf(String account) {
    terms.toEveryRoleOf(account);
    return this;
  }

  /** To every account of the mesh; their roles have it once the account hands it on. */
  public GrantByName toMesh() {
    terms.toMesh();
    return this;
  }

  /** What is allowed. Default: DESCRIBE and SELECT; of columns and rows SELECT. */
  public GrantByName allowing(Permission... permissions) {
    terms.allowing(permissions);
    return this;
  }

  /** The grantee may hand it on, within its own account only. */
  public GrantByName withGrantOption() {
    terms.withGrantOption();
    return this;
  }

  /** Ends by itself, by the mesh's clock; the instant is no longer part of it. */
  public GrantByName until(Instant end) {
    terms.until(end);
    return this;
  }

  /** Answers this request, for which the owner authorized it. */
  public GrantByName forRequest(String id) {
    terms.forRequest(id);
    return this;
  }

  /** Why. Required; kept with the grant and in the log. */
  public GrantByName because(String reason) {
    terms.because(reason);
    return this;
  }

  /**
   * Who would gain what. Changes nothing.
   *
   * @throws io.meshwork.error.MeshException as {@link #commit}
   */
  @Override
  public AccessPlan<List<GrantCard>> plan() {
    return change.plan(this::proposal, this::commitAsPlanned);
  }

  /**
   * Grants it.
   *
   * @return the grants, one for each grantee
   * @throws io.meshwork.error.AccessDeniedException if the caller neither acts for the owner nor
   *     may hand it on
   * @throws InvalidRequestException if to whom or why was not said, a column is not in the
   *     contract, the filter breaks its language, or the grants do not go with what is granted
   *     already
   * @throws io.meshwork.error.NotFoundException if there is no such product
   */
  @Override
  public List<GrantCard> commit() {
    return run(null);
  }

  @Override
  public List<GrantCard> commitAsPlanned(String fingerprint) {
    return run(Arguments.text("fingerprint", fingerprint));
  }

  private List<GrantCard> run(@Nullable String fingerprint) {
    session.checkOpen(doing());
    session.catalog().requireProduct(product, doing());
    terms.check(doing(), session.runtime().clock().instant());
    Sharer sharer = Sharer.of(session, product.domain(), Optional.of(product), terms, doing());
    String partition = sharer.owns() ? Keys.partition(product) : Keys.partition(sharer.writes());
    return change.commit(partition, this::proposal, fingerprint);
  }

  private Proposal<List<GrantCard>> proposal(Instant now) {
    terms.check(doing(), now);
    ProductEntry entry = session.catalog().requireProduct(product, doing());
    Sharer sharer = Sharer.of(session, product.domain(), Optional.of(product), terms, doing());
    RightsDocuments documents = session.rights().documents();
    Optional<Stored> policy = documents.policy(sharer.writes());
    VersionEntry version = session.catalog().requireVersion(product, entry.currentMajor(), doing());
    RightsWorld world = documents.ofProduct(sharer.owner(), entry, version);
    TableRights table = world.table(product).orElseThrow();
    if (rows != null) {
      Predicate.parse(rows, table.schema(), doing());
    }
    Set<Permission> unlessSaid =
        columns.areAll() && rows == null
            ? Set.of(Permission.DESCRIBE, Permission.SELECT)
            : Set.of(Permission.SELECT);
    ColumnNames spelled = columns.in(table, doing());
    Granting granting = new Granting(session, sharer, doing(), now, terms.request(), policy, world);
    List<StoredGrant> wanted =
        terms.grantsAllowing(
            sharer,
            new GrantTarget.OfProduct(product),
            unlessSaid,
            spelled.only(),
            spelled.except(),
            Optional.ofNullable(rows));
    wanted.forEach(granting::add);
    return granting.proposal(
        "Grant " + product,
        product.toString(),
        List.of(entry.stored(), version.contractStored(), sharer.owner().stored()),
        List.of());
  }

  private String doing() {
    return "grant " + product;
  }
}
