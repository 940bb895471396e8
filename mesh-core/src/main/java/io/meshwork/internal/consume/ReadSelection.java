package io.meshwork.internal.consume;

import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.scan.ScanFilter;
import io.meshwork.internal.session.AccessCount;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.iceberg.Schema;

/**
 * The columns and rows that a read requests, bound to what its reader may see. The filter is parsed
 * and the columns are found once for each read. Immutable.
 *
 * @param where the reader's filter; empty for all rows
 * @param paths the columns that are read, as paths
 * @param projection these columns, with the table's field IDs
 */
record ReadSelection(
    BoundDataPermission permission,
    Optional<RowPredicate> where,
    List<String> paths,
    Schema projection) {
  ReadSelection {
    paths = List.copyOf(paths);
  }

  /**
   * Binds options of a read.
   *
   * @param isStored true if the filter was accepted earlier, so that symbols of enums are not
   *     checked again
   * @throws io.meshwork.error.AccessDeniedException if they use a hidden column
   * @throws io.meshwork.error.InvalidRequestException if they are not valid
   */
  static ReadSelection of(
      ReadOptions options, RowType<?> type, BoundDataPermission permission, boolean isStored) {
    Optional<RowPredicate> where =
        Optional.ofNullable(options.filter())
            .map(
                filter ->
                    isStored
                        ? permission.parseFilter(filter)
                        : permission.parseGivenFilter(filter));
    List<String> paths = permission.requestedColumns(options.columns(), type);
    return new ReadSelection(permission, where, paths, permission.project(paths));
  }

  /**
   * Restricts a filter to the requested rows, and to the rows and cells that the reader may see.
   */
  ScanFilter within(ScanFilter filter) {
    return permission.restrict(where.map(filter::and).orElse(filter));
  }

  /** Returns the top-level columns that are read or filtered by; ALL if the table has no others. */
  Set<String> requiredColumns() {
    Set<String> required = new TreeSet<>();
    projection.columns().forEach(column -> required.add(column.name()));
    where.ifPresent(
        filter -> filter.columns().forEach(path -> required.add(BoundDataPermission.column(path))));
    return required.size() >= permission.tableColumns() ? Set.of(AccessCount.ALL) : required;
  }

  /**
   * Returns the paths of the columns that are read or filtered by.
   *
   * @param table the columns of the table
   */
  Set<String> usedColumns(Schema table) {
    Set<String> used = new TreeSet<>(paths);
    where.ifPresent(filter -> filter.fieldIds().forEach(id -> used.add(table.findColumnName(id))));
    return used;
  }
}
