package io.meshwork.internal.predicate;

import io.meshwork.internal.predicate.FilterNode.And;
import io.meshwork.internal.predicate.FilterNode.Constant;
import io.meshwork.internal.predicate.FilterNode.Leaf;
import io.meshwork.internal.predicate.FilterNode.Not;
import io.meshwork.internal.predicate.FilterNode.Or;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Makes trees out of others; constants among the parts of a node are dissolved. */
final class FilterTrees {
  private FilterTrees() {}

  /** True where all parts are; of no parts everywhere. */
  static FilterNode and(List<FilterNode> parts) {
    return joined(parts, true);
  }

  /** True where a part is; of no parts nowhere. */
  static FilterNode or(List<FilterNode> parts) {
    return joined(parts, false);
  }

  /**
   * A tree that is true wherever this one may be, whatever some columns hold.
   *
   * @param opposite a tree that is false wherever this one may be
   */
  static FilterNode whatever(FilterNode node, Set<Integer> fieldIds, boolean opposite) {
    if (node instanceof And and) {
      return and(and.parts().stream().map(part -> whatever(part, fieldIds, opposite)).toList());
    } else if (node instanceof Or or) {
      return or(or.parts().stream().map(part -> whatever(part, fieldIds, opposite)).toList());
    } else if (node instanceof Not not) {
      return not(whatever(not.part(), fieldIds, !opposite));
    } else if (node instanceof Leaf leaf && fieldIds.contains(leaf.column().fieldId())) {
      return new Constant(!opposite);
    }
    return node;
  }

  private static FilterNode not(FilterNode part) {
    if (part instanceof Constant constant) {
      return new Constant(!constant.value());
    }
    return part instanceof Not not ? not.part() : new Not(part);
  }

  /** A constant that is the neutral one says nothing, and the other one decides. */
  private static FilterNode joined(List<FilterNode> parts, boolean all) {
    List<FilterNode> kept = new ArrayList<>();
    for (FilterNode part : parts) {
      if (part instanceof Constant constant) {
        if (constant.value() != all) {
          return part;
        }
      } else if (all && part instanceof And and) {
        kept.addAll(and.parts());
      } else if (!all && part instanceof Or or) {
        kept.addAll(or.parts());
      } else {
        kept.add(part);
      }
    }
    if (kept.isEmpty()) {
      return new Constant(all);
    }
    return kept.size() == 1 ? kept.get(0) : all ? new And(kept) : new Or(kept);
  }
}
