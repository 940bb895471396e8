package io.meshwork.access;

import io.meshwork.access.AccessFacts.DataFilter;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a grant gives on one table.
 *
 * @param whole true if all permissions that were granted hold; else only SELECT, where {@code data}
 *     says so, and DESCRIBE
 * @param data true if SELECT is among what a part gives
 * @param columns by place; not to be changed
 * @param condition on rows; null means all rows
 */
record Gift(
    Set<Permission> granted,
    boolean whole,
    boolean data,
    BitSet columns,
    @Nullable String condition) {

  /**
   * What a grant gives on a table that it names, alone or with others, or that its tag policy
   * matches at least in part.
   *
   * @param granted the permissions of the grant to look at
   * @return null if nothing
   */
  static @Nullable Gift of(HeldGrant grant, TableNode table, Set<Permission> granted) {
    Resource on = grant.grant().on();
    if (grant.isPolicy()) {
      return byTags(grant, table, granted);
    } else if (on instanceof Resource.Columns of) {
      return byColumns(granted, table, table.included(of.names()), null);
    } else if (on instanceof Resource.ColumnsExcept of) {
      return byColumns(granted, table, table.leftBy(of.names()), null);
    } else if (on instanceof Resource.Filtered of) {
      DataFilter filter = table.filter(of.filter());
      return filter == null
          ? null
          : byColumns(granted, table, columns(filter, table), filter.rows().orElse(null));
    }
    return new Gift(granted, true, true, table.all(), null);
  }

  static BitSet columns(DataFilter filter, TableNode table) {
    Optional<List<String>> include = filter.include();
    return include.isPresent()
        ? table.included(include.get())
        : table.leftBy(filter.exclude().orElse(List.of()));
  }

  private static @Nullable Gift byColumns(
      Set<Permission> granted, TableNode table, BitSet columns, @Nullable String condition) {
    if (columns.isEmpty() || !granted.contains(Permission.SELECT)) {
      return null;
    }
    return new Gift(granted, false, true, table.withPartitions(columns), condition);
  }

  private static @Nullable Gift byTags(HeldGrant grant, TableNode table, Set<Permission> granted) {
    TagExpression expression = grant.expression();
    if (expression == null || granted.isEmpty()) {
      return null;
    }
    boolean itself = expression.matches(table.tags());
    BitSet matching = table.matching(expression);
    if (itself && matching.equals(table.ordinary())) {
      return new Gift(granted, true, true, table.all(), null);
    } else if (!itself && matching.isEmpty()) {
      return null;
    }
    boolean data =
        !matching.isEmpty()
            && (granted.contains(Permission.SELECT) || granted.contains(Permission.ALL));
    return new Gift(granted, false, data, table.withPartitions(matching), null);
  }

  /** True if it gives this permission, be it because another one implies it. */
  boolean gives(Permission wanted) {
    if (whole) {
      return HeldGrant.coversOnTable(granted, wanted);
    }
    return wanted == Permission.DESCRIBE || (wanted == Permission.SELECT && data);
  }

  /** True if it gives this permission itself or by ALL, which is what handing on needs. */
  boolean givesOutright(Permission wanted) {
    return gives(wanted) && (granted.contains(wanted) || granted.contains(Permission.ALL));
  }
}
