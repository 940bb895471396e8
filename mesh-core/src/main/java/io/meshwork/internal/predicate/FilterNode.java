package io.meshwork.internal.predicate;

import java.util.List;
import java.util.TreeSet;

/** A filter as a tree. Immutable; equal trees mean the same filter written the same way. */
sealed interface FilterNode {
  /** All rows, or none. */
  record Constant(boolean value) implements FilterNode {}

  /** True if all parts are; at least two, none of them an And. */
  record And(List<FilterNode> parts) implements FilterNode {
    public And {
      parts = List.copyOf(parts);
    }
  }

  /** True if one part is; at least two, none of them an Or. */
  record Or(List<FilterNode> parts) implements FilterNode {
    public Or {
      parts = List.copyOf(parts);
    }
  }

  /** The opposite of a part that is no Not itself; not known where the part is not. */
  record Not(FilterNode part) implements FilterNode {}

  /** What is asked of one column. */
  sealed interface Leaf extends FilterNode {
    FilterColumn column();
  }

  /** A column compared with a constant. */
  record Comparison(FilterColumn column, Operator operator, Literal literal) implements Leaf {}

  /** A column within two constants, both included. */
  record Between(FilterColumn column, Literal low, Literal high) implements Leaf {}

  /** A column among constants, which are sorted and distinct. */
  record Membership(FilterColumn column, List<Literal> literals) implements Leaf {
    public Membership {
      literals = List.copyOf(new TreeSet<>(literals));
    }
  }

  /** Text that has a form: {@code %} stands for any text, {@code _} for one code point. */
  record Like(FilterColumn column, String pattern) implements Leaf {}

  /** A column that is null; never unknown itself. */
  record NullTest(FilterColumn column) implements Leaf {}

  /** The six comparisons. */
  enum Operator {
    EQUAL("="),
    UNEQUAL("<>"),
    LESS("<"),
    MORE(">"),
    AT_MOST("<="),
    AT_LEAST(">=");

    private final String sign;

    Operator(String sign) {
      this.sign = sign;
    }

    String sign() {
      return sign;
    }
  }
}
