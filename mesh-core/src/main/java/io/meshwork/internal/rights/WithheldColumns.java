package io.meshwork.internal.rights;

import io.meshwork.access.Permission;
import io.meshwork.internal.lakeformation.Resource.PolicyType;
import io.meshwork.internal.lakeformation.TagExpression;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Removes withheld columns from grants, in terms of the evaluator: fewer columns if a grant names
 * columns, else a tag that only the remaining columns have. No domain can define that tag, because
 * its key is longer than any permitted key.
 */
final class WithheldColumns {
  /** The values of the tag: withheld, and not withheld. */
  static final List<String> VALUES = List.of("no", "yes");

  /** As long as the longest permitted key, without the id. */
  private static final String KEY = "mesh-internal tag for columns withheld from grant ";

  private final PolicySnapshot snapshot;
  private final Predicate<TableRights> suspended;
  private final Map<String, Map<TableRights, List<String>>> withheld = new LinkedHashMap<>();

  WithheldColumns(PolicySnapshot snapshot) {
    this(snapshot, List.of(), table -> false);
  }

  /**
   * Finds withheld columns.
   *
   * @param others the IDs of grants that get the tag also if nothing is withheld, because they have
   *     withheld columns in another major version
   * @param suspended true for a table whose reads are suspended, so that all columns are withheld
   */
  WithheldColumns(
      PolicySnapshot snapshot, Collection<String> others, Predicate<TableRights> suspended) {
    this.snapshot = snapshot;
    this.suspended = suspended;
    for (StoredGrant grant : snapshot.grants()) {
      if (others.contains(grant.id())) {
        withheld.put(grant.id(), new LinkedHashMap<>());
      }
    }
    GrantAgreements agreements = new GrantAgreements(snapshot);
    for (StoredGrant grant : snapshot.grants()) {
      for (TableRights table : snapshot.tables()) {
        List<String> columns =
            suspended.test(table)
                ? agreements.revealed(grant, table)
                : agreements.withheld(grant, table);
        if (!columns.isEmpty()) {
          withheld.computeIfAbsent(grant.id(), id -> new LinkedHashMap<>()).put(table, columns);
        }
      }
    }
  }

  /** Returns true for a tag of this class in an explanation. */
  static boolean isInternalTag(String tag) {
    return tag.startsWith(KEY);
  }

  /** Returns the ID of the grant whose withheld columns have a tag. */
  static String grantOf(String tag) {
    return tag.substring(KEY.length());
  }

  /** Returns the IDs of grants on several products that have withheld columns. */
  Set<String> onManyProducts() {
    return snapshot.grants().stream()
        .filter(grant -> grant.product().isEmpty())
        .map(StoredGrant::id)
        .filter(withheld::containsKey)
        .collect(Collectors.toSet());
  }

  /** Returns the keys of the tags. */
  List<String> keys() {
    return tagged().map(grant -> KEY + grant.id()).toList();
  }

  /** Returns the grants that become an expression with a tag; others get fewer columns. */
  private Stream<StoredGrant> tagged() {
    return snapshot.grants().stream()
        .filter(grant -> withheld.containsKey(grant.id()))
        .filter(grant -> !isOfColumns(grant) && !isSuspended(grant));
  }

  private static boolean isOfColumns(StoredGrant grant) {
    return grant.on() instanceof GrantTarget.OfProduct && grant.isPartial();
  }

  /** Returns true if the grant is on one product, whose reads are suspended. */
  private boolean isSuspended(StoredGrant grant) {
    return grant.product().flatMap(snapshot::table).filter(suspended).isPresent();
  }

  /**
   * Returns what decides which tables and columns have the tag of a grant, by the ID of the grant:
   * grants with the same text can share a tag.
   */
  Map<String, String> tagged(Function<TableRights, String> nameOf) {
    Map<String, String> all = new TreeMap<>();
    tagged()
        .forEach(
            grant -> {
              Map<String, List<String>> columns = new TreeMap<>();
              withheld
                  .getOrDefault(grant.id(), Map.of())
                  .forEach((table, names) -> columns.put(nameOf.apply(table), names));
              all.put(grant.id(), grant.product().map(Object::toString).orElse("") + columns);
            });
    return all;
  }

