package io.meshwork.internal.rights;

import io.meshwork.access.Permission;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.lakeformation.Resource.PolicyType;
import io.meshwork.internal.lakeformation.TagExpression;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.rights.ProductColumns.BoundColumns;
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
 * @param until the first instant at which it is no longer active
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
  /** How a scope exceeds another one. Messages contain the name as a code. */
  private enum Excess {
    GRANT_OPTION,
    LATER_END,
    MORE_COLUMNS,
    MORE_PERMISSIONS,
    MORE_ROWS,
    OTHER_CONSUMER,
    OTHER_TARGET;

    Optional<String> because(String reason) {
      return Optional.of(reason + " (" + this + ")");
    }
  }

  public GrantScope {
    to = List.copyOf(to);
    permissions = Set.copyOf(permissions);
    columns = List.copyOf(columns);
    exceptColumns = List.copyOf(exceptColumns);
  }

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

  GrantScope withCurrentNames(ProductColumns product, BoundColumns bound) {
    return new GrantScope(
        on,
        to,
        permissions,
        grantOption,
        product.currentNames(columns, bound, false),
        product.currentNames(exceptColumns, bound, true),
        product.currentCondition(rows, bound),
        until);
  }

  /** The scope with sorted columns and a normalized row condition. */
  GrantScope normalized(ProductColumns product) {
    return new GrantScope(
        on,
        to,
        permissions,
        grantOption,
        columns.stream().sorted().toList(),
        exceptColumns.stream().sorted().toList(),
        product.normalized(rows),
        until);
  }

  /**
   * The scope without the columns that a schema lacks. If it includes none of the schema's columns,
   * it still includes only the others.
   */
  GrantScope in(Schema schema) {
    List<String> included = present(columns, schema);
    return new GrantScope(
        on,
        to,
        permissions,
        grantOption,
        included.isEmpty() ? columns : included,
        present(exceptColumns, schema),
        rows,
        until);
  }

  private static List<String> present(List<String> names, Schema schema) {
    return names.stream().filter(name -> schema.caseInsensitiveFindField(name) != null).toList();
  }

  /**
   * Returns the first excess of this scope over another one, as a clause with a code; empty if
   * there is none. Never contains a row condition, which may hold values.
   *
   * @param schema the columns of the product that this is on; empty if it is not on a single
   *     product
   */
  public Optional<String> excessOver(GrantScope outer, Optional<Schema> schema) {
    if (!isWithin(outer.on)) {
      return Excess.OTHER_TARGET.because("it is on " + outer.on);
    } else if (!isTo(outer)) {
      return Excess.OTHER_CONSUMER.because(
          "it is for "
              + outer.to.stream().map(GrantScope::format).collect(Collectors.joining(", ")));
    } else if (!allows(outer)) {
      return Excess.MORE_PERMISSIONS.because(
          "it allows " + outer.permissions.stream().sorted().map(Permission::name).toList());
    } else if (grantOption && !outer.grantOption) {
      return Excess.GRANT_OPTION.because("it is without grant option");
    } else if (outer.until.isPresent()
        && (until.isEmpty() || until.get().isAfter(outer.until.get()))) {
      return Excess.LATER_END.because("it ends " + outer.until.get());
    }
    return excessColumns(outer).or(() -> excessRows(outer, schema));
  }

  private boolean isWithin(GrantTarget outer) {
    if (outer instanceof GrantTarget.WholeDomain whole) {
      return whole.domain().equals(on.domain());
    } else if (outer instanceof GrantTarget.ByTags tags && on instanceof GrantTarget.ByTags own) {
      return tags.domain().equals(own.domain())
          && (isDescribeOnDomain(own) || isNarrower(own.where(), tags.where()));
    }
    return outer.equals(on);
  }

  /** Returns true for DESCRIBE on the domain, which each grant by tags includes. */
  private boolean isDescribeOnDomain(GrantTarget.ByTags own) {
    return own.type() == PolicyType.DATABASE && permissions.equals(Set.of(Permission.DESCRIBE));
  }

  /** Returns true if everything that the first expression matches is matched by the second. */
  private static boolean isNarrower(TagExpression one, TagExpression other) {
    for (Map.Entry<String, List<String>> condition : other.values().entrySet()) {
      // All products of a domain have the tag with its name.
      if (!condition.getKey().equals(PolicySnapshot.DOMAIN)
          && (!one.values().containsKey(condition.getKey())
              || !condition
                  .getValue()
                  .containsAll(one.values().getOrDefault(condition.getKey(), List.of())))) {
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

  /** Returns a role or an account as text. */
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
        || (on instanceof GrantTarget.ByTags own && isDescribeOnDomain(own));
  }

  private Optional<String> excessColumns(GrantScope outer) {
    boolean isExcess =
        outer.columns.isEmpty()
            ? !outer.exceptColumns.isEmpty() && !excludes(outer.exceptColumns)
            : columns.isEmpty() || !lowerCase(outer.columns).containsAll(lowerCase(columns));
    return isExcess
        ? Excess.MORE_COLUMNS.because(
            outer.columns.isEmpty()
                ? "it excludes columns " + outer.exceptColumns
                : "it is for columns " + outer.columns)
        : Optional.empty();
  }

  private boolean excludes(List<String> names) {
    Set<String> excluded = lowerCase(names);
    if (columns.isEmpty()) {
      return lowerCase(exceptColumns).containsAll(excluded);
    }
    excluded.retainAll(lowerCase(columns));
    return excluded.isEmpty();
  }

  /**
   * The row condition must be the same, possibly narrowed by AND with conditions on columns of the
   * scope.
   */
  private Optional<String> excessRows(GrantScope outer, Optional<Schema> schema) {
    if (schema.isEmpty()) {
      return rows.isEmpty() && outer.rows.isEmpty()
          ? Optional.empty()
          : Excess.MORE_ROWS.because("it has a condition on rows");
    }
    try {
      Optional<RowPredicate> allowed =
          outer.rows.map(text -> RowPredicate.parse(text, schema.get()));
      Optional<RowPredicate> own = rows.map(text -> RowPredicate.parse(text, schema.get()));
      if (allowed.isPresent() && (own.isEmpty() || !own.get().narrows(allowed.get()))) {
        return Excess.MORE_ROWS.because(
            "it has a condition on rows, which the grant must repeat, alone or joined by AND");
      }
      List<String> hidden = new ArrayList<>();
      own.ifPresent(
          condition ->
              hidden.addAll(
                  allowed.isPresent()
                      ? condition.columnsOfOtherParts(allowed.get())
                      : condition.columns()));
      hidden.removeIf(outer::includesColumn);
      return hidden.isEmpty()
          ? Optional.empty()
          : Excess.MORE_COLUMNS.because(
              "a condition on " + hidden + " would reveal columns that it excludes");
    } catch (InvalidRequestException otherColumns) {
      return Excess.MORE_ROWS.because("its condition on rows does not fit this contract");
    }
  }

  private boolean includesColumn(String column) {
    String top = column.contains(".") ? column.substring(0, column.indexOf('.')) : column;
    Set<String> single = lowerCase(List.of(top));
    return columns.isEmpty()
        ? !lowerCase(exceptColumns).containsAll(single)
        : lowerCase(columns).containsAll(single);
  }

  private static Set<String> lowerCase(List<String> names) {
    return names.stream()
        .map(name -> name.toLowerCase(Locale.ROOT))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
