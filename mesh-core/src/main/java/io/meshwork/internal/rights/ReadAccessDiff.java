package io.meshwork.internal.rights;

import io.meshwork.access.AccessPlan.AccessChange;
import io.meshwork.access.AccessPlan.RowScope;
import io.meshwork.access.Permission;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.lakeformation.AccessFacts.Account;
import io.meshwork.internal.lakeformation.AccessQuestion;
import io.meshwork.internal.lakeformation.AccessState;
import io.meshwork.internal.lakeformation.Grant;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.lakeformation.Resource;
import io.meshwork.internal.lakeformation.RowFilter;
import io.meshwork.internal.lakeformation.evaluation.AccessDecision;
import io.meshwork.internal.lakeformation.evaluation.AccessEvaluator;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Compares who can read what before and after a change. For an account, it evaluates a role that
 * gets everything the account has; no real role has its name. Not thread-safe.
 */
public final class ReadAccessDiff {
  /** The id of the grant by which an account passes on everything; no stored grant has it. */
  static final String REGRANT = "passed on";

  private static final String PLACEHOLDER = "+";
  private static final String OPEN = "the product is open to the mesh";

  private final ComparedRights before;
  private final ComparedRights after;
  private final Instant at;
  private final Map<String, Grantee> grantees = new LinkedHashMap<>();
  private final List<AccessChange> gains = new ArrayList<>();
  private final List<AccessChange> losses = new ArrayList<>();

  /**
   * All rights at one time.
   *
   * @param policies the grants and tags
   * @param isOpen true for products that are open to the mesh
   */
  public record ComparedRights(PolicySnapshot policies, Predicate<ProductName> isOpen) {
    /** True if everyone can read a column of all rows without a grant. */
    private boolean isOpen(TableRights table, String column) {
      return isOpen.test(table.product())
          && VersionEntry.openColumns(table.contract()).contains(column);
    }
  }

  /** What one grantee can read of a product by grants. */
  private record DecidedTable(ComparedRights rights, TableRights table, AccessDecision decision) {}

  private ReadAccessDiff(
      ComparedRights before, ComparedRights after, List<String> owners, Instant at) {
    this.before = before;
    this.after = after;
    this.at = at;
    Stream.concat(before.policies().grants().stream(), after.policies().grants().stream())
        .map(StoredGrant::to)
        .filter(to -> to.account().filter(owners::contains).isEmpty())
        .forEach(to -> grantees.put(AccessFormatter.grantee(to), to));
  }

  /**
   * Compares the rights on the data of a domain. Columns are matched by field id. No grantee gains
   * or loses what the whole mesh can read.
   *
   * @param owners the accounts of the domain, whose roles read everything without a grant
   */
  public static ReadAccessDiff between(
      ComparedRights before, ComparedRights after, List<String> owners, Instant at) {
    ReadAccessDiff diff = new ReadAccessDiff(before, after, owners, at);
    diff.compare();
    return diff;
  }

  /**
   * Adds what the whole mesh gains and loses on a product that is open to the mesh, without any
   * grant.
   *
   * @param gained the columns that every principal can read only after the change
   * @param lost the columns that every principal can read only before the change, by their names
   *     before
   */
  public ReadAccessDiff open(ProductName product, List<String> gained, List<String> lost) {
    if (!gained.isEmpty()) {
      gains.add(0, opened(product, gained));
    }
    if (!lost.isEmpty()) {
      losses.add(0, opened(product, lost));
    }
    return this;
  }

  /** Returns what the whole mesh gains when the product is opened to it. */
  public static AccessChange opened(ProductName product, List<String> columns) {
    return new AccessChange(
        AccessFormatter.MESH, product, Permission.SELECT, columns, RowScope.EVERY, OPEN);
  }

  /**
   * Merges what one grantee gains or loses on the major versions of a product: access changes that
   * differ only in the columns become one.
   */
  public static List<AccessChange> merged(List<AccessChange> ofVersions) {
    Map<AccessChange, Set<String>> columns = new LinkedHashMap<>();
    for (AccessChange each : ofVersions) {
      columns
          .computeIfAbsent(with(each, List.of()), kind -> new LinkedHashSet<>())
          .addAll(each.columns());
    }
    List<AccessChange> merged = new ArrayList<>();
    columns.forEach((kind, all) -> merged.add(with(kind, List.copyOf(all))));
    return merged;
  }

