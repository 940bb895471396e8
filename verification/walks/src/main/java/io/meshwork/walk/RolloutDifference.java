package io.meshwork.walk;

import io.meshwork.walk.RolloutModel.Pair;
import io.meshwork.walk.RolloutModel.Version;
import java.util.List;

/** The rows in which two versions of a rollout differ without a reason that the rollout knows. */
final class RolloutDifference {
  private RolloutDifference() {}

  /**
   * Returns the rows that only one version has.
   *
   * @param older true for those of the older version, false for those of the newer one
   */
  static List<Order> unexplained(RolloutModel model, Pair pair, boolean older) {
    List<Order> from = model.version(pair.from).rows;
    List<Order> to = model.version(pair.to).rows;
    if (older) {
      return RowLists.minus(RowLists.minus(from, to), pair.lacking);
    }
    return RowLists.minus(to, from).stream()
        .filter(row -> !pair.leavingOut || !row.region().equals("z"))
        .toList();
  }

  /**
   * Returns true if the older version has an accepted row that left the quarantine of the newer
   * one. Once one version changed alone, it is not known from others.
   */
  static boolean hasUnknown(RolloutModel model, Pair pair) {
    List<Order> rows = model.version(pair.from).rows;
    return pair.apart
        && pair.lacking.stream()
            .filter(rows::contains)
            .anyMatch(row -> !model.version(pair.to).quarantined.containsKey(row.id()));
  }

  /** Returns those of these rows that the other version does not have in its quarantine. */
  static List<Order> unpublished(RolloutModel model, Pair pair, boolean older) {
    Version target = model.version(older ? pair.to : pair.from);
    return unexplained(model, pair, older).stream()
        .filter(row -> !target.quarantined.containsKey(row.id()))
        .toList();
  }
}
