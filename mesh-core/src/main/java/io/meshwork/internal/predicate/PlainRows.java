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
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates a filter on rows that are maps of plain values without a schema: for samples and
 * explanations, not for data. Comparing a constant with a value of another kind yields unknown.
 */
public final class PlainRows {
  private PlainRows() {}

  /**
   * Returns true if the filter is true for a row; false otherwise, and for an invalid filter.
   *
   * @param columns all of type unknown, or structs of such columns
   * @param row values by lower-case name: strings, numbers, booleans, or maps for structs; dates
   *     and times as ISO text
   */
  public static boolean matches(
      String filter, Schema columns, Map<String, ? extends @Nullable Object> row) {
    FilterNode root;
    try {
      root = FilterParser.parse(filter, new ColumnLookup(columns, Set.of()));
    } catch (FilterParseException unreadable) {
      return false;
    }
    return Boolean.TRUE.equals(answer(root, row));
  }

  /** Returns the result; null for unknown. */
  private static @Nullable Boolean answer(
      FilterNode node, Map<String, ? extends @Nullable Object> row) {
    if (node instanceof Constant constant) {
      return constant.value();
    } else if (node instanceof And and) {
      return all(and.parts(), row, false);
    } else if (node instanceof Or or) {
      return all(or.parts(), row, true);
    } else if (node instanceof Not not) {
      Boolean part = answer(not.part(), row);
      return part == null ? null : Boolean.valueOf(!part);
    }
    return leaf((Leaf) node, row);
  }

  /**
   * Returns the deciding result if a part has it, else unknown if a part has it, else the opposite.
   */
  private static @Nullable Boolean all(
      List<FilterNode> parts, Map<String, ? extends @Nullable Object> row, boolean deciding) {
    boolean unknown = false;
    for (FilterNode part : parts) {
      Boolean answer = answer(part, row);
      if (answer == null) {
        unknown = true;
      } else if (answer == deciding) {
        return deciding;
      }
    }
    return unknown ? null : Boolean.valueOf(!deciding);
  }

  private static @Nullable Boolean leaf(Leaf leaf, Map<String, ? extends @Nullable Object> row) {
    Object value = value(leaf.column(), row);
    if (leaf instanceof NullTest) {
      return value == null;
    } else if (value == null) {
      return null;
    } else if (leaf instanceof Comparison comparison) {
      Integer order = PlainValue.order(value, comparison.literal());
      return order == null ? null : Boolean.valueOf(fits(order, comparison.operator()));
    } else if (leaf instanceof Between between) {
      Integer low = PlainValue.order(value, between.low());
      Integer high = PlainValue.order(value, between.high());
      if ((low != null && low < 0) || (high != null && high > 0)) {
        return false;
      }
      return (low == null || high == null) ? null : Boolean.TRUE;
    } else if (leaf instanceof Membership members) {
      return member(value, members.literals());
    }
    return value instanceof String text ? PlainValue.like(text, ((Like) leaf).pattern()) : null;
  }

  private static @Nullable Boolean member(Object value, List<TypedLiteral> literals) {
    boolean unknown = false;
    for (TypedLiteral literal : literals) {
      Integer order = PlainValue.order(value, literal);
      if (order == null) {
        unknown = true;
      } else if (order == 0) {
        return true;
      }
    }
    return unknown ? null : Boolean.FALSE;
  }

  private static boolean fits(int order, FilterNode.Operator operator) {
    return switch (operator) {
      case EQUAL -> order == 0;
      case UNEQUAL -> order != 0;
      case LESS -> order < 0;
      case MORE -> order > 0;
      case AT_MOST -> order <= 0;
      case AT_LEAST -> order >= 0;
    };
  }

  private static @Nullable Object value(
      FilterColumn column, Map<String, ? extends @Nullable Object> row) {
    Object value = row.get(column.path().get(0).toLowerCase(Locale.ROOT));
    for (String name : column.path().subList(1, column.path().size())) {
      Object candidate = null;
      if (value instanceof Map<?, ?> fields) {
        for (Map.Entry<?, ?> field : fields.entrySet()) {
          if (name.equalsIgnoreCase(String.valueOf(field.getKey()))) {
            candidate = field.getValue();
          }
        }
      }
      value = candidate;
    }
    return value;
  }
}