  /** Returns the tags of a product, with the tags for withheld columns. */
  Map<String, String> tags(TableRights table) {
    Map<String, String> all = new TreeMap<>(table.allTags());
    tagged()
        .filter(grant -> grant.product().filter(name -> !name.equals(table.product())).isEmpty())
        .forEach(grant -> all.put(KEY + grant.id(), VALUES.get(1)));
    return all;
  }

  Map<String, Map<String, String>> columnTags(TableRights table) {
    Map<String, Map<String, String>> all = new TreeMap<>(table.allColumnTags());
    tagged()
        .forEach(
            grant -> {
              for (String column :
                  withheld.getOrDefault(grant.id(), Map.of()).getOrDefault(table, List.of())) {
                Map<String, String> own = new TreeMap<>(all.getOrDefault(column, Map.of()));
                own.put(KEY + grant.id(), VALUES.get(0));
                all.put(column, own);
              }
            });
    return all;
  }

  /** Returns what remains of a grant; the grant itself if nothing is withheld. */
  List<StoredGrant> remaining(StoredGrant grant) {
    Map<TableRights, List<String>> removed = withheld.get(grant.id());
    if (removed == null) {
      return List.of(grant);
    } else if (isSuspended(grant)) {
      return withoutRead(grant);
    } else if (isOfColumns(grant)) {
      Map.Entry<TableRights, List<String>> entry = removed.entrySet().iterator().next();
      // Without its condition it would give more, and with it the rows tell what is withheld.
      return Collections.disjoint(
              entry.getKey().fields().revealedBy(grant.rows()), entry.getValue())
          ? fewerColumns(grant, entry.getValue())
          : List.of();
    }
    List<StoredGrant> remaining = new ArrayList<>(withoutRead(grant));
    remaining.add(
        grant
            .reduced(Set.of(Permission.SELECT), List.of(), List.of())
            .withTarget(tagTarget(grant)));
    return remaining;
  }

  private static List<StoredGrant> withoutRead(StoredGrant grant) {
    Set<Permission> others = otherPermissions(grant);
    return others.isEmpty() || isOfColumns(grant)
        ? List.of()
        : List.of(grant.reduced(others, List.of(), List.of()));
  }

  private GrantTarget tagTarget(StoredGrant grant) {
    Map<String, List<String>> where = new TreeMap<>();
    where.put(KEY + grant.id(), List.of(VALUES.get(1)));
    if (grant.on() instanceof GrantTarget.ByTags tags) {
      where.putAll(tags.where().values());
    }
    return new GrantTarget.ByTags(snapshot.domain(), PolicyType.TABLE, TagExpression.of(where));
  }

  private static List<StoredGrant> fewerColumns(StoredGrant grant, List<String> removed) {
    List<String> only = new ArrayList<>(grant.columns());
    only.removeAll(removed);
    if (!grant.columns().isEmpty()) {
      return only.isEmpty()
          ? List.of()
          : List.of(grant.reduced(grant.permissions(), only, grant.exceptColumns()));
    }
    List<String> except = new ArrayList<>(grant.exceptColumns());
    except.addAll(removed);
    return List.of(grant.reduced(grant.permissions(), only, except));
  }

  /** Returns its permissions other than SELECT. */
  private static Set<Permission> otherPermissions(StoredGrant grant) {
    Set<Permission> others = EnumSet.noneOf(Permission.class);
    others.addAll(grant.permissions());
    if (others.remove(Permission.ALL)) {
      others.addAll(
          EnumSet.of(
              Permission.ALTER,
              Permission.DELETE,
              Permission.DESCRIBE,
              Permission.DROP,
              Permission.INSERT));
    }
    others.remove(Permission.SELECT);
    return others;
  }
}
