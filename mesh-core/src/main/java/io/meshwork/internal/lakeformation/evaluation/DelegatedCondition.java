package io.meshwork.internal.lakeformation.evaluation;

import io.meshwork.access.Permission;
import io.meshwork.internal.lakeformation.AccessFacts.DataFilter;
import io.meshwork.internal.lakeformation.Resource;
import io.meshwork.internal.lakeformation.index.GrantEffect;
import io.meshwork.internal.lakeformation.index.IndexedGrant;
import io.meshwork.internal.lakeformation.index.TableNode;
import io.meshwork.internal.predicate.RowPredicate;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * The columns that the row condition of a grant reveals although the account that passes the grant
 * on may not read them: the selected rows reveal the values. Lake Formation has no such rule.
 */
final class DelegatedCondition {
  private DelegatedCondition() {}

  /**
   * Returns the revealed columns; empty for a grant without a condition. A share includes a column
   * if it has the column, or the same condition, or if another share has the column in all rows.
   *
   * @param context of a principal of the recipient account
   * @param on what is passed on
   */
  static List<String> hiddenColumns(EvaluationContext context, TableNode table, Resource on) {
    DataFilter filter =
        on instanceof Resource.FilteredTable filtered ? table.filter(filtered.filter()) : null;
    if (filter == null || filter.rows().isEmpty()) {
      return List.of();
    }
    String condition = filter.rows().get();
    BitSet named = RowPredicate.names(condition).map(table::ofAny).orElseGet(table::ordinary);
    BitSet columns = GrantEffect.columns(filter, table);
    List<GrantEffect> shares = shares(context, table);
    BitSet inAllRows = new BitSet();
    for (GrantEffect share : shares) {
      if (share.condition() == null) {
        inAllRows.or(share.columns());
      }
    }
    BitSet hidden = new BitSet();
    for (GrantEffect share : shares) {
      if (share.columns().intersects(columns) && !condition.equals(share.condition())) {
        BitSet rest = (BitSet) named.clone();
        rest.andNot(share.columns());
        rest.andNot(inAllRows);
        hidden.or(rest);
      }
    }
    List<String> names = new ArrayList<>();
    hidden.stream().forEach(position -> names.add(table.columns().get(position)));
    return names;
  }

  /** Returns what the account may read and pass on. */
  private static List<GrantEffect> shares(EvaluationContext context, TableNode table) {
    List<GrantEffect> shares = new ArrayList<>();
    for (IndexedGrant held : context.accountLevel(TableEvaluator.any(table))) {
      GrantEffect effect = GrantEffect.of(held, table, held.grant().grantable());
      if (effect != null && context.isActive(held) && effect.allows(Permission.SELECT)) {
        shares.add(effect);
      }
    }
    return shares;
  }
}
