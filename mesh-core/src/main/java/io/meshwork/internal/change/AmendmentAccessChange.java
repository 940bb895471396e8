package io.meshwork.internal.change;

import io.meshwork.contract.Contract;
import io.meshwork.error.Finding;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.rights.AccessFormatter;
import io.meshwork.internal.rights.GrantScope;
import io.meshwork.internal.rights.PolicySnapshot;
import io.meshwork.internal.rights.ProductColumns;
import io.meshwork.internal.rights.ProductColumns.BoundColumns;
import io.meshwork.internal.rights.ProductColumns.FormerNames;
import io.meshwork.internal.rights.ReadAccessDiff;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.rights.StoredAuthorization;
import io.meshwork.internal.rights.StoredGrant;
import io.meshwork.internal.rights.TableRights;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.operation.Plan.Step;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;

/**
 * What becomes of the rights in a product when its contract is amended: who gains and loses what,
 * which rights go on under other names, and which stand in the way of a column that is dropped.
 */
final class AmendmentAccessChange {
  private final DomainEntry domain;
  private final ProductEntry entry;
  private final VersionEntry current;
  private final RightsDocuments documents;
  private final Optional<VersionedDocument> policy;
  private final ProductColumns before;
  private final ProductColumns after;
  private final Contract next;
  private final Instant now;

  /**
   * Of an amendment.
   *
   * @param table the columns that the table has, with their ids
   * @param nextTable the columns that it has then
   */
  AmendmentAccessChange(
      ClientSession session,
      DomainEntry domain,
      ProductEntry entry,
      VersionEntry current,
      Contract next,
      Schema table,
      Schema nextTable) {
    this.domain = domain;
    this.entry = entry;
    this.current = current;
    this.next = next;
    this.documents = session.rights().with(Map.of());
    // Read before anything else of rights, and checked when it is committed.
    this.policy = documents.policy(entry.name().domain());
    this.now = session.runtime().clock().instant();
    ProductColumns known = documents.columns(entry.name(), current);
    Optional<FormerNames> former =
        known.identified()
            ? known.former()
            : Optional.of(new FormerNames(table, current.contract()));
    this.before = new ProductColumns(current.major(), table, true, former);
    this.after = new ProductColumns(current.major(), nextTable, true, former);
  }

  /** The document that tells of each change of rights in the domain; empty if there was none. */
  Optional<VersionedDocument> policy() {
    return policy;
  }

  /** Who gains and loses what. */
  ReadAccessDiff shifts() {
    ReadAccessDiff shifts =
        ReadAccessDiff.between(
            documents.ofProduct(domain, entry, current.contract(), before),
            documents.ofProduct(domain, entry, next, after),
            now);
    if (!entry.openToMesh()) {
      return shifts;
    }
    List<String> were = VersionEntry.openColumns(current.contract());
    List<String> then = VersionEntry.openColumns(next);
    return shifts.open(
        entry.name(),
        without(then, after.schema(), ids(were, before.schema())),
        without(were, before.schema(), ids(then, after.schema())));
  }

  private static Set<Integer> ids(List<String> columns, Schema schema) {
    Set<Integer> ids = new TreeSet<>();
    columns.forEach(column -> ids.add(schema.findField(column).fieldId()));
    return ids;
  }

  private static List<String> without(List<String> columns, Schema schema, Set<Integer> ids) {
    return columns.stream()
        .filter(column -> !ids.contains(schema.findField(column).fieldId()))
        .toList();
  }

  /** The grants of which columns are withheld then that are not withheld now. */
  List<Finding> withheld() {
    PolicySnapshot were = documents.ofProduct(domain, entry, current.contract(), before);
    return withheld(
        Optional.of(were), documents.ofProduct(domain, entry, next, after), entry.name());
  }

