package io.meshwork.internal.lakeformation.index;

import java.util.BitSet;
import java.util.Set;

/**
 * Columns of a table with row conditions, all of which must be true. A table is readable in the
 * union of its scopes.
 *
 * @param columns by position; not to be modified
 */
public record DataScope(BitSet columns, Set<String> conditions) {
  public static DataScope everything(TableNode table) {
    return new DataScope(table.all(), Set.of());
  }

  public static DataScope of(GrantEffect effect) {
    return new DataScope(effect.columns(), conditions(effect));
  }

  private static Set<String> conditions(GrantEffect effect) {
    String condition = effect.condition();
    return condition == null ? Set.of() : Set.of(condition);
  }

  /** The intersection of two effects; without columns if they have none in common. */
  public static DataScope intersection(GrantEffect share, GrantEffect local) {
    BitSet common = (BitSet) share.columns().clone();
    common.and(local.columns());
    String one = share.condition();
    String localCondition = local.condition();
    Set<String> conditions =
        one == null
            ? conditions(local)
            : localCondition == null || localCondition.equals(one)
                ? Set.of(one)
                : Set.of(one, localCondition);
    return new DataScope(common, conditions);
  }
}
