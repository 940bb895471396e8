package io.meshwork.internal.change;

import io.meshwork.contract.Contract;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.rights.AccessFormatter;
import io.meshwork.internal.rights.GrantScope;
import io.meshwork.internal.rights.PolicySnapshot;
import io.meshwork.internal.rights.ProductColumns;
import io.meshwork.internal.rights.ProductColumns.BoundColumns;
import io.meshwork.internal.rights.ReadAccessDiff;
import io.meshwork.internal.rights.ReadAccessDiff.ComparedRights;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.rights.StoredAuthorization;
import io.meshwork.internal.rights.StoredGrant;
import io.meshwork.internal.rights.TableRights;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.operation.Plan.Step;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Key;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;

/**
 * The effect of an amendment on access to a product: who gains and loses access, which rights refer
 * to renamed columns, and which prevent a column from being dropped. For one thread.
 */
final class AmendmentAccessChange {
  private final DomainEntry domain;
  private final ProductEntry entry;
  private final VersionEntry current;
  private final RightsDocuments documents;
  private final Map<Key, Optional<VersionedDocument>> policies;
  private final ProductColumns before;
  private final ProductColumns after;
  private final Contract next;
  private final Instant now;
  private Optional<Policies> changed = Optional.empty();

  /**
   * Creates the access change of an amendment.
   *
   * @param table the current columns of the table
   * @param nextTable its columns after the amendment
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
    // Read before all other documents of rights, and checked when the amendment is committed.
    this.policies = documents.policies(entry.name());
    this.now = session.runtime().clock().instant();
    this.before = new ProductColumns(current.major(), table);
    this.after = new ProductColumns(current.major(), nextTable);
  }

  /** The documents that change with all rights on the product; empty before the first change. */
  Map<Key, Optional<VersionedDocument>> policies() {
    return policies;
  }

  /** The rights before and after the amendment. */
  private record Policies(PolicySnapshot before, PolicySnapshot after) {}

  /** The rights, read once; empty if no right gives more or less than before. */
  private Optional<Policies> changed() {
    if (changed.isEmpty() && !decidesTheSame()) {
      changed =
          Optional.of(
              new Policies(
                  documents.ofProduct(domain, entry, current.contract(), before),
                  documents.ofProduct(domain, entry, next, after)));
    }
    return changed;
  }

  /** True if the columns, their types, and classifications stay, on which alone rights depend. */
  private boolean decidesTheSame() {
    Map<Integer, String> names = before.schema().idToName();
    return names.equals(after.schema().idToName())
        && names.keySet().stream()
            .filter(id -> before.schema().findType(id).isPrimitiveType())
            .allMatch(id -> before.schema().findType(id).equals(after.schema().findType(id)))
        && current.contract().classification() == next.classification()
        && before.schema().columns().stream()
            .map(Types.NestedField::name)
            .allMatch(
                name -> current.contract().classificationOf(name) == next.classificationOf(name));
  }

  /** Who gains and loses access; empty if it is the same. */
  Optional<ReadAccessDiff> diff() {
    return changed().map(this::diff);
  }

