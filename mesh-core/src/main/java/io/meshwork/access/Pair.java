package io.meshwork.access;

import java.util.BitSet;
import java.util.Set;

/**
 * One way in which a table is open: columns, and conditions that must all be true of a row.
 *
 * @param columns by place; not to be changed
 */
record Pair(BitSet columns, Set<String> conditions) {
  static Pair everything(TableNode table) {
    return new Pair(table.all(), Set.of());
  }

  static Pair of(Gift gift) {
    return new Pair(gift.columns(), conditions(gift));
  }

  private static Set<String> conditions(Gift gift) {
    String condition = gift.condition();
    return condition == null ? Set.of() : Set.of(condition);
  }

  /** What both give at once; without columns if they have none in common. */
  static Pair both(Gift share, Gift local) {
    BitSet common = (BitSet) share.columns().clone();
    common.and(local.columns());
    String one = share.condition();
    String other = local.condition();
    Set<String> conditions =
        one == null
            ? conditions(local)
            : other == null || other.equals(one) ? Set.of(one) : Set.of(one, other);
    return new Pair(common, conditions);
  }
}
