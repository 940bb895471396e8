package io.meshwork.internal.rights;

import io.meshwork.access.Grantee;
import io.meshwork.access.Permission;
import io.meshwork.access.Resource.PolicyType;
import io.meshwork.access.TagExpression;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.predicate.Predicate;
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
 * How far something reaches: a grant, or what somebody may grant for the owner. Immutable.
 *
 * @param on what it is on; a whole domain stands for whatever lies in it
 * @param to whom; none means anybody. An account stands for its roles too
 * @param permissions what is allowed
 * @param grantOption true if grantees may hand it on within their accounts
 * @param columns the columns, if only some are meant; else none
 * @param exceptColumns the columns left out, if all but some are meant; else none
 * @param rows the condition on rows, which may hold values; empty means all
 * @param until the first instant at which it no longer holds
 */
public record Scope(
    GrantTarget on,
    List<Grantee> to,
    Set<Permission> permissions,
    boolean grantOption,
    List<String> columns,
    List<String> exceptColumns,
    Optional<String> rows,
    Optional<Instant> until) {
  /** Copies the collections. */
  public Scope {
    to = List.copyOf(to);
    permissions = Set.copyOf(permissions);
    columns = List.copyOf(columns);
    exceptColumns = List.copyOf(exceptColumns);
  }

  /** That of a grant. */
  public static Scope of(StoredGrant grant) {
    return new Scope(
        grant.on(),
        List.of(grant.to()),
        grant.permissions(),
        grant.grantOption(),
        grant.columns(),
        grant.exceptColumns(),
        grant.rows(),
        grant.until());
  }

  /**
   * The first way in which this reaches further than another scope, as half a sentence with a code;
   * empty if it lies within. Never with a condition on rows, which may hold values.
   *
   * @param schema the columns of the product that this is on; empty if it is on no single one
   */
  public Optional<String> beyond(Scope outer, Optional<Schema> schema) {
    if (!isWithin(outer.on)) {
      return Optional.of("it is on " + outer.on + " (OTHER_TARGET)");
    } else if (!isTo(outer)) {
      return Optional.of(
          "it is for "
              + outer.to.stream().map(Scope::shown).collect(Collectors.joining(", "))
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

  /** DESCRIBE on the domain goes with whatever is granted by tags, and everybody has it. */
  private boolean isHalfOfPair(GrantTarget.ByTags own) {
    return own.type() == PolicyType.DATABASE && permissions.equals(Set.of(Permission.DESCRIBE));
  }

  /** True if whatever carries the tags that the one asks for carries those of the other. */
  private static boolean isNarrower(TagExpression one, TagExpression other) {
    for (Map.Entry<String, List<String>> asked : other.values().entrySet()) {
      // Whatever is in a domain carries its name.
      if (!asked.getKey().equals(RightsWorld.DOMAIN)
          && (!one.values().containsKey(asked.getKey())
              || !asked
                  .getValue()
                  .containsAll(one.values().getOrDefault(asked.getKey(), List.of())))) {
        return false;
      }
    }
    return true;
  }

  private boolean isTo(Scope outer) {
    return outer.to.isEmpty()
        || (!to.isEmpty()
            && to.stream().allMatch(one -> outer.to.stream().anyMatch(all -> includes(all, one))));
  }

  /** Consumers are roles and accounts. */
  private static String shown(Grantee to) {
    String account = to.account().orElse("");
    return to.kind() == Grantee.Kind.PRINCIPAL
        ? account + to.id().substring(to.id().lastIndexOf('/'))
        : "account " + account;
  }

  private static boolean includes(Grantee all, Grantee one) {
    return all.equals(one)
        || (all.kind() == Grantee.Kind.ACCOUNT && one.account().equals(all.account()));
  }

  private boolean allows(Scope outer) {
    return outer.permissions.containsAll(permissions)
        || outer.permissions.contains(Permission.ALL)
        || (on instanceof GrantTarget.ByTags own && isHalfOfPair(own));
  }

  private Optional<String> beyondColumns(Scope outer) {
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

  /** The same condition, with more by AND; what is asked more is asked of columns within only. */
  private Optional<String> beyondRows(Scope outer, Optional<Schema> schema) {
    if (schema.isEmpty()) {
      return rows.isEmpty() && outer.rows.isEmpty()
          ? Optional.empty()
          : Optional.of("it has a condition on rows (MORE_ROWS)");
    }
    try {
      Optional<Predicate> allowed = outer.rows.map(text -> Predicate.parse(text, schema.get()));
      Optional<Predicate> asked = rows.map(text -> Predicate.parse(text, schema.get()));
      if (allowed.isPresent() && (asked.isEmpty() || !asked.get().narrows(allowed.get()))) {
        return Optional.of("its condition on rows is not in this one, joined by AND (MORE_ROWS)");
      }
      List<String> hidden =
          asked.map(Predicate::columns).map(ArrayList::new).orElseGet(ArrayList::new);
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