  /**
   * The grants of which columns of a product are withheld then.
   *
   * @param were the rights before; empty if there was no such product
   */
  static List<Finding> withheld(
      Optional<PolicySnapshot> were, PolicySnapshot then, ProductName product) {
    List<Finding> findings = new ArrayList<>();
    TableRights table = then.table(product).orElseThrow();
    for (StoredGrant grant : then.grants()) {
      Set<Integer> already = new TreeSet<>();
      were.ifPresent(
          world -> {
            TableRights old = world.table(product).orElseThrow();
            world.grants().stream()
                .filter(each -> each.id().equals(grant.id()))
                .flatMap(each -> world.withheld(each, old).stream())
                .forEach(column -> already.add(old.schema().findField(column).fieldId()));
          });
      List<String> columns =
          then.withheld(grant, table).stream()
              .filter(column -> !already.contains(table.schema().findField(column).fieldId()))
              .toList();
      if (!columns.isEmpty()) {
        findings.add(
            new Finding(
                "WITHHELD",
                Finding.Severity.WARNING,
                product.toString(),
                "Grant "
                    + grant.id()
                    + " to "
                    + AccessFormatter.grantee(grant.to())
                    + " was agreed for data less sensitive than "
                    + String.join(", ", columns)
                    + ", which it does not give.",
                columns.size(),
                List.of(),
                "Grant it again with includingSensitive() if that is meant."));
      }
    }
    return findings;
  }

  /** What stands in the way of columns that are dropped: rights that are about them. */
  List<Finding> obstacles() {
    List<Finding> findings = new ArrayList<>();
    named(true)
        .forEach(
            (column, rights) ->
                findings.add(
                    Finding.error(
                        "RIGHTS_NAME_COLUMN",
                        column,
                        "Column "
                            + column
                            + " would go, and rights name it: "
                            + String.join(", ", rights)
                            + ".",
                        "Move them first: revoke and grant anew without the column, withdraw"
                            + " authorizations, and take tags away with tag(..).without(..).")));
    return findings;
  }

  /** Which rights go on naming a column under its new name. */
  List<Step> kept() {
    List<Step> steps = new ArrayList<>();
    named(false)
        .forEach(
            (column, rights) -> {
              String name =
                  after.schema().findColumnName(before.schema().findField(column).fieldId());
              if (!column.equals(name)) {
                steps.add(
                    new Step(
                        "keep rights",
                        entry.name().toString(),
                        "what names "
                            + column
                            + " names "
                            + name
                            + " then: "
                            + String.join(", ", rights),
                        ""));
              }
            });
    return steps;
  }

  /** The rights that name columns which stay, or go. */
  private Map<String, Set<String>> named(boolean going) {
    Map<String, Set<String>> named = new TreeMap<>();
    if (before.schema().idToName().entrySet().stream()
        .noneMatch(column -> concerns(column.getKey(), column.getValue(), going))) {
      return named;
    }
    PolicySnapshot world = documents.ofProduct(domain, entry, current, List.of());
    for (StoredGrant grant : documents.grants(entry.name())) {
      StoredGrant there = grant.withCurrentNames(before);
      if (grant.until().filter(end -> !now.isBefore(end)).isEmpty()) {
        List<String> columns = new ArrayList<>(there.exceptColumns());
        if (!going) {
          columns.addAll(there.columns());
        }
        put(
            before.bind(columns, there.rows()),
            "grant " + there.id() + " to " + AccessFormatter.grantee(there.to()),
            going,
            named);
      }
    }
    for (TableRights table : world.tables()) {
      table
          .columnTags()
          .forEach(
              (column, tags) ->
                  put(
                      before.bind(List.of(column), Optional.empty()),
                      "tags " + new TreeMap<>(tags),
                      going,
                      named));
    }
    for (StoredAuthorization given : authorizations()) {
      GrantScope scope = given.scope();
      List<String> columns = new ArrayList<>(scope.columns());
      columns.addAll(scope.exceptColumns());
      put(before.bind(columns, scope.rows()), "authorization " + given.id(), going, named);
    }
    return named;
  }

  /** True if a column goes, or is called otherwise. */
  private boolean concerns(int id, String name, boolean going) {
    String then = after.schema().findColumnName(id);
    return going ? then == null : then != null && !then.equals(name);
  }

  private Collection<StoredAuthorization> authorizations() {
    return documents.authorizations(entry.name()).values().stream()
        .filter(given -> given.isInForce(now))
        .filter(given -> given.scope().on().toString().equals(entry.name().toString()))
        .toList();
  }

  private void put(
      BoundColumns columns, String right, boolean going, Map<String, Set<String>> named) {
    columns
        .ids()
        .forEach(
            (name, id) -> {
              Types.NestedField field = after.schema().findField(id);
              if ((field == null) == going) {
                named.computeIfAbsent(name, each -> new TreeSet<>()).add(right);
              }
            });
  }
}
