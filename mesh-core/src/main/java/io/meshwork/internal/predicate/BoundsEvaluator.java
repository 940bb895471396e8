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
import io.meshwork.internal.predicate.FilterNode.Operator;
import io.meshwork.internal.predicate.FilterNode.Or;
import java.util.List;
import org.apache.iceberg.types.Type;
import org.jspecify.annotations.Nullable;

/**
 * Computes which of true, false, and unknown a filter can evaluate to, from column bounds alone.
 * The result is a superset of the actual results: a part without {@link #TRUE} can be skipped, and
 * in a part with {@link #TRUE} only, every row matches.
 */
final class BoundsEvaluator {
  /** A row may match. */
  static final int TRUE = 1;

  /** A row may evaluate to false. */
  static final int FALSE = 2;

  /** A row may evaluate to unknown. */
  static final int UNKNOWN = 4;

  private final ColumnFacts.Source facts;

  BoundsEvaluator(ColumnFacts.Source facts) {
    this.facts = facts;
  }

  /** Returns the possible results as a sum of the constants. */
  int answers(FilterNode node) {
    if (node instanceof Constant constant) {
      return constant.value() ? TRUE : FALSE;
    } else if (node instanceof Not not) {
      return opposite(answers(not.part()));
    } else if (node instanceof And and) {
      return all(and.parts(), false);
    } else if (node instanceof Or or) {
      // a OR b equals NOT (NOT a AND NOT b) in three-valued logic too.
      return opposite(all(or.parts(), true));
    }
    return leaf((Leaf) node);
  }

  private static int opposite(int answers) {
    return ((answers & TRUE) != 0 ? FALSE : 0)
        | ((answers & FALSE) != 0 ? TRUE : 0)
        | (answers & UNKNOWN);
  }

  private int all(List<FilterNode> parts, boolean opposite) {
    int result = TRUE;
    for (FilterNode part : parts) {
      int next = opposite ? opposite(answers(part)) : answers(part);
      int unknown =
          ((result & UNKNOWN) != 0 && (next & (TRUE | UNKNOWN)) != 0)
                  || ((next & UNKNOWN) != 0 && (result & (TRUE | UNKNOWN)) != 0)
              ? UNKNOWN
              : 0;
      result = (result & next & TRUE) | ((result | next) & FALSE) | unknown;
    }
    return result;
  }

  private int leaf(Leaf leaf) {
    if (leaf.column().type().typeId() == Type.TypeID.UNKNOWN) {
      return leaf instanceof NullTest ? TRUE : UNKNOWN;
    }
    ColumnFacts columnFacts = facts.of(leaf.column());
    if (leaf instanceof NullTest) {
      return (columnFacts.nulls() ? TRUE : 0)
          | (columnFacts.values() || columnFacts.nans() ? FALSE : 0);
    }
    boolean inverse =
        leaf instanceof Comparison comparison && comparison.operator() == Operator.UNEQUAL;
    int answers = columnFacts.nulls() ? UNKNOWN : 0;
    if (columnFacts.nans()) {
      answers |= inverse ? TRUE : FALSE;
    }
    if (columnFacts.values()) {
      int inside = values(leaf, columnFacts);
      answers |= inverse ? opposite(inside) : inside;
    }
    return answers;
  }

  /**
   * Returns the possible results for values within the bounds; for {@code <>}, as for {@code =}.
   */
  private static int values(Leaf leaf, ColumnFacts columnFacts) {
    if (leaf instanceof Between between) {
      return range(columnFacts, between.low(), true, between.high(), true);
    } else if (leaf instanceof Membership members) {
      return members(columnFacts, members.literals());
    } else if (leaf instanceof Like like) {
      return like(columnFacts, LikePredicate.of(like.pattern()));
    }
    Comparison comparison = (Comparison) leaf;
    TypedLiteral literal = comparison.literal();
    return switch (comparison.operator()) {
      case EQUAL, UNEQUAL -> range(columnFacts, literal, true, literal, true);
      case LESS -> range(columnFacts, null, true, literal, false);
      case AT_MOST -> range(columnFacts, null, true, literal, true);
      case MORE -> range(columnFacts, literal, false, null, true);
      case AT_LEAST -> range(columnFacts, literal, true, null, true);
    };
  }

  private static int range(
      ColumnFacts columnFacts,
      @Nullable TypedLiteral low,
      boolean lowIncluded,
      @Nullable TypedLiteral high,
      boolean highIncluded) {
    boolean empty = low != null && high != null && low.compareTo(high) > 0;
    boolean someReachLow = isAbove(columnFacts.high(), low, lowIncluded, true);
    boolean someReachHigh = isBelow(columnFacts.low(), high, highIncluded, true);
    boolean allAboveLow = isAbove(columnFacts.low(), low, lowIncluded, false);
    boolean allBelowHigh = isBelow(columnFacts.high(), high, highIncluded, false);
    return (someReachLow && someReachHigh && !empty ? TRUE : 0)
        | (allAboveLow && allBelowHigh && !empty ? 0 : FALSE);
  }

  private static boolean isAbove(
      @Nullable TypedLiteral bound,
      @Nullable TypedLiteral end,
      boolean included,
      boolean resultIfUnknown) {
    if (end == null) {
      return true;
    } else if (bound == null) {
      return resultIfUnknown;
    }
    int side = bound.compareTo(end);
    return side > 0 || (side == 0 && included);
  }

  private static boolean isBelow(
      @Nullable TypedLiteral bound,
      @Nullable TypedLiteral end,
      boolean included,
      boolean resultIfUnknown) {
    if (end == null) {
      return true;
    } else if (bound == null) {
      return resultIfUnknown;
    }
    int side = bound.compareTo(end);
    return side < 0 || (side == 0 && included);
  }

  private static int members(ColumnFacts columnFacts, List<TypedLiteral> literals) {
    boolean some = false;
    boolean all = false;
    // All values equal one constant only if there is one value.
    boolean single = columnFacts.low() != null && columnFacts.low().equals(columnFacts.high());
    for (TypedLiteral literal : literals) {
      int answers = range(columnFacts, literal, true, literal, true);
      some |= (answers & TRUE) != 0;
      all |= (answers & FALSE) == 0;
      if (some && (all || !single)) {
        break;
      }
    }
    return (some ? TRUE : 0) | (all ? 0 : FALSE);
  }

  private static int like(ColumnFacts columnFacts, LikePredicate test) {
    byte[] prefix = test.prefix();
    TypedLiteral low = columnFacts.low();
    TypedLiteral high = columnFacts.high();
    if (low != null && low.equals(high)) {
      byte[] only = low.asBytes().bytes();
      return test.passes(only, 0, only.length) ? TRUE : FALSE;
    }
    ByteString start = ByteString.of(prefix);
    boolean tooHigh =
        low != null && low.asBytes().compareTo(start) > 0 && !low.asBytes().startsWith(prefix);
    boolean tooLow = high != null && high.asBytes().compareTo(start) < 0;
    boolean all =
        test.isPrefix()
            && low != null
            && high != null
            && low.asBytes().startsWith(prefix)
            && high.asBytes().startsWith(prefix);
    return (tooHigh || tooLow ? 0 : TRUE)
        | (all || (test.isPrefix() && prefix.length == 0) ? 0 : FALSE);
  }
}
