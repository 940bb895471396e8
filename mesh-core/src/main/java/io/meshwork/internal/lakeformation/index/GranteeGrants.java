package io.meshwork.internal.lakeformation.index;

import io.meshwork.internal.lakeformation.Resource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The grants of one grantee on the resources of one account, by resource. */
public final class GranteeGrants {
  /** No grants. */
  static final GranteeGrants EMPTY = new GranteeGrants();

  private final Map<Object, List<IndexedGrant>> on = new HashMap<>();
  private final List<IndexedGrant> tablePolicies = new ArrayList<>();
  private final List<IndexedGrant> databasePolicies = new ArrayList<>();
  private final List<IndexedGrant> otherGrants = new ArrayList<>();

  private boolean hasGrantOption;

  /** The key of grants on all tables of a database; the node itself is the key of the database. */
  private record AllOf(DatabaseNode database) {}

  void addOn(Object node, IndexedGrant grant) {
    on.computeIfAbsent(node, any -> new ArrayList<>(2)).add(grant);
    add(grant);
  }

  void addOnAllTables(DatabaseNode node, IndexedGrant grant) {
    addOn(new AllOf(node), grant);
  }

  void addPolicy(Resource.PolicyType type, IndexedGrant grant) {
    (type == Resource.PolicyType.TABLE ? tablePolicies : databasePolicies).add(grant);
    add(grant);
  }

  void addOther(IndexedGrant grant) {
    otherGrants.add(grant);
    add(grant);
  }

  private void add(IndexedGrant grant) {
    hasGrantOption |=
        !grant.grant().grantable().isEmpty() || grant.grant().on() instanceof Resource.TagValues;
  }

  boolean hasGrantOption() {
    return hasGrantOption;
  }

  /** Grants that name a table, some of its columns, or one of its filters. */
  public List<IndexedGrant> on(TableNode table) {
    return on.getOrDefault(table, List.of());
  }

  public List<IndexedGrant> on(DatabaseNode database) {
    return on.getOrDefault(database, List.of());
  }

  public List<IndexedGrant> on(LinkNode link) {
    return on.getOrDefault(link, List.of());
  }

  public List<IndexedGrant> onAllTables(DatabaseNode database) {
    return on.isEmpty() ? List.of() : on.getOrDefault(new AllOf(database), List.of());
  }

  public List<IndexedGrant> tablePolicies() {
    return tablePolicies;
  }

  public List<IndexedGrant> databasePolicies() {
    return databasePolicies;
  }

  /** Grants on catalogs, locations and tags. */
  public List<IndexedGrant> otherGrants() {
    return otherGrants;
  }

  /** Adds the tables that grants name, directly or as all tables of their database. */
  public void collectNamedTables(Collection<TableNode> into) {
    for (Object node : on.keySet()) {
      if (node instanceof TableNode table) {
        into.add(table);
      } else if (node instanceof AllOf all) {
        into.addAll(all.database().tables().values());
      }
    }
  }
}