  private ReadAccessDiff diff(Policies policies) {
    ReadAccessDiff diff =
        ReadAccessDiff.between(
            new ComparedRights(policies.before(), product -> entry.openToMesh()),
            new ComparedRights(policies.after(), product -> entry.openToMesh()),
            domain.domain().accounts(),
            now);
    if (!entry.openToMesh()) {
      return diff;
    }
    List<String> openBefore = VersionEntry.openColumns(current.contract());
    List<String> openAfter = VersionEntry.openColumns(next);
    return diff.open(
        entry.name(),
        without(openAfter, after.schema(), ids(openBefore, before.schema())),
        without(openBefore, before.schema(), ids(openAfter, after.schema())));
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

  /** The grants that the amendment restricts because columns become more sensitive. */
  List<Finding> withheld() {
    return changed()
        .map(each -> withheld(Optional.of(each.before()), each.after(), entry.name()))
        .orElse(List.of());
  }

  /**
   * The grants that give fewer columns than before because of the columns' classification.
   *
   * @param before the rights before; empty for a new product
   */
  static List<Finding> withheld(
      Optional<PolicySnapshot> before, PolicySnapshot after, ProductName product) {
    List<Finding> findings = new ArrayList<>();
    TableRights table = after.table(product).orElseThrow();
    Map<String, Set<Integer>> allBefore =
        before.map(each -> withheld(each, product)).orElse(Map.of());
    for (StoredGrant grant : after.grants()) {
      Set<Integer> withheldBefore = allBefore.getOrDefault(grant.id(), Set.of());
      List<String> columns =
          after.withheld(grant, table).stream()
              .filter(
                  column -> !withheldBefore.contains(table.schema().findField(column).fieldId()))
              .toList();
      if (!columns.isEmpty()) {
        findings.add(
            new Finding(
                FindingCode.COLUMNS_WITHHELD,
                Finding.Severity.WARNING,
                product.toString(),
                "Grant "
                    + grant.id()
                    + " to "
                    + AccessFormatter.grantee(grant.to())
                    + " was created for less sensitive data, so it "
                    + (Collections.disjoint(table.fields().revealedBy(grant.rows()), columns)
                        ? "does not cover "
                        : "gives nothing while its condition names ")
                    + String.join(", ", columns)
                    + ".",
                columns.size(),
                List.of(),
                "To cover these columns, grant again with includeSensitive()."));
      }
    }
    return findings;
  }

  /** The IDs of the withheld columns, by the ID of the grant. */
  private static Map<String, Set<Integer>> withheld(PolicySnapshot policy, ProductName product) {
    TableRights table = policy.table(product).orElseThrow();
    Map<String, Set<Integer>> withheld = new HashMap<>();
    for (StoredGrant grant : policy.grants()) {
      for (String column : policy.withheld(grant, table)) {
        withheld
            .computeIfAbsent(grant.id(), first -> new TreeSet<>())
            .add(table.schema().findField(column).fieldId());
      }
    }
    return withheld;
  }

  /** The rights that refer to dropped columns and so prevent the amendment. */
  List<Finding> obstacles() {
    List<Finding> findings = new ArrayList<>();
    rightsByColumn(true)
        .forEach(
            (column, rights) ->
                findings.add(
                    Finding.error(
                        FindingCode.COLUMN_IN_USE_BY_RIGHTS,
                        column,
                        "Column "
                            + column
                            + " would be dropped, and rights refer to it: "
                            + String.join(", ", rights)
                            + ".",
                        "Change them first: revoke and grant again without the column, withdraw"
                            + " authorizations, and remove tags with"
                            + " access().tag(..).remove(..).")));
    return findings;
  }

  /** The rights that refer to renamed columns. */
  List<Step> renamedColumns() {
    List<Step> steps = new ArrayList<>();
    rightsByColumn(false)
        .forEach(
            (column, rights) -> {
              String name =
                  after.schema().findColumnName(before.schema().findField(column).fieldId());
              if (!column.equals(name)) {
                steps.add(
                    new Step(
                        "keep rights",
                        entry.name().toString(),
                        "rights on "
                            + column
                            + " become rights on "
                            + name
                            + ": "
                            + String.join(", ", rights),
                        ""));
              }
            });
    return steps;
  }

  /** The rights by the column that they refer to: of dropped columns, or of the others. */
  private Map<String, Set<String>> rightsByColumn(boolean dropped) {
    Map<String, Set<String>> rights = new TreeMap<>();
    if (before.schema().idToName().entrySet().stream()
        .noneMatch(column -> isAffected(column.getKey(), column.getValue(), dropped))) {
      return rights;
    }
    PolicySnapshot policy = documents.withoutRecipients(domain, entry, current);
    for (StoredGrant stored : documents.grants(entry.name())) {
      StoredGrant grant = stored.withCurrentNames(before);
      if (stored.until().filter(end -> !now.isBefore(end)).isEmpty()) {
        List<String> columns = new ArrayList<>(grant.exceptColumns());
        if (!dropped) {
          columns.addAll(grant.columns());
        }
        add(
            before.bind(columns, grant.rows()),
            "grant " + grant.id() + " to " + AccessFormatter.grantee(grant.to()),
            dropped,
            rights);
      }
    }
    for (TableRights table : policy.tables()) {
      table
          .columnTags()
          .forEach(
              (column, tags) ->
                  add(
                      before.bind(List.of(column), Optional.empty()),
                      "tags " + new TreeMap<>(tags),
                      dropped,
                      rights));
    }
    for (StoredAuthorization authorization : authorizations()) {
      GrantScope scope = authorization.scope();
      List<String> columns = new ArrayList<>(scope.columns());
      columns.addAll(scope.exceptColumns());
      add(
          before.bind(columns, scope.rows()),
          "authorization " + authorization.id(),
          dropped,
          rights);
    }
    return rights;
  }

  /** True if a column is dropped, or renamed. */
  private boolean isAffected(int id, String name, boolean dropped) {
    String nameAfter = after.schema().findColumnName(id);
    return dropped ? nameAfter == null : nameAfter != null && !nameAfter.equals(name);
  }

  private Collection<StoredAuthorization> authorizations() {
    return documents.authorizations(entry.name()).values().stream()
        .filter(authorization -> authorization.isInForce(now))
        .filter(
            authorization -> authorization.scope().on().toString().equals(entry.name().toString()))
        .toList();
  }

  private void add(
      BoundColumns columns, String right, boolean dropped, Map<String, Set<String>> rights) {
    columns
        .ids(current.major())
        .forEach(
            (name, id) -> {
              Types.NestedField field = after.schema().findField(id);
              if ((field == null) == dropped) {
                rights.computeIfAbsent(name, each -> new TreeSet<>()).add(right);
              }
            });
  }
}
