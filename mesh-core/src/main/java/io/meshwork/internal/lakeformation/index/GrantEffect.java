package io.meshwork.internal.lakeformation.index;

import io.meshwork.access.Permission;
import io.meshwork.internal.lakeformation.AccessFacts.DataFilter;
import io.meshwork.internal.lakeformation.Resource;
import io.meshwork.internal.lakeformation.TagExpression;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The effect of a grant on one table.
 *
 * @param whole true if all granted permissions apply; else only SELECT, if {@code data} is true,
 *     and DESCRIBE
 * @param data true if SELECT applies to the columns
 * @param columns by position; not to be modified
 * @param condition the row condition; null for all rows
 */
public record GrantEffect(
    Set<Permission> granted,
    boolean whole,
    boolean data,
    BitSet columns,
    @Nullable String condition) {

  /**
   * The effect of a grant on a table that it names, or that its tag policy matches at least in
   * part.
   *
   * @param granted the permissions of the grant to consider
   * @return null if it has none
   */
  public static @Nullable GrantEffect of(
      IndexedGrant grant, TableNode table, Set<Permission> granted) {
    Resource on = grant.grant().on();
    if (grant.isPolicy()) {
      return byTags(grant, table, granted);
    } else if (on instanceof Resource.Columns columns) {
      return byColumns(granted, table, table.included(columns.names()), null);
    } else if (on instanceof Resource.ColumnsExcept columns) {
      return byColumns(granted, table, table.leftBy(columns.names()), null);
    } else if (on instanceof Resource.FilteredTable filtered) {
      DataFilter filter = table.filter(filtered.filter());
      return filter == null
          ? null
          : byColumns(granted, table, columns(filter, table), filter.rows().orElse(null));
    }
    return new GrantEffect(granted, true, true, table.all(), null);
  }

  public static BitSet columns(DataFilter filter, TableNode table) {
    Optional<List<String>> include = filter.include();
    return include.isPresent()
        ? table.included(include.get())
        : table.leftBy(filter.exclude().orElse(List.of()));
  }

  private static @Nullable GrantEffect byColumns(
      Set<Permission> granted, TableNode table, BitSet columns, @Nullable String condition) {
    if (columns.isEmpty() || !granted.contains(Permission.SELECT)) {
      return null;
    }
    return new GrantEffect(granted, false, true, table.withPartitions(columns), condition);
  }

  private static @Nullable GrantEffect byTags(
      IndexedGrant grant, TableNode table, Set<Permission> granted) {
    TagExpression expression = grant.expression();
    if (expression == null || granted.isEmpty()) {
      return null;
    }
    boolean itself = expression.matches(table.tags());
    BitSet matching = table.matching(expression);
    if (itself && matching.equals(table.ordinary())) {
      return new GrantEffect(granted, true, true, table.all(), null);
    } else if (!itself && matching.isEmpty()) {
      return null;
    }
    boolean data =
        !matching.isEmpty()
            && (granted.contains(Permission.SELECT) || granted.contains(Permission.ALL));
    return new GrantEffect(granted, false, data, table.withPartitions(matching), null);
  }

  /** Returns true if it includes a permission, directly or because another one implies it. */
  public boolean allows(Permission wanted) {
    if (whole) {
      return IndexedGrant.coversOnTable(granted, wanted);
    }
    return wanted == Permission.DESCRIBE || (wanted == Permission.SELECT && data);
  }

  /** Returns true if it includes a permission directly or by ALL, as the grant option requires. */
  public boolean givesOutright(Permission wanted) {
    return allows(wanted) && (granted.contains(wanted) || granted.contains(Permission.ALL));
  }
}
