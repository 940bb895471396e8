package io.meshwork.internal.consume;

import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.scan.SnapshotFiles;
import io.meshwork.internal.session.TableSnapshots;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.PartitionField;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;

/**
 * Which rows a snapshot removed: rows that match a filter, rows of some partitions, or none.
 *
 * @param filter true for each removed row; empty if partitions were replaced or no row was removed
 * @param partitions the replaced partitions, each as a map from partition field to value
 */
record RemovedRowsFilter(Optional<RowPredicate> filter, List<Map<String, Object>> partitions) {
  private static final RemovedRowsFilter NONE = new RemovedRowsFilter(Optional.empty(), List.of());

  static RemovedRowsFilter of(Table table, Snapshot snapshot, SnapshotChange change) {
    return switch (change) {
      case ERASED, REPLACED_WHERE ->
          new RemovedRowsFilter(Optional.of(filter(table, snapshot)), List.of());
      case REPLACED_PARTITIONS -> partitions(table, SnapshotFiles.added(table, snapshot));
      default -> NONE;
    };
  }

  /** Parses the filter of a replace or an erase with the schema of its snapshot. */
  static RowPredicate filter(Table table, Snapshot snapshot) {
    Integer schemaId = snapshot.schemaId();
    Schema schema = schemaId == null ? null : table.schemas().get(schemaId);
    return RowPredicate.parse(
        TableSnapshots.scope(table, snapshot).orElse(""), schema == null ? table.schema() : schema);
  }

  /**
   * Returns true if a reader may know which rows a snapshot removed. A filter or partition may
   * contain values of hidden rows, so readers with a row filter see neither.
   */
  static boolean areVisible(
      Table table, Snapshot snapshot, SnapshotChange change, RowVisibility visible) {
    Stream<Integer> fieldIds =
        switch (change) {
          case ERASED, REPLACED_WHERE -> filter(table, snapshot).fieldIds().stream();
          case REPLACED_PARTITIONS ->
              table.specs().values().stream()
                  .flatMap(spec -> spec.fields().stream())
                  .map(PartitionField::sourceId);
          default -> Stream.of();
        };
    boolean containsValues =
        change == SnapshotChange.ERASED
            || change == SnapshotChange.REPLACED_WHERE
            || change == SnapshotChange.REPLACED_PARTITIONS;
    return (visible.everyRow() || !containsValues)
        && fieldIds.allMatch(id -> visible.columns().findField(id) != null);
  }

  private static RemovedRowsFilter partitions(Table table, List<DataFile> added) {
    Set<Map<String, Object>> partitions = new LinkedHashSet<>();
    for (DataFile file : added) {
      PartitionSpec spec = table.specs().get(file.specId());
      if (spec == null) {
        throw new IllegalStateException("a file has a partition spec that its table does not have");
      }
      partitions.add(PartitionValues.of(file, spec));
    }
    return new RemovedRowsFilter(Optional.empty(), new ArrayList<>(partitions));
  }
}
