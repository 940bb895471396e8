package io.meshwork.access;

import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether SELECT on a table, on some columns or through a filter may be handed on. */
final class SelectAuthority {
  private SelectAuthority() {}

  /**
   * The code of the rule that is broken; null if none is.
   *
   * @param sources grants of SELECT with grant option, at least one
   * @param gifts what each of them gives on the table
   */
  static @Nullable String fault(
      Resource on, TableNode table, List<HeldGrant> sources, List<Gift> gifts) {
    BitSet needed = needed(on, table);
    if (on instanceof Resource.Filtered filtered) {
      for (HeldGrant source : sources) {
        if (source.grant().on() instanceof Resource.Filtered same
            && same.filter().equals(filtered.filter())) {
          return null;
        }
      }
      return oneCovers(gifts, needed) ? null : "FULL_SELECT_REQUIRED";
    }
    BitSet together = new BitSet();
    gifts.forEach(gift -> together.or(gift.columns()));
    if (!covers(together, needed)) {
      return "COLUMNS_NOT_SUBSET";
    }
    return oneCovers(gifts, needed) ? null : "FULL_SELECT_REQUIRED";
  }

  private static BitSet needed(Resource on, TableNode table) {
    if (on instanceof Resource.Columns of) {
      return table.included(of.names());
    }
    return on instanceof Resource.ColumnsExcept of ? table.leftBy(of.names()) : table.ordinary();
  }

  /** True if one gift of all rows has the columns. */
  private static boolean oneCovers(List<Gift> gifts, BitSet needed) {
    return gifts.stream()
        .anyMatch(gift -> gift.condition() == null && covers(gift.columns(), needed));
  }

  private static boolean covers(BitSet columns, BitSet needed) {
    BitSet rest = (BitSet) needed.clone();
    rest.andNot(columns);
    return rest.isEmpty();
  }
}
