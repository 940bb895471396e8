package io.meshwork.internal.rights;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.access.Permission;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.rights.ProductColumns.BoundColumns;
import io.meshwork.internal.runtime.Sha256;
import io.meshwork.product.Classification;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Key;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * A grant as the registry stores it. Immutable.
 *
 * @param on the target
 * @param to the grantee
 * @param permissions the permissions
 * @param grantOption true if the grantee may grant it within its account
 * @param columns the included columns; empty for all
 * @param exceptColumns the excluded columns; empty for none
 * @param rows the row condition, which may hold values; empty for all rows
 * @param until the first instant at which it is no longer active
 * @param because the reason
 * @param authorizedBy the principal of the producer, or of the recipient that created it
 * @param executedBy the principal that wrote it
 * @param recipientAccount the account of the recipient that created it; empty if the owner created
 *     it
 * @param authorization the authorization under which it was created for the owner; empty if the
 *     owner or a recipient created it
 * @param request the request that its authorization is for; empty if there is none
 * @param fieldIds the field ids of the columns that it names
 * @param agreed the highest classification that was agreed; empty if it gives no read access
 * @param id its stored id; empty before it is written, when it follows from the rest
 */
public record StoredGrant(
    GrantTarget on,
    Grantee to,
    Set<Permission> permissions,
    boolean grantOption,
    List<String> columns,
    List<String> exceptColumns,
    Optional<String> rows,
    Optional<Instant> until,
    String because,
    String authorizedBy,
    String executedBy,
    Optional<String> recipientAccount,
    Optional<String> authorization,
    Optional<String> request,
    BoundColumns fieldIds,
    Optional<AgreedClassification> agreed,
    String id) {
  private static final int ID_LENGTH = 20;

  public StoredGrant {
    permissions = Set.copyOf(permissions);
    columns = List.copyOf(columns);
    exceptColumns = List.copyOf(exceptColumns);
  }

  /**
   * Returns the id, which does not depend on the end and the reason. A grant created under an
   * authorization never has the id of a grant by the owner, and so cannot amend one.
   */
  @Override
  public String id() {
    return id.isEmpty() ? hash("") : id;
  }

  /** Returns the key of the grant in the partitions of the owner. */
  public Key ownerKey() {
    return on instanceof GrantTarget.OfProduct productTarget
        ? RegistryKeys.grant(productTarget.product(), id())
        : RegistryKeys.grant(on.domain(), id());
  }

  private String hash(String more) {
    String content =
        String.join(
            "\n",
            on.toString(),
            to.id(),
            sortedPermissions().toString(),
            Boolean.toString(grantOption),
            columns.toString(),
            exceptColumns.toString(),
            rows.orElse(""),
            recipientAccount.orElse(""));
    return Sha256.hex(authorization.map(under -> content + "\n" + under).orElse(content) + more)
        .substring(0, ID_LENGTH);
  }

  /** Returns the grant as created for a request. */
  public StoredGrant forRequest(Optional<String> id) {
    return changed(copy -> copy.request = id);
  }

  /** Returns the grant as created for the owner under an authorization. */
  public StoredGrant under(StoredAuthorization parent, String executor) {
    return changed(
        copy -> {
          copy.authorizedBy = parent.authorizedBy();
          copy.executedBy = executor;
          copy.recipientAccount = Optional.empty();
          copy.authorization = Optional.of(parent.id());
          copy.id = "";
        });
  }

  /** Returns the grant as another executor has it under its own authorization, with its id. */
  public StoredGrant keptUnder(StoredAuthorization parent, String executor) {
    String id = id();
    return forRequest(parent.request()).under(parent, executor).withId(id);
  }

  /** Returns the granted product; empty if the grant is on the domain. */
  public Optional<ProductName> product() {
    return on instanceof GrantTarget.OfProduct productTarget
        ? Optional.of(productTarget.product())
        : Optional.empty();
  }

  /** Returns true if a principal of this account wrote it. */
  public boolean isBy(String account) {
    return executedBy.startsWith(account + "/");
  }

  /** Returns the grant with the field ids of a product's columns. */
  public StoredGrant bind(ProductColumns product) {
    return with(
        columns,
        exceptColumns,
        rows,
        product.bind(Stream.concat(columns.stream(), exceptColumns.stream()).toList(), rows),
        id);
  }

  /** Returns the grant with current column names and its id. */
  public StoredGrant withCurrentNames(ProductColumns product) {
    return with(
            product.currentNames(columns, fieldIds, false),
            product.currentNames(exceptColumns, fieldIds, true),
            product.currentCondition(rows, fieldIds),
            fieldIds,
            id())
        .bind(product);
  }

  /** Returns the grant with another id, under which it was stored before. */
  public StoredGrant withId(String id) {
    return with(columns, exceptColumns, rows, fieldIds, id);
  }

  /** Returns the grant with its condition as a principal may see it. */
  public StoredGrant withShownRows(UnaryOperator<String> shown) {
    return with(columns, exceptColumns, rows.map(shown), fieldIds, id());
  }

  /** Returns the grant with an id from its field ids, for names that other columns have used. */
  public StoredGrant withIdOfFieldIds() {
    return withId(hash("\n" + fieldIds.text()));
  }

  /**
   * Returns the grant with an id of its executor's account, because executors of two accounts may
   * have created the same grant under one authorization.
   */
  public StoredGrant withIdOfExecutor() {
    return withId(hash("\n@" + executedBy.substring(0, executedBy.indexOf('/'))));
  }

  private StoredGrant with(
      List<String> only,
      List<String> except,
      Optional<String> condition,
      BoundColumns ids,
      String newId) {
    return changed(
        copy -> {
          copy.columns = only;
          copy.exceptColumns = except;
          copy.rows = condition;
          copy.bound = ids;
          copy.id = newId;
        });
  }

  /** Returns the highest classification of a product's data that was agreed with the grant. */
  public Optional<Classification> agreedOn(ProductName product) {
    return agreed.map(risk -> risk.on(product));
  }

  /** Returns the grant with another agreed classification. */
  public StoredGrant withAgreed(Optional<AgreedClassification> risk) {
    return changed(copy -> copy.agreed = risk);
  }

  /** Returns the grant on another target, with its id. */
  StoredGrant withTarget(GrantTarget target) {
    return changed(
        copy -> {
          copy.on = target;
          copy.id = id();
        });
  }

  /** Returns the grant with fewer permissions and columns, with its id. */
  StoredGrant reduced(Set<Permission> fewer, List<String> only, List<String> except) {
    return changed(
        copy -> {
          copy.permissions = fewer;
          copy.columns = only;
          copy.exceptColumns = except;
          copy.id = id();
        });
  }

  private StoredGrant changed(Consumer<Copy> change) {
    Copy copy = new Copy(this);
    change.accept(copy);
    return copy.grant();
  }

  /** A mutable copy of a grant. Grantee and end are fixed. */
  private static final class Copy {
    private final StoredGrant original;
    private GrantTarget on;
    private Set<Permission> permissions;
    private List<String> columns;
    private List<String> exceptColumns;
    private Optional<String> rows;
    private String authorizedBy;
    private String executedBy;
    private Optional<String> recipientAccount;
    private Optional<String> authorization;
    private Optional<String> request;
    private BoundColumns bound;
    private Optional<AgreedClassification> agreed;
    private String id;

    Copy(StoredGrant original) {
      this.original = original;
      this.on = original.on;
      this.permissions = original.permissions;
      this.columns = original.columns;
      this.exceptColumns = original.exceptColumns;
      this.rows = original.rows;
      this.authorizedBy = original.authorizedBy;
      this.executedBy = original.executedBy;
      this.recipientAccount = original.recipientAccount;
      this.authorization = original.authorization;
      this.request = original.request;
      this.bound = original.fieldIds;
      this.agreed = original.agreed;
      this.id = original.id;
    }

    StoredGrant grant() {
      return new StoredGrant(
          on,
          original.to,
          permissions,
          original.grantOption,
          columns,
          exceptColumns,
          rows,
          original.until,
          original.because,
          authorizedBy,
          executedBy,
          recipientAccount,
          authorization,
          request,
          bound,
          agreed,
          id);
    }
  }

  /** Returns true before its end. */
  public boolean isInForce(Instant at) {
    return until.isEmpty() || at.isBefore(until.get());
  }

  /** Returns true if it is to this grantee, to its account, or to the whole mesh. */
  public boolean appliesTo(Grantee grantee) {
    return to.equals(grantee)
        || to.kind() == Grantee.Kind.ORGANIZATION
        || (to.kind() != Grantee.Kind.PRINCIPAL && to.account().equals(grantee.account()));
  }

  /** Returns true if it lists or does not exclude a column. */
  public boolean includes(String column) {
    return (columns.isEmpty() || columns.contains(column)) && !exceptColumns.contains(column);
  }

  /** Returns true if it is limited to some columns or rows. */
  public boolean isPartial() {
    return !columns.isEmpty() || !exceptColumns.isEmpty() || rows.isPresent();
  }

  /** The grant with sorted columns and a normalized row condition. */
  private StoredGrant normalized(ProductColumns product) {
    return with(
        columns.stream().sorted().toList(),
        exceptColumns.stream().sorted().toList(),
        product.normalized(rows),
        fieldIds,
        id);
  }

  /**
   * Returns true if both name the same columns and rows.
   *
   * @param other with current column names, like this one
   * @param product the columns of the product that both are on
   */
  public boolean hasSameColumnsAndRows(StoredGrant other, ProductColumns product) {
    return normalized(product).hasEqualColumnsAndRows(other.normalized(product));
  }

  private boolean hasEqualColumnsAndRows(StoredGrant other) {
    return columns.equals(other.columns)
        && exceptColumns.equals(other.exceptColumns)
        && rows.equals(other.rows);
  }

  /**
   * Returns true if both give the same on the same target to the same grantee.
   *
   * @param other with current column names, like this one
   * @param product the columns of the product that both are on; empty if they are not on a single
   *     product
   */
  public boolean grantsSameAs(StoredGrant other, Optional<ProductColumns> product) {
    return on.equals(other.on)
        && to.equals(other.to)
        && permissions.equals(other.permissions)
        && grantOption == other.grantOption
        && recipientAccount.equals(other.recipientAccount)
        && authorization.equals(other.authorization)
        && product
            .map(columns -> hasSameColumnsAndRows(other, columns))
            .orElseGet(() -> hasEqualColumnsAndRows(other));
  }

  /** Returns the permissions in alphabetical order. */
  public List<Permission> sortedPermissions() {
    return permissions.stream().sorted().toList();
  }

  /** Returns true if at most the writer differs. */
  public boolean isUnchangedBy(StoredGrant other) {
    return id().equals(other.id())
        && until.equals(other.until)
        && because.equals(other.because)
        && agreed.equals(other.agreed);
  }

  public ObjectNode json() {
    return DocumentCodec.of(StoredGrant.class).write(this, Optional.empty());
  }

  public static StoredGrant of(VersionedDocument stored) {
    return DocumentCodec.of(StoredGrant.class).read(stored);
  }
}
