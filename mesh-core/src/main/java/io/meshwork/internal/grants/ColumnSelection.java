package io.meshwork.internal.grants;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.rights.TableRights;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.text.NearestName;
import java.util.ArrayList;
import java.util.List;

/**
 * The columns that a change of rights is on. Immutable.
 *
 * @param only the included columns; empty for all
 * @param except the excluded columns; empty for none
 */
record ColumnSelection(List<String> only, List<String> except) {
  /** All columns. */
  static final ColumnSelection ALL = new ColumnSelection(List.of(), List.of());

  ColumnSelection only(String... names) {
    return new ColumnSelection(nonEmpty("columns", names), except);
  }

  ColumnSelection except(String... names) {
    return new ColumnSelection(only, nonEmpty("exceptColumns", names));
  }

  private static List<String> nonEmpty(String parameter, String... names) {
    List<String> all = ArgumentChecks.all(parameter, names);
    if (all.isEmpty()) {
      throw ArgumentChecks.refused(parameter, "is empty", "Name a column, or omit the call.");
    }
    return all;
  }

  boolean isAll() {
    return only.isEmpty() && except.isEmpty();
  }

  /**
   * Returns the selection with the names of the contract, in its order.
   *
   * @throws InvalidRequestException if a column does not exist, or columns are included and
   *     excluded
   */
  ColumnSelection resolve(TableRights table, MeshAction action) {
    List<String> unknown = new ArrayList<>(only);
    unknown.addAll(except);
    unknown.removeIf(name -> table.columns().stream().anyMatch(name::equalsIgnoreCase));
    if (!unknown.isEmpty()) {
      throw rejected(
          unknown,
          "it has no columns " + unknown + "; it has " + table.columns(),
          NearestName.question(unknown, table.columns())
              + "Name top-level columns of the contract.",
          action);
    } else if (!only.isEmpty() && !except.isEmpty()) {
      throw rejected(
          unknown,
          "columns(..) and exceptColumns(..) exclude each other",
          "Call only one.",
          action);
    }
    return new ColumnSelection(contractNames(only, table), contractNames(except, table));
  }

  private static InvalidRequestException rejected(
      List<String> columns, String reason, String fix, MeshAction action) {
    return Failure.of(action)
        .because(reason)
        .fix(fix)
        .findings(
            List.of(
                Finding.error(FindingCode.UNKNOWN_COLUMN, columns.toString(), reason + ".", fix)))
        .invalidRequest(ErrorCode.INVALID_ARGUMENT);
  }

  private static List<String> contractNames(List<String> names, TableRights table) {
    return table.columns().stream()
        .filter(column -> names.stream().anyMatch(column::equalsIgnoreCase))
        .toList();
  }
}
