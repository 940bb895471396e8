package io.meshwork.internal.rights;

import io.meshwork.access.Permission;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.lakeformation.AccessFacts.Database;
import io.meshwork.internal.lakeformation.AccessFacts.Table;
import io.meshwork.internal.lakeformation.Grant;
import io.meshwork.internal.lakeformation.Resource;
import io.meshwork.internal.lakeformation.Resource.PolicyType;
import io.meshwork.internal.lakeformation.TagExpression;
import io.meshwork.internal.lakeformation.evaluation.AccessEvaluator;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The grants that an administrator of a recipient may make in Lake Formation. A grant on several
 * tables that is not permitted, because the owner shares it in another way, is made on each table.
 * Immutable.
 */
final class RecipientGrants {
  private final AccessEvaluator owner;
  private final Instant now;

  /**
   * Creates the rules.
   *
   * @param owner evaluates the state with the grants of the owner
   * @param now the time at which grants must be active
   */
  RecipientGrants(AccessEvaluator owner, Instant now) {
    this.owner = owner;
    this.now = now;
  }

  /** Returns why a grant is not permitted unchanged. */
  FindingCode fault(Grant grant) {
    return owner
        .mayGrant(PolicySnapshot.accountActor(grant.grantor()), grant, now)
        .orElse(FindingCode.NOT_GRANTABLE);
  }

  /** Returns what is permitted of a grant. */
  List<Grant> permitted(Grant grant) {
    Set<Permission> permitted = EnumSet.noneOf(Permission.class);
    for (Permission permission : grant.permissions()) {
      Grant single = with(grant, grant.on(), Set.of(permission));
      if (owner.mayGrant(PolicySnapshot.accountActor(grant.grantor()), single, now).isEmpty()) {
        permitted.add(permission);
      }
    }
    List<Grant> all = new ArrayList<>();
    if (!permitted.isEmpty()) {
      all.add(with(grant, grant.on(), permitted));
    }
    Set<Permission> others = EnumSet.copyOf(grant.permissions());
    others.removeAll(permitted);
    if (!others.isEmpty()) {
      single(grant.on()).forEach(on -> all.addAll(permitted(with(grant, on, others))));
    }
    return all;
  }

  private static Grant with(Grant grant, Resource on, Set<Permission> permissions) {
    Set<Permission> grantable = EnumSet.noneOf(Permission.class);
    grantable.addAll(grant.grantable());
    grantable.retainAll(permissions);
    return new Grant(
        grant.id(), grant.to(), on, permissions, grantable, grant.until(), grant.grantor());
  }

  /** Returns the single resources that a resource stands for; empty if it is one itself. */
  private List<Resource> single(Resource on) {
    if (on instanceof Resource.AllTables all) {
      return databases(on.account())
          .filter(database -> database.name().equals(all.in()))
          .flatMap(database -> database.tables().stream().map(table -> tableOf(database, table)))
          .map(Resource.class::cast)
          .toList();
    } else if (on instanceof Resource.TagPolicy policy) {
      return databases(on.account())
          .flatMap(
              database ->
                  policy.type() == PolicyType.DATABASE
                      ? matching(database, policy.expression()).stream()
                      : database.tables().stream()
                          .flatMap(
                              table -> matching(database, table, policy.expression()).stream()))
          .toList();
    }
    return List.of();
  }

  private Stream<Database> databases(String account) {
    return owner.state().databases().stream()
        .filter(database -> database.account().equals(account));
  }

  private Optional<Resource> matching(Database database, TagExpression where) {
    Resource on = new Resource.Database(database.account(), database.name());
    return where.matches(owner.effectiveTags(on)) ? Optional.of(on) : Optional.empty();
  }

  private Optional<Resource> matching(Database database, Table table, TagExpression where) {
    List<String> columns =
        table.columns().stream()
            .map(column -> column.name())
            .filter(
                column ->
                    where.matches(
                        owner.effectiveTags(
                            new Resource.Columns(
                                database.account(),
                                database.name(),
                                table.name(),
                                List.of(column)))))
            .toList();
    Resource.Table whole = tableOf(database, table);
    if (columns.size() == table.columns().size() && where.matches(owner.effectiveTags(whole))) {
      return Optional.of(whole);
    }
    return columns.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Resource.Columns(database.account(), database.name(), table.name(), columns));
  }

  private static Resource.Table tableOf(Database database, Table table) {
    return new Resource.Table(database.account(), database.name(), table.name());
  }
}
