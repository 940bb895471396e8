package io.meshwork.internal.lakeformation.index;

import io.meshwork.error.FindingCode;
import io.meshwork.internal.lakeformation.Resource;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checks whether SELECT on a table, on some columns or through a filter may be granted with the
 * grant option that the grantor has.
 */
public final class SelectAuthority {
  private SelectAuthority() {}

  /**
   * The code of the broken rule; null if none is broken.
   *
   * @param sources grants of SELECT with grant option, at least one
   * @param effects the effect of each of them on the table
   */
  public static @Nullable FindingCode fault(
      Resource on, TableNode table, List<IndexedGrant> sources, List<GrantEffect> effects) {
    BitSet required = required(on, table);
    if (on instanceof Resource.FilteredTable filtered) {
      for (IndexedGrant source : sources) {
        if (source.grant().on() instanceof Resource.FilteredTable same
            && same.filter().equals(filtered.filter())) {
          return null;
        }
      }
      return oneCovers(effects, required) ? null : FindingCode.FULL_SELECT_REQUIRED;
    }
    BitSet union = new BitSet();
    effects.forEach(effect -> union.or(effect.columns()));
    if (!covers(union, required)) {
      return FindingCode.COLUMNS_NOT_SUBSET;
    }
    return oneCovers(effects, required) ? null : FindingCode.FULL_SELECT_REQUIRED;
  }

  private static BitSet required(Resource on, TableNode table) {
    if (on instanceof Resource.Columns columns) {
      return table.included(columns.names());
    }
    return on instanceof Resource.ColumnsExcept columns
        ? table.leftBy(columns.names())
        : table.ordinary();
  }

  /** Returns true if one effect on all rows includes the columns. */
  private static boolean oneCovers(List<GrantEffect> effects, BitSet required) {
    return effects.stream()
        .anyMatch(effect -> effect.condition() == null && covers(effect.columns(), required));
  }

  private static boolean covers(BitSet columns, BitSet required) {
    BitSet rest = (BitSet) required.clone();
    rest.andNot(columns);
    return rest.isEmpty();
  }
}
