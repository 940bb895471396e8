package io.meshwork.access;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decides on one table by grants and implicit rights, without IAM and the path to the data. */
final class TableJudge {
  private static final Set<Permission> EVERYTHING = Set.of(Permission.ALL);

  private final Standing standing;
  private final TableNode table;
  private final Permission action;

  /** A grant with what it gives here. */
  private record Given(HeldGrant grant, Gift gift) {}

  private TableJudge(Standing standing, TableNode table, Permission action) {
    this.standing = standing;
    this.table = table;
    this.action = action;
  }

  static Outcome judge(Standing standing, TableNode table, Permission action) {
    return new TableJudge(standing, table, action).judge();
  }

  /** Grants that name a table, alone or with all others of its database. */
  static Standing.Pick named(TableNode table) {
    return held -> both(held.on(table), held.onAllTables(table.in()));
  }

  /** Grants that name a table, and those by tags that may match it. */
  static Standing.Pick any(TableNode table) {
    Standing.Pick named = named(table);
    return held -> both(named.from(held), held.tablePolicies());
  }

  /** Grants of ALL to IAM's group on this very table, or on all tables of its database. */
  static List<HeldGrant> leftToIam(Standing standing, TableNode table) {
    List<HeldGrant> open = standing.leftToIam(named(table));
    open.removeIf(
        grant -> !grant.isOnWholeTable() || !grant.grant().permissions().contains(Permission.ALL));
    return open;
  }

  private Outcome judge() {
    Outcome outcome = new Outcome();
    List<HeldGrant> open = leftToIam(standing, table);
    boolean byIam = !open.isEmpty() && !standing.optedIn(table);
    if (byIam && !standing.foreign()) {
      open.forEach(outcome::allow);
      outcome.add(Pair.everything(table));
      return outcome;
    }
    byCreation(outcome);
    if (byIam) {
      if (!outcome.allowed()) {
        outcome.miss("OPT_IN");
      }
      return outcome;
    }
    if (action == Permission.DESCRIBE && standing.ownAdmin()) {
      outcome.allow("admin");
      outcome.add(Pair.everything(table));
    }
    byGrants(outcome);
    return outcome;
  }

  private void byCreation(Outcome outcome) {
    if (!HeldGrant.coversOnTable(EVERYTHING, action)) {
      return;
    }
    if (table.isCreator(standing.principal())) {
      outcome.allow("table-creator");
      outcome.add(Pair.everything(table));
    }
    if (standing.isAdminOf(table.foreignCreatorAccount())) {
      outcome.allow("creator-account-admin");
      outcome.add(Pair.everything(table));
    }
  }

  private void byGrants(Outcome outcome) {
    List<HeldGrant> direct = standing.direct(any(table));
    List<HeldGrant> local = standing.foreign() ? standing.local(any(table)) : List.of();
    boolean listsVoid = changes(direct) || changes(local);
    for (HeldGrant grant : direct) {
      Gift gift = gift(grant, listsVoid);
      if (gift == null) {
        continue;
      }
      if (standing.inForce(grant)) {
        outcome.allow(grant, gift.columns());
        outcome.add(Pair.of(gift));
      } else {
        outcome.miss("RAM_SHARE");
      }
    }
    if (standing.foreign()) {
      byDelegation(outcome, local, listsVoid);
    }
  }

  private void byDelegation(Outcome outcome, List<HeldGrant> local, boolean listsVoid) {
    List<Given> shared = new ArrayList<>();
    for (HeldGrant grant : standing.accountLevel(any(table))) {
      Gift gift = gift(grant, false);
      if (gift == null) {
        continue;
      }
      if (standing.inForce(grant)) {
        shared.add(new Given(grant, gift));
      } else {
        outcome.miss("RAM_SHARE");
      }
    }
    List<Given> handedOn = new ArrayList<>();
    for (HeldGrant grant : local) {
      Gift gift = gift(grant, listsVoid);
      if (gift != null) {
        handedOn.add(new Given(grant, gift));
      }
    }
    if (action == Permission.DESCRIBE && standing.recipientAdmin()) {
      for (Given share : shared) {
        outcome.allow("admin");
        outcome.allow(share.grant(), share.gift().columns());
        outcome.add(new Pair(share.gift().columns(), Set.of()));
      }
    }
    combine(outcome, shared, handedOn);
    if (!shared.isEmpty() && handedOn.isEmpty()) {
      outcome.miss("LOCAL_GRANT");
    } else if (shared.isEmpty() && !handedOn.isEmpty() && !outcome.misses("RAM_SHARE")) {
      outcome.miss("ACCOUNT_GRANT");
    }
  }

  private static void combine(Outcome outcome, List<Given> shared, List<Given> handedOn) {
    Set<Pair> seen = new HashSet<>();
    for (Given share : shared) {
      for (Given local : handedOn) {
        Pair pair = Pair.both(share.gift(), local.gift());
        if (!pair.columns().isEmpty()) {
          outcome.allow(share.grant(), pair.columns());
          outcome.allow(local.grant(), pair.columns());
          if (seen.add(pair)) {
            outcome.add(pair);
          }
        }
      }
    }
  }

  /** What a grant gives here, if the action is part of it. */
  private @Nullable Gift gift(HeldGrant grant, boolean listsVoid) {
    if (listsVoid && grant.isColumnList()) {
      return null;
    }
    Gift gift = Gift.of(grant, table, grant.grant().permissions());
    return gift != null && gift.gives(action) ? gift : null;
  }

  /**
   * True if one of the grants names the table and lets change it: then lists of columns are void.
   */
  private static boolean changes(List<HeldGrant> grants) {
    for (HeldGrant grant : grants) {
      if (grant.isOnWholeTable()) {
        Set<Permission> granted = grant.grant().permissions();
        if (granted.contains(Permission.ALL)
            || granted.contains(Permission.ALTER)
            || granted.contains(Permission.DROP)
            || granted.contains(Permission.INSERT)
            || granted.contains(Permission.DELETE)) {
          return true;
        }
      }
    }
    return false;
  }

  private static List<HeldGrant> both(List<HeldGrant> one, List<HeldGrant> other) {
    if (one.isEmpty()) {
      return other;
    } else if (other.isEmpty()) {
      return one;
    }
    List<HeldGrant> all = new ArrayList<>(one.size() + other.size());
    all.addAll(one);
    all.addAll(other);
    return all;
  }
}