  private static AccessChange with(AccessChange change, List<String> columns) {
    return new AccessChange(
        change.who(),
        change.product(),
        change.permission(),
        columns,
        change.rows(),
        change.because());
  }

  /** Returns what is readable only after the change. */
  public List<AccessChange> gains() {
    return gains;
  }

  /** Returns what is readable only before the change, by the names before. */
  public List<AccessChange> losses() {
    return losses;
  }

  private void compare() {
    AccessEvaluator evaluatorBefore = evaluator(before.policies());
    AccessEvaluator evaluatorAfter = evaluator(after.policies());
    for (TableRights table : after.policies().tables()) {
      TableRights old = before.policies().table(table.product()).orElse(table);
      for (Map.Entry<String, Grantee> one : grantees.entrySet()) {
        AccessQuestion question =
            AccessQuestion.of(
                representative(one.getValue()),
                Permission.SELECT,
                after.policies().resource(table.product()),
                at);
        DecidedTable was = new DecidedTable(before, old, evaluatorBefore.decide(question));
        DecidedTable is = new DecidedTable(after, table, evaluatorAfter.decide(question));
        addChanges(one.getKey(), was, is, RowScope.FEWER, losses);
        addChanges(one.getKey(), is, was, RowScope.MORE, gains);
      }
    }
  }

  /** Adds what only the first decision permits: one access change for each kind of rows. */
  private static void addChanges(
      String who,
      DecidedTable one,
      DecidedTable other,
      RowScope ifBothPermit,
      List<AccessChange> to) {
    TableRights table = one.table();
    ProductColumns there = other.table().fields();
    Map<RowScope, List<String>> kinds = new EnumMap<>(RowScope.class);
    for (String column : table.columns()) {
      if (!one.decision().columns().contains(column)) {
        continue;
      }
      Optional<String> otherName = table.fields().nameIn(column, there);
      RowFilter rows = one.decision().permission().rowsOf(column);
      Optional<RowScope> kind = Optional.empty();
      if (otherName.filter(other.decision().columns()::contains).isEmpty()) {
        kind = Optional.of(rows.everyRow() ? RowScope.EVERY : RowScope.SOME);
      } else if (hasMoreRows(
          table.fields().conditionsFor(rows.alternatives(), there),
          other.decision().permission().rowsOf(otherName.get()).alternatives())) {
        kind = Optional.of(ifBothPermit);
      }
      kind.filter(
              any -> otherName.filter(name -> other.rights().isOpen(other.table(), name)).isEmpty())
          .ifPresent(scope -> kinds.computeIfAbsent(scope, each -> new ArrayList<>()).add(column));
    }
    kinds.forEach(
        (rows, columns) ->
            to.add(
                new AccessChange(
                    who,
                    table.product(),
                    Permission.SELECT,
                    columns,
                    rows,
                    String.join("; ", AccessFormatter.reasons(one.decision(), columns)))));
  }

  /**
   * Returns true if an alternative of the first filter is missing in the second, which may show
   * more rows.
   */
  private static boolean hasMoreRows(List<List<String>> one, List<List<String>> other) {
    return one.stream().anyMatch(each -> other.stream().noneMatch(each::containsAll));
  }

  /** Returns a role that gets everything the grantee has; no real role has its name. */
  private static Grantee representative(Grantee grantee) {
    String account = grantee.account().orElse(PLACEHOLDER);
    return grantee.kind() == Grantee.Kind.PRINCIPAL
        ? grantee
        : Grantee.of(
            "arn:aws:iam::"
                + account
                + ":role/"
                + PLACEHOLDER
                + (grantee.kind() == Grantee.Kind.ACCOUNT_PRINCIPALS ? PLACEHOLDER : ""));
  }

  private AccessEvaluator evaluator(PolicySnapshot snapshot) {
    AccessState.Builder state = snapshot.state(List.of()).toBuilder();
    state.accounts(
        Account.of(PLACEHOLDER, PolicySnapshot.accountActor(PLACEHOLDER).id())
            .in(PolicySnapshot.ORGANIZATION));
    for (Grantee one : grantees.values()) {
      if (one.kind() == Grantee.Kind.ACCOUNT || one.kind() == Grantee.Kind.ORGANIZATION) {
        for (TableRights table : snapshot.tables()) {
          Resource.Table on = snapshot.resource(table.product());
          state.grants(
              Grant.of(REGRANT, representative(one), on, Permission.SELECT)
                  .madeIn(one.account().orElse(PLACEHOLDER)));
        }
      }
    }
    return AccessEvaluator.over(state.build());
  }
}
