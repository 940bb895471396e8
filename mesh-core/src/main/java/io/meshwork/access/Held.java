package io.meshwork.access;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The grants that one grantee has on the resources of one account, by what they are on. */
final class Held {
  /** Nobody's. */
  static final Held NOTHING = new Held();

  private final Map<Object, List<HeldGrant>> on = new HashMap<>();
  private final List<HeldGrant> tablePolicies = new ArrayList<>();
  private final List<HeldGrant> databasePolicies = new ArrayList<>();
  private final List<HeldGrant> atLarge = new ArrayList<>();

  private boolean handsOn;

  /** Names all tables of a database, where the database itself names itself. */
  private record AllOf(DatabaseNode database) {}

  void addOn(Object node, HeldGrant grant) {
    on.computeIfAbsent(node, any -> new ArrayList<>(2)).add(grant);
    note(grant);
  }

  void addOnAllTables(DatabaseNode node, HeldGrant grant) {
    addOn(new AllOf(node), grant);
  }

  void addPolicy(Resource.PolicyType type, HeldGrant grant) {
    (type == Resource.PolicyType.TABLE ? tablePolicies : databasePolicies).add(grant);
    note(grant);
  }

  void addAtLarge(HeldGrant grant) {
    atLarge.add(grant);
    note(grant);
  }

  private void note(HeldGrant grant) {
    handsOn |=
        !grant.grant().grantable().isEmpty() || grant.grant().on() instanceof Resource.TagValues;
  }

  /** True if some of it may be handed on. */
  boolean handsOn() {
    return handsOn;
  }

  /** Grants that name a table, some of its columns, or a filter of it. */
  List<HeldGrant> on(TableNode table) {
    return on.getOrDefault(table, List.of());
  }

  List<HeldGrant> on(DatabaseNode database) {
    return on.getOrDefault(database, List.of());
  }

  List<HeldGrant> on(LinkNode link) {
    return on.getOrDefault(link, List.of());
  }

  List<HeldGrant> onAllTables(DatabaseNode database) {
    return on.isEmpty() ? List.of() : on.getOrDefault(new AllOf(database), List.of());
  }

  List<HeldGrant> tablePolicies() {
    return tablePolicies;
  }

  List<HeldGrant> databasePolicies() {
    return databasePolicies;
  }

  /** Grants on the catalog, on locations and on tags. */
  List<HeldGrant> atLarge() {
    return atLarge;
  }

  /** The tables that its grants name, alone or with all others of their database. */
  void collectNamedTables(Collection<TableNode> into) {
    for (Object node : on.keySet()) {
      if (node instanceof TableNode table) {
        into.add(table);
      } else if (node instanceof AllOf all) {
        into.addAll(all.database().tables().values());
      }
    }
  }
}
