package io.meshwork.odcs.internal.dqdl;

import io.meshwork.odcs.internal.document.InexpressibleException;
import io.meshwork.odcs.internal.document.OdcsErrors;
import io.meshwork.odcs.internal.dqdl.DqdlColumns.Field;
import io.meshwork.odcs.internal.dqdl.DqdlFilter.Test;
import io.meshwork.odcs.internal.dqdl.DqdlRuleImport.RejectedRuleException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The columns that a composite rule of DQDL forbids to contain NaN. A range of the mesh rejects NaN
 * too, so that such a part adds nothing to a range on its column. No other rule means it.
 */
final class NaNColumns {
  private static final Set<String> RANGES = Set.of(">", ">=", "<", "<=", "between");

  private final DqdlColumns columns;
  private final Set<String> names = new LinkedHashSet<>();

  private NaNColumns(DqdlColumns columns) {
    this.columns = columns;
  }

  /**
   * Removes the parts that forbid NaN.
   *
   * @throws InexpressibleException if no other part is a range on the same column, over all rows
   */
  static NaNColumns removedFrom(List<DqdlRule> parts, DqdlColumns columns)
      throws InexpressibleException, RejectedRuleException {
    NaNColumns forbidden = new NaNColumns(columns);
    for (DqdlRule part : List.copyOf(parts)) {
      Optional<String> column = DqdlSql.nanColumn(part).filter(columns::has);
      if (column.isPresent()) {
        forbidden.names.add(columns.require(column.get()).name());
        parts.remove(part);
      }
    }
    for (String name : forbidden.names) {
      if (!forbidden.hasRange(parts, name)) {
        throw new InexpressibleException(
            "it forbids NaN in " + OdcsErrors.quoted(name) + ", which only a range does");
      }
    }
    return forbidden;
  }

  /** True if no part can meet a NaN in a column that it does not forbid. */
  boolean cover(List<DqdlRule> parts) {
    return !names.isEmpty()
        && parts.stream()
            .allMatch(
                part ->
                    part.isComposite()
                        ? cover(part.parts())
                        : part.parameters().stream()
                            .anyMatch(name -> names.stream().anyMatch(name::equalsIgnoreCase)));
  }

  private boolean hasRange(List<DqdlRule> parts, String column)
      throws InexpressibleException, RejectedRuleException {
    for (DqdlRule part : parts) {
      if (part.isComposite() ? hasRange(part.parts(), column) : isRange(part, column)) {
        return true;
      }
    }
    return false;
  }

  private boolean isRange(DqdlRule rule, String column)
      throws InexpressibleException, RejectedRuleException {
    DqdlCondition condition = rule.condition();
    if (!rule.type().equals("ColumnValues")
        || condition == null
        || !RANGES.contains(condition.operator())
        || !rule.tags().isEmpty()) {
      return false;
    }
    Field field = columns.require(DqdlRuleImport.parameter(rule, 0));
    DqdlFilter filter = DqdlFilter.of(rule.where(), columns);
    return field.name().equals(column)
        && !filter.excludes(Test.NOT_NAN, column)
        && filter.without(Test.NOT_NULL, column).text().isEmpty();
  }
}
