package io.meshwork.internal.grants;

import io.meshwork.internal.rights.TableRights;
import io.meshwork.product.Classification;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The data that a request is for, under a contract. Immutable.
 *
 * @param columns the requested columns that exist
 * @param risk the highest classification of these columns and of columns in the row condition,
 *     because a reader learns about them; the product's if there are none
 * @param riskyColumns the columns with that classification
 */
record RequestedData(List<String> columns, Classification risk, List<String> riskyColumns) {
  RequestedData {
    columns = List.copyOf(columns);
    riskyColumns = List.copyOf(riskyColumns);
  }

  /**
   * Returns the data of a request. A row condition that no longer fits the contract is ignored: it
   * cannot be granted.
   *
   * @param table the live major versions of the product
   */
  static RequestedData of(RequestEntry request, TableRights table) {
    List<String> all = table.columns();
    List<String> columns =
        request.columns().isEmpty()
            ? all
            : all.stream().filter(request.columns()::contains).toList();
    Set<String> used = new LinkedHashSet<>(columns);
    used.addAll(table.fields().revealedBy(request.rows()));
    List<String> exposed = all.stream().filter(used::contains).toList();
    Classification risk =
        exposed.stream()
            .map(table::classificationOf)
            .max(Comparator.naturalOrder())
            .orElse(table.classification());
    return new RequestedData(
        columns,
        risk,
        exposed.stream().filter(each -> table.classificationOf(each) == risk).toList());
  }
}
