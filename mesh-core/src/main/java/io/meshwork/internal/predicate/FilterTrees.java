package io.meshwork.internal.predicate;

import io.meshwork.internal.predicate.FilterNode.And;
import io.meshwork.internal.predicate.FilterNode.Between;
import io.meshwork.internal.predicate.FilterNode.Comparison;
import io.meshwork.internal.predicate.FilterNode.Constant;
import io.meshwork.internal.predicate.FilterNode.Leaf;
import io.meshwork.internal.predicate.FilterNode.Like;
import io.meshwork.internal.predicate.FilterNode.Membership;
import io.meshwork.internal.predicate.FilterNode.Not;
import io.meshwork.internal.predicate.FilterNode.NullTest;
import io.meshwork.internal.predicate.FilterNode.Or;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Builds trees from other trees and simplifies constants. */
final class FilterTrees {
  private FilterTrees() {}

  /** Returns the conjunction of the parts; true if there are none. */
  static FilterNode and(List<FilterNode> parts) {
    return joined(parts, true);
  }

  /** Returns the disjunction of the parts; false if there are none. */
  static FilterNode or(List<FilterNode> parts) {
    return joined(parts, false);
  }

  /**
   * Returns a tree that is true wherever this one can be true for any values of the given columns.
   *
   * @param opposite whether to return a tree that is false wherever this one can be false
   */
  static FilterNode relaxed(FilterNode node, Set<Integer> fieldIds, boolean opposite) {
    if (node instanceof And and) {
      return and(and.parts().stream().map(part -> relaxed(part, fieldIds, opposite)).toList());
    } else if (node instanceof Or or) {
      return or(or.parts().stream().map(part -> relaxed(part, fieldIds, opposite)).toList());
    } else if (node instanceof Not not) {
      return not(relaxed(not.part(), fieldIds, !opposite));
    } else if (node instanceof Leaf leaf && fieldIds.contains(leaf.column().fieldId())) {
      return new Constant(!opposite);
    }
    return node;
  }

  static FilterNode renamed(FilterNode node, UnaryOperator<FilterColumn> names) {
    if (node instanceof And and) {
      return new And(and.parts().stream().map(part -> renamed(part, names)).toList());
    } else if (node instanceof Or or) {
      return new Or(or.parts().stream().map(part -> renamed(part, names)).toList());
    } else if (node instanceof Not not) {
      return new Not(renamed(not.part(), names));
    } else if (node instanceof Comparison leaf) {
      return new Comparison(names.apply(leaf.column()), leaf.operator(), leaf.literal());
    } else if (node instanceof Between leaf) {
      return new Between(names.apply(leaf.column()), leaf.low(), leaf.high());
    } else if (node instanceof Membership leaf) {
      return new Membership(names.apply(leaf.column()), leaf.literals());
    } else if (node instanceof Like leaf) {
      return new Like(names.apply(leaf.column()), leaf.pattern());
    } else if (node instanceof NullTest leaf) {
      return new NullTest(names.apply(leaf.column()));
    }
    return node;
  }

  private static FilterNode not(FilterNode part) {
    if (part instanceof Constant constant) {
      return new Constant(!constant.value());
    }
    return part instanceof Not not ? not.part() : new Not(part);
  }

  /** Joins the parts: the neutral constant is dropped, and the other one decides. */
  private static FilterNode joined(List<FilterNode> parts, boolean all) {
    List<FilterNode> retained = new ArrayList<>();
    for (FilterNode part : parts) {
      if (part instanceof Constant constant) {
        if (constant.value() != all) {
          return part;
        }
      } else if (all && part instanceof And and) {
        retained.addAll(and.parts());
      } else if (!all && part instanceof Or or) {
        retained.addAll(or.parts());
      } else {
        retained.add(part);
      }
    }
    if (retained.isEmpty()) {
      return new Constant(all);
    }
    return retained.size() == 1 ? retained.get(0) : all ? new And(retained) : new Or(retained);
  }
}
