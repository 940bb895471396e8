package io.meshwork.sharing;

import io.meshwork.access.Permission;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.predicate.Predicate;
import io.meshwork.internal.rights.GrantTarget;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.rights.RightsWorld;
import io.meshwork.internal.rights.StoredGrant;
import io.meshwork.internal.rights.TableRights;
import io.meshwork.internal.runtime.Arguments;
import io.meshwork.internal.session.Session;
import io.meshwork.internal.session.Target;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Grants a product, or some columns and rows of it. The owner grants to roles and accounts; an
 * account that was granted something with {@link #withGrantOption()} hands it on to its own roles
 * by the same verb. The same grant again is the same grant; another end or reason amends it. Gives
 * the grants, one for each grantee. A grant that does not go with what is granted already, a column
 * that is not in the contract and a filter that breaks its language are refused. One thread;
 * committed once.
 */
public final class GrantByName implements GrantOperation<GrantByName> {
  private final Session session;
  private final ProductName product;
  private final GrantTerms<GrantByName> terms = new GrantTerms<>(this);
  private final RightsChange<List<GrantCard>> change;
  private List<String> columns = List.of();
  private List<String> exceptColumns = List.of();
  private @Nullable String rows;

  private GrantByName(Session session, ProductName product) {
    this.session = session;
    this.product = product;
    this.change = new RightsChange<>(session, doing(), this::proposal);
  }

  /** Called by {@code MeshClient.grant}. */
  public static GrantByName of(Session session, @Nullable CharSequence product) {
    return new GrantByName(session, Target.produced(session, product, "grant"));
  }

  /** Only these top-level columns. */
  public GrantByName columns(String... names) {
    columns = some("columns", names);
    return this;
  }

  /** All columns but these, those that come later too. */
  public GrantByName exceptColumns(String... names) {
    exceptColumns = some("exceptColumns", names);
    return this;
  }

  private static List<String> some(String parameter, String... names) {
    List<String> some = Arguments.all(parameter, names);
    if (some.isEmpty()) {
      throw Arguments.refused(parameter, "is empty", "Name a column, or leave it out.");
    }
    return some;
  }

  /** Only rows for which this is true, such as {@code country = 'SE'}, in the filter language. */
  public GrantByName rows(String filter) {
    rows = Arguments.given("rows", filter).strip();
    return this;
  }

  @Override
  public GrantTerms<GrantByName> terms() {
    return terms;
  }

  @Override
  public RightsChange<List<GrantCard>> change() {
    return change;
  }

  private Proposal<List<GrantCard>> proposal(RightsDocuments documents, Instant now) {
    terms.check(doing(), now);
    ProductEntry entry = session.catalog().requireProduct(product, doing());
    Sharer sharer = Sharer.of(session, product.domain(), doing());
    Granting granting = new Granting(documents, sharer, doing(), now);
    VersionEntry version = session.catalog().requireVersion(product, entry.currentMajor(), doing());
    RightsWorld world = documents.ofProduct(sharer.owner(), entry, version);
    TableRights table = world.table(product).orElseThrow();
    if (rows != null) {
      Predicate.parse(rows, table.schema(), doing());
    }
    Set<Permission> unlessSaid =
        columns.isEmpty() && exceptColumns.isEmpty() && rows == null
            ? Set.of(Permission.DESCRIBE, Permission.SELECT)
            : Set.of(Permission.SELECT);
    List<StoredGrant> wanted =
        terms.grantsAllowing(
            sharer,
            new GrantTarget.OfProduct(product),
            unlessSaid,
            known(columns, table),
            known(exceptColumns, table),
            Optional.ofNullable(rows));
    for (StoredGrant grant : wanted) {
      granting.add(grant, world);
    }
    return granting.proposal(
        "Grant " + product,
        sharer.owns() ? Keys.partition(product) : Keys.partition(sharer.writes()),
        product.toString(),
        Reach.of(product),
        List.of(entry.stored(), version.contractStored(), sharer.owner().stored()),
        List.of());
  }

  /** The columns in the contract's spelling and order. */
  private List<String> known(List<String> names, TableRights table) {
    List<String> unknown = new ArrayList<>(names);
    List<String> known = new ArrayList<>();
    for (String column : table.columns()) {
      if (unknown.removeIf(column::equalsIgnoreCase)) {
        known.add(column);
      }
    }
    if (!unknown.isEmpty() || (!columns.isEmpty() && !exceptColumns.isEmpty())) {
      String what =
          unknown.isEmpty()
              ? "columns(..) and exceptColumns(..) were both said"
              : "it has no columns " + unknown + "; it has " + table.columns();
      throw new InvalidRequestException(
          ErrorCode.INVALID_ARGUMENT,
          "Cannot "
              + doing()
              + ": "
              + what
              + ". Nothing was changed. Name top-level columns, one"
              + " way or the other.",
          List.of(
              Finding.error(
                  "UNKNOWN_COLUMN", unknown.toString(), what + ".", "Name columns it has.")));
    }
    return known;
  }

  private String doing() {
    return "grant " + product;
  }
}
