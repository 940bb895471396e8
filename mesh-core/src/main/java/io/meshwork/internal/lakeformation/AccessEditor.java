package io.meshwork.internal.lakeformation;

import io.meshwork.internal.lakeformation.AccessEdit.AddColumn;
import io.meshwork.internal.lakeformation.AccessEdit.AddGrant;
import io.meshwork.internal.lakeformation.AccessEdit.AddOptIn;
import io.meshwork.internal.lakeformation.AccessEdit.AddTable;
import io.meshwork.internal.lakeformation.AccessEdit.RemoveTags;
import io.meshwork.internal.lakeformation.AccessEdit.Revoke;
import io.meshwork.internal.lakeformation.AccessEdit.SetAccount;
import io.meshwork.internal.lakeformation.AccessEdit.SetPrincipal;
import io.meshwork.internal.lakeformation.AccessEdit.SetShare;
import io.meshwork.internal.lakeformation.AccessEdit.SetTags;
import io.meshwork.internal.lakeformation.AccessFacts.Database;
import io.meshwork.internal.lakeformation.AccessFacts.Table;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Applies edits to a state. Edits of missing resources and grants have no effect. */
final class AccessEditor {
  private AccessEditor() {}

  static AccessState apply(AccessState state, AccessEdit edit) {
    AccessState.Builder next = state.toBuilder();
    if (edit instanceof AddGrant add) {
      next.grants.add(add.grant());
    } else if (edit instanceof Revoke revoke) {
      revoke(next.grants, revoke);
    } else if (edit instanceof SetTags set) {
      retag(next, set.on(), own -> with(own, set.tags()));
    } else if (edit instanceof RemoveTags remove) {
      retag(next, remove.on(), own -> without(own, remove.keys()));
    } else if (edit instanceof AddColumn add) {
      change(next, add.to(), table -> table.columns(and(table.columns(), add.column())));
    } else if (edit instanceof AddTable add) {
      Resource.Database to = add.to();
      next.databases.replaceAll(
          database ->
              is(database, to.account(), to.name())
                  ? database.tables(and(database.tables(), add.table()))
                  : database);
    } else if (edit instanceof SetShare set) {
      next.shares.add(set.share());
    } else if (edit instanceof AddOptIn add) {
      next.optIns.add(add.optIn());
    } else if (edit instanceof SetPrincipal set) {
      next.principals.add(set.facts());
    } else if (edit instanceof SetAccount set) {
      next.accounts.add(set.account());
    }
    return next.build();
  }

  private static void revoke(List<Grant> grants, Revoke revoke) {
    grants.replaceAll(
        grant ->
            grant.id().equals(revoke.grant())
                ? grant.without(revoke.permissions(), revoke.grantable())
                : grant);
    grants.removeIf(grant -> grant.permissions().isEmpty());
  }

  private static void retag(
      AccessState.Builder next, Resource on, UnaryOperator<Map<String, String>> change) {
    if (on instanceof Resource.Database databaseResource) {
      next.databases.replaceAll(
          database ->
              is(database, databaseResource.account(), databaseResource.name())
                  ? database.tags(change.apply(lowerCased(database.tags())))
                  : database);
    } else if (on instanceof Resource.Table tableResource) {
      change(next, tableResource, table -> table.tags(change.apply(lowerCased(table.tags()))));
    } else if (on instanceof Resource.Columns columns) {
      Resource.Table table = new Resource.Table(columns.account(), columns.in(), columns.of());
      change(
          next, table, changed -> changed.columnTags(columnTags(changed, columns.names(), change)));
    }
  }

  private static Map<String, Map<String, String>> columnTags(
      Table table, List<String> columns, UnaryOperator<Map<String, String>> change) {
    Map<String, Map<String, String>> all = new HashMap<>();
    table.columnTags().forEach((column, tags) -> all.put(CaseInsensitiveNames.of(column), tags));
    for (String column : columns) {
      Map<String, String> own =
          lowerCased(all.getOrDefault(CaseInsensitiveNames.of(column), Map.of()));
      all.put(CaseInsensitiveNames.of(column), change.apply(own));
    }
    return all;
  }

  private static void change(
      AccessState.Builder next, Resource.Table on, UnaryOperator<Table> change) {
    next.databases.replaceAll(
        database ->
            is(database, on.account(), on.in())
                ? database.tables(
                    database.tables().stream()
                        .map(
                            candidate ->
                                same(candidate.name(), on.name())
                                    ? change.apply(candidate)
                                    : candidate)
                        .toList())
                : database);
  }

  private static boolean is(Database database, String account, String name) {
    return database.account().equals(account) && same(database.name(), name);
  }

  private static boolean same(String one, String other) {
    return CaseInsensitiveNames.of(one).equals(CaseInsensitiveNames.of(other));
  }

  private static Map<String, String> lowerCased(Map<String, String> tags) {
    Map<String, String> lowerCased = new HashMap<>();
    tags.forEach(
        (key, value) ->
            lowerCased.put(CaseInsensitiveNames.of(key), CaseInsensitiveNames.of(value)));
    return lowerCased;
  }

  private static Map<String, String> with(Map<String, String> own, Map<String, String> more) {
    Map<String, String> all = new HashMap<>(own);
    all.putAll(lowerCased(more));
    return all;
  }

  private static Map<String, String> without(Map<String, String> own, List<String> keys) {
    Set<String> removed = keys.stream().map(CaseInsensitiveNames::of).collect(Collectors.toSet());
    Map<String, String> remaining = new HashMap<>(own);
    remaining.keySet().removeAll(removed);
    return remaining;
  }

  private static <T> List<T> and(List<T> some, T one) {
    List<T> all = new ArrayList<>(some);
    all.add(one);
    return all;
  }
}
