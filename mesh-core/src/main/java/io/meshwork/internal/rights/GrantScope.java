package io.meshwork.internal.rights;

import io.meshwork.access.Permission;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.lakeformation.Resource.PolicyType;
import io.meshwork.internal.lakeformation.TagExpression;
import io.meshwork.internal.predicate.RowPredicate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.iceberg.Schema;

/**
 * The scope of a grant, or of what an authorization allows to grant. Immutable.
 *
 * @param on the target; a whole domain includes everything in it
 * @param to the grantees; empty for any. An account includes its roles
 * @param permissions the permissions
 * @param grantOption true if grantees may grant it within their accounts
 * @param columns the included columns; empty for all
 * @param exceptColumns the excluded columns; empty for none
 * @param rows the row condition, which may hold values; empty for all rows
 * @param until the first instant at which it is no longer in force
 */
public record GrantScope(
    GrantTarget on,
    List<Grantee> to,
    Set<Permission> permissions,
    boolean grantOption,
    List<String> columns,
    List<String> exceptColumns,
    Optional<String> rows,
    Optional<Instant> until) {
  /** Copies the collections. */
  public GrantScope {
    to = List.copyOf(to);
    permissions = Set.copyOf(permissions);
    columns = List.copyOf(columns);
    exceptColumns = List.copyOf(exceptColumns);
  }

  /** Returns the scope of a grant. */
  public static GrantScope of(StoredGrant grant) {
    return new GrantScope(
        grant.on(),
        List.of(grant.to()),
        grant.permissions(),
        grant.grantOption(),
        grant.columns(),
        grant.exceptColumns(),
        grant.rows(),
        grant.until());
  }

  /** The scope with current column names. */
  GrantScope now(ProductColumns product, BoundColumns by) {
    return new GrantScope(
        on,
        to,
        permissions,
        grantOption,
        product.now(columns, by, false),
        product.now(exceptColumns, by, true),
        product.now(rows, by),
        until);
  }

  /** The scope with sorted columns and a normalized row condition. */
  GrantScope canonical(ProductColumns product) {
    return new GrantScope(
        on,
        to,
        permissions,
        grantOption,
        columns.stream().sorted().toList(),
        exceptColumns.stream().sorted().toList(),
        product.canonical(rows),
        until);
  }

  /**
   * Returns how this scope exceeds another one first, as half a sentence with a code; empty if it
   * does not. Never contains a row condition, which may hold values.
   *
   * @param schema the columns of the product that this is on; empty if it is not on a single
   *     product
   */
  public Optional<String> beyond(GrantScope outer, Optional<Schema> schema) {
    if (!isWithin(outer.on)) {
      return Optional.of("it is on " + outer.on + " (OTHER_TARGET)");
    } else if (!isTo(outer)) {
      return Optional.of(
          "it is for "
              + outer.to.stream().map(GrantScope::format).collect(Collectors.joining(", "))
              + " (OTHER_CONSUMER)");
    } else if (!allows(outer)) {
      return Optional.of(
          "it allows "
              + outer.permissions.stream().sorted().map(Permission::name).toList()
              + " (MORE_PERMISSIONS)");
    } else if (grantOption && !outer.grantOption) {
      return Optional.of("it is without grant option (GRANT_OPTION)");
    } else if (outer.until.isPresent()
        && (until.isEmpty() || until.get().isAfter(outer.until.get()))) {
      return Optional.of("it ends " + outer.until.get() + " (LATER_END)");
    }
    return beyondColumns(outer).or(() -> beyondRows(outer, schema));
  }

  private boolean isWithin(GrantTarget outer) {
    if (outer instanceof GrantTarget.WholeDomain whole) {
      return whole.domain().equals(on.domain());
    } else if (outer instanceof GrantTarget.ByTags tags && on instanceof GrantTarget.ByTags own) {
      return tags.domain().equals(own.domain())
          && (isHalfOfPair(own) || isNarrower(own.where(), tags.where()));
    }
    return outer.equals(on);
  }

  /** A grant by tags includes DESCRIBE on the domain, which everybody has. */
  private boolean isHalfOfPair(GrantTarget.ByTags own) {
    return own.type() == PolicyType.DATABASE && permissions.equals(Set.of(Permission.DESCRIBE));
  }

  /** Returns true if everything that the first expression matches is matched by the second. */
  private static boolean isNarrower(TagExpression one, TagExpression other) {
    for (Map.Entry<String, List<String>> asked : other.values().entrySet()) {
      // Whatever is in a domain carries its name.
      if (!asked.getKey().equals(PolicySnapshot.DOMAIN)
          && (!one.values().containsKey(asked.getKey())
              || !asked
                  .getValue()
                  .containsAll(one.values().getOrDefault(asked.getKey(), List.of())))) {
        return false;
      }
    }
    return true;
  }

  private boolean isTo(GrantScope outer) {
    return outer.to.isEmpty()
        || (!to.isEmpty()
            && to.stream().allMatch(one -> outer.to.stream().anyMatch(all -> includes(all, one))));
  }

  /** A role or an account. */
  private static String format(Grantee to) {
    String account = to.account().orElse("");
    return to.kind() == Grantee.Kind.PRINCIPAL
        ? account + to.id().substring(to.id().lastIndexOf('/'))
        : "account " + account;
  }

  private static boolean includes(Grantee all, Grantee one) {
    return all.equals(one)
        || (all.kind() == Grantee.Kind.ACCOUNT && one.account().equals(all.account()));
  }

  private boolean allows(GrantScope outer) {
    return outer.permissions.containsAll(permissions)
        || outer.permissions.contains(Permission.ALL)
        || (on instanceof GrantTarget.ByTags own && isHalfOfPair(own));
  }

  private Optional<String> beyondColumns(GrantScope outer) {
    boolean more =
        outer.columns.isEmpty()
            ? !outer.exceptColumns.isEmpty() && !leavesOut(outer.exceptColumns)
            : columns.isEmpty() || !folded(outer.columns).containsAll(folded(columns));
    return more
        ? Optional.of(
            (outer.columns.isEmpty()
                    ? "it leaves out columns " + outer.exceptColumns
                    : "it is for columns " + outer.columns)
                + " (MORE_COLUMNS)")
        : Optional.empty();
  }

  private boolean leavesOut(List<String> names) {
    Set<String> out = folded(names);
    if (columns.isEmpty()) {
      return folded(exceptColumns).containsAll(out);
    }
    out.retainAll(folded(columns));
    return out.isEmpty();
  }

  /**
   * The row condition must be the same, possibly narrowed by AND with conditions on columns of the
   * scope.
   */
  private Optional<String> beyondRows(GrantScope outer, Optional<Schema> schema) {
    if (schema.isEmpty()) {
      return rows.isEmpty() && outer.rows.isEmpty()
          ? Optional.empty()
          : Optional.of("it has a condition on rows (MORE_ROWS)");
    }
    try {
      Optional<RowPredicate> allowed =
          outer.rows.map(text -> RowPredicate.parse(text, schema.get()));
      Optional<RowPredicate> asked = rows.map(text -> RowPredicate.parse(text, schema.get()));
      if (allowed.isPresent() && (asked.isEmpty() || !asked.get().narrows(allowed.get()))) {
        return Optional.of("its condition on rows is not in this one, joined by AND (MORE_ROWS)");
      }
      List<String> hidden =
          asked.map(RowPredicate::columns).map(ArrayList::new).orElseGet(ArrayList::new);
      allowed.ifPresent(condition -> hidden.removeAll(condition.columns()));
      hidden.removeIf(outer::shows);
      return hidden.isEmpty()
          ? Optional.empty()
          : Optional.of(
              "a condition on "
                  + hidden
                  + " would tell of columns that it leaves out (MORE_COLUMNS)");
    } catch (InvalidRequestException otherColumns) {
      return Optional.of("its condition on rows is not for this contract (MORE_ROWS)");
    }
  }

  private boolean shows(String column) {
    String top = column.contains(".") ? column.substring(0, column.indexOf('.')) : column;
    Set<String> one = folded(List.of(top));
    return columns.isEmpty()
        ? !folded(exceptColumns).containsAll(one)
        : folded(columns).containsAll(one);
  }

  private static Set<String> folded(List<String> names) {
    return names.stream()
        .map(name -> name.toLowerCase(Locale.ROOT))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
