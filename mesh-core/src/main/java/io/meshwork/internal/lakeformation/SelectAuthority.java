package io.meshwork.internal.lakeformation;

import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checks whether SELECT on a table, on some columns or through a filter may be granted with the
 * grant option that the grantor has.
 */
final class SelectAuthority {
  private SelectAuthority() {}

  /**
   * The code of the rule that is broken; null if none is.
   *
   * @param sources grants of SELECT with grant option, at least one
   * @param effects the effect of each of them on the table
   */
  static @Nullable String fault(
      Resource on, TableNode table, List<IndexedGrant> sources, List<GrantEffect> effects) {
    BitSet needed = needed(on, table);
    if (on instanceof Resource.Filtered filtered) {
      for (IndexedGrant source : sources) {
        if (source.grant().on() instanceof Resource.Filtered same
            && same.filter().equals(filtered.filter())) {
          return null;
        }
      }
      return oneCovers(effects, needed) ? null : "FULL_SELECT_REQUIRED";
    }
    BitSet together = new BitSet();
    effects.forEach(effect -> together.or(effect.columns()));
    if (!covers(together, needed)) {
      return "COLUMNS_NOT_SUBSET";
    }
    return oneCovers(effects, needed) ? null : "FULL_SELECT_REQUIRED";
  }

  private static BitSet needed(Resource on, TableNode table) {
    if (on instanceof Resource.Columns of) {
      return table.included(of.names());
    }
    return on instanceof Resource.ColumnsExcept of ? table.leftBy(of.names()) : table.ordinary();
  }

  /** Returns true if one effect on all rows includes the columns. */
  private static boolean oneCovers(List<GrantEffect> effects, BitSet needed) {
    return effects.stream()
        .anyMatch(effect -> effect.condition() == null && covers(effect.columns(), needed));
  }

  private static boolean covers(BitSet columns, BitSet needed) {
    BitSet rest = (BitSet) needed.clone();
    rest.andNot(columns);
    return rest.isEmpty();
  }
}
