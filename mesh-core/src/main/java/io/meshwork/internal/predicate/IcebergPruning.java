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
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.types.Type;

/**
 * Converts a filter to an Iceberg expression that prunes manifests and files: the expression is
 * true for every matching row, and possibly for others. Negations are pushed down to the leaves and
 * expressed as comparisons, because Iceberg's NOT treats nulls and NaN differently.
 */
final class IcebergPruning {
  /** A larger set is converted to a range, because Iceberg compares each member with every file. */
  private static final int MAX_MEMBERS = 20;

  private IcebergPruning() {}

  /**
   * Returns an expression that is true wherever the node is; with {@code opposite}, wherever the
   * node is false.
   */
  static Expression of(FilterNode node, boolean opposite) {
    if (node instanceof Constant constant) {
      return constant.value() != opposite ? Expressions.alwaysTrue() : Expressions.alwaysFalse();
    } else if (node instanceof Not not) {
      return of(not.part(), !opposite);
    } else if (node instanceof And and) {
      return joined(and.parts(), !opposite, opposite);
    } else if (node instanceof Or or) {
      return joined(or.parts(), opposite, opposite);
    }
    return leaf((Leaf) node, opposite);
  }

  private static Expression joined(List<FilterNode> parts, boolean all, boolean opposite) {
    Expression result = of(parts.get(0), opposite);
    for (FilterNode part : parts.subList(1, parts.size())) {
      Expression next = of(part, opposite);
      result = all ? Expressions.and(result, next) : Expressions.or(result, next);
    }
    return result;
  }

  private static Expression leaf(Leaf leaf, boolean opposite) {
    FilterColumn column = leaf.column();
    if (column.type().typeId() == Type.TypeID.UNKNOWN) {
      return leaf instanceof NullTest && !opposite
          ? Expressions.alwaysTrue()
          : Expressions.alwaysFalse();
    } else if (leaf instanceof NullTest) {
      return nullTest(column, opposite);
    } else if (column.type().typeId() == Type.TypeID.UUID) {
      // Iceberg's Java library compares UUIDs as signed, its specification and Parquet as unsigned.
      return notNullOrNan(column);
    } else if (leaf instanceof Comparison comparison) {
      return comparison(column, comparison.operator(), comparison.literal(), opposite);
    } else if (leaf instanceof Between between) {
      return between(column, between.low(), between.high(), opposite);
    } else if (opposite) {
      return notNullOrNan(column);
    } else if (leaf instanceof Membership members) {
      return members(column, members.literals());
    }
    return like(column, LikePredicate.of(((Like) leaf).pattern()));
  }

  private static Expression nullTest(FilterColumn column, boolean opposite) {
    if (opposite) {
      return notNullOrNan(column);
    }
    // A required field of a null struct is null as well, whatever its own counts are.
    return column.path().size() > 1 ? Expressions.alwaysTrue() : Expressions.isNull(column.name());
  }

  private static Expression notNullOrNan(FilterColumn column) {
    return Expressions.notNull(column.name());
  }

  private static Expression comparison(
      FilterColumn column, Operator operator, TypedLiteral literal, boolean opposite) {
    if (!opposite) {
      return comparison(column, operator, literal);
    }
    Operator negatedOperator =
        switch (operator) {
          case EQUAL -> Operator.UNEQUAL;
          case UNEQUAL -> Operator.EQUAL;
          case LESS -> Operator.AT_LEAST;
          case AT_LEAST -> Operator.LESS;
          case MORE -> Operator.AT_MOST;
          case AT_MOST -> Operator.MORE;
        };
    Expression result = comparison(column, negatedOperator, literal);
    return negatedOperator == Operator.EQUAL ? result : orNan(column, result);
  }

  /**
   * Adds NaN to the expression: comparisons other than {@code <>} are false for NaN, so their
   * negations are true.
   */
  private static Expression orNan(FilterColumn column, Expression expression) {
    return column.floating()
        ? Expressions.or(expression, Expressions.isNaN(column.name()))
        : expression;
  }

  private static Expression comparison(
      FilterColumn column, Operator operator, TypedLiteral literal) {
    return switch (operator) {
      case EQUAL -> between(column, literal, literal);
      case UNEQUAL ->
          Expressions.and(
              notNullOrNan(column), compared(Expression.Operation.NOT_EQ, column, literal, 0.0));
      // Iceberg orders -0.0 before 0.0, so the zero is chosen that includes, or excludes, both.
      case LESS -> compared(Expression.Operation.LT, column, literal, -0.0);
      case AT_LEAST -> compared(Expression.Operation.GT_EQ, column, literal, -0.0);
      case MORE -> compared(Expression.Operation.GT, column, literal, 0.0);
      case AT_MOST -> compared(Expression.Operation.LT_EQ, column, literal, 0.0);
    };
  }

  private static Expression between(
      FilterColumn column, TypedLiteral low, TypedLiteral high, boolean opposite) {
    return opposite
        ? orNan(
            column,
            Expressions.or(
                comparison(column, Operator.LESS, low), comparison(column, Operator.MORE, high)))
        : between(column, low, high);
  }

  private static Expression between(FilterColumn column, TypedLiteral low, TypedLiteral high) {
    boolean isZero = column.floating() && low.asDouble() == 0;
    if (low.equals(high) && !isZero) {
      return compared(Expression.Operation.EQ, column, low, 0.0);
    }
    return Expressions.and(
        comparison(column, Operator.AT_LEAST, low), comparison(column, Operator.AT_MOST, high));
  }

  private static Expression members(FilterColumn column, List<TypedLiteral> literals) {
    if (literals.size() > MAX_MEMBERS) {
      return between(column, literals.get(0), literals.get(literals.size() - 1));
    }
    Expression result = Expressions.alwaysFalse();
    for (TypedLiteral literal : literals) {
      result = Expressions.or(result, between(column, literal, literal));
    }
    return result;
  }

  private static Expression like(FilterColumn column, LikePredicate test) {
    String prefix = new String(test.prefix(), StandardCharsets.UTF_8);
    if (test.isExact()) {
      return Expressions.equal(column.name(), prefix);
    }
    return prefix.isEmpty() ? notNullOrNan(column) : Expressions.startsWith(column.name(), prefix);
  }

  private static Expression compared(
      Expression.Operation operation, FilterColumn column, TypedLiteral literal, double zero) {
    String name = column.name();
    return switch (column.type().typeId()) {
      case BOOLEAN -> Expressions.predicate(operation, name, literal.asLong() != 0);
      case INTEGER, DATE -> Expressions.predicate(operation, name, (int) literal.asLong());
      case FLOAT ->
          Expressions.predicate(
              operation, name, (float) (literal.asDouble() == 0 ? zero : literal.asDouble()));
      case DOUBLE ->
          Expressions.predicate(
              operation, name, literal.asDouble() == 0 ? zero : literal.asDouble());
      case DECIMAL -> Expressions.predicate(operation, name, literal.asDecimal());
      case TIMESTAMP ->
          Expressions.predicate(operation, name, Expressions.micros(literal.asLong()));
      case TIMESTAMP_NANO ->
          Expressions.predicate(operation, name, Expressions.nanos(literal.asLong()));
      case STRING -> Expressions.predicate(operation, name, literal.asBytes().text());
      default -> Expressions.predicate(operation, name, literal.asLong());
    };
  }
}
