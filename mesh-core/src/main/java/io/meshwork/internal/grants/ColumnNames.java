package io.meshwork.internal.grants;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.rights.TableRights;
import io.meshwork.internal.runtime.ArgumentChecks;
import java.util.ArrayList;
import java.util.List;

/** Columns that a change of rights is on: only some, or all but some. */
record ColumnNames(List<String> only, List<String> except) {
  /** All of them. */
  static final ColumnNames ALL = new ColumnNames(List.of(), List.of());

  ColumnNames only(String... names) {
    return new ColumnNames(some("columns", names), except);
  }

  ColumnNames except(String... names) {
    return new ColumnNames(only, some("exceptColumns", names));
  }

  private static List<String> some(String parameter, String... names) {
    List<String> some = ArgumentChecks.all(parameter, names);
    if (some.isEmpty()) {
      throw ArgumentChecks.refused(parameter, "is empty", "Name a column, or leave it out.");
    }
    return some;
  }

  boolean areAll() {
    return only.isEmpty() && except.isEmpty();
  }

  /**
   * The same in the contract's spelling and order.
   *
   * @throws InvalidRequestException if there is no such column, or both were said
   */
  ColumnNames in(TableRights table, MeshAction action) {
    List<String> unknown = new ArrayList<>(only);
    unknown.addAll(except);
    unknown.removeIf(name -> table.columns().stream().anyMatch(name::equalsIgnoreCase));
    if (!unknown.isEmpty() || (!only.isEmpty() && !except.isEmpty())) {
      String what =
          unknown.isEmpty()
              ? "columns(..) and exceptColumns(..) were both said"
              : "it has no columns " + unknown + "; it has " + table.columns();
      throw new InvalidRequestException(
          ErrorCode.INVALID_ARGUMENT,
          "Cannot "
              + action
              + ": "
              + what
              + ". Nothing was changed. Name top-level columns, one way or the other.",
          List.of(
              Finding.error(
                  "UNKNOWN_COLUMN", unknown.toString(), what + ".", "Name columns it has.")));
    }
    return new ColumnNames(spelled(only, table), spelled(except, table));
  }

  private static List<String> spelled(List<String> names, TableRights table) {
    return table.columns().stream()
        .filter(column -> names.stream().anyMatch(column::equalsIgnoreCase))
        .toList();
  }
}
