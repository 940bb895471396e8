package io.meshwork.internal.predicate;

import java.util.List;
import java.util.TreeSet;

/**
 * A filter as a syntax tree. Immutable. Trees are equal if the filters have the same structure and
 * constants.
 */
sealed interface FilterNode {
  /** Matches all rows, or none. */
  record Constant(boolean value) implements FilterNode {}

  /** True if all parts are true. Has at least two parts, none of which is an {@code And}. */
  record And(List<FilterNode> parts) implements FilterNode {
    public And {
      parts = List.copyOf(parts);
    }
  }

  /** True if at least one part is true. Has at least two parts, none of which is an {@code Or}. */
  record Or(List<FilterNode> parts) implements FilterNode {
    public Or {
      parts = List.copyOf(parts);
    }
  }

  /** Negates a part, which is not a {@code Not}; unknown stays unknown. */
  record Not(FilterNode part) implements FilterNode {}

  /** A condition on one column. */
  sealed interface Leaf extends FilterNode {
    FilterColumn column();
  }

  /** Compares a column with a constant. */
  record Comparison(FilterColumn column, Operator operator, TypedLiteral literal) implements Leaf {}

  /** Matches values from {@code low} to {@code high}, inclusive. */
  record Between(FilterColumn column, TypedLiteral low, TypedLiteral high) implements Leaf {}

  /** Matches values that equal one of the constants, which are sorted and distinct. */
  record Membership(FilterColumn column, List<TypedLiteral> literals) implements Leaf {
    public Membership {
      literals = List.copyOf(new TreeSet<>(literals));
    }
  }

  /** Matches a text pattern: {@code %} stands for any text, {@code _} for one code point. */
  record Like(FilterColumn column, String pattern) implements Leaf {}

  /** Matches nulls; never unknown. */
  record NullTest(FilterColumn column) implements Leaf {}

  /** The six comparison operators. */
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
