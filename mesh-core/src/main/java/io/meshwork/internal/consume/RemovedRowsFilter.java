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
 * How a snapshot says which rows went: by a filter, by partitions, or not at all since none did.
 *
 * @param filter true for each row that went; empty if partitions tell, or none went
 * @param partitions those whose rows went, each from its part's name to its value
 */
record RemovedRowsFilter(Optional<RowPredicate> filter, List<Map<String, Object>> partitions) {
  private static final RemovedRowsFilter NONE = new RemovedRowsFilter(Optional.empty(), List.of());

  static RemovedRowsFilter of(Table table, Snapshot snapshot, SnapshotChange deed) {
    return switch (deed) {
      case ERASED, REPLACED_WHERE ->
          new RemovedRowsFilter(Optional.of(filter(table, snapshot)), List.of());
      case REPLACED_PARTITIONS -> partitions(table, SnapshotFiles.added(table, snapshot));
      default -> NONE;
    };
  }

  /** The filter of a replace or an erase, as it was meant when it was said. */
  static RowPredicate filter(Table table, Snapshot snapshot) {
    Integer schemaId = snapshot.schemaId();
    Schema schema = schemaId == null ? null : table.schemas().get(schemaId);
    return RowPredicate.parse(
        TableSnapshots.scope(table, snapshot).orElse(""), schema == null ? table.schema() : schema);
  }

  /**
   * True if a reader can tell the rows that a snapshot took away. Values of a filter or partition
   * may be those of rows that it does not see; who does not see every row is told neither.
   */
  static boolean areVisible(
      Table table, Snapshot snapshot, SnapshotChange deed, RowVisibility visible) {
    Stream<Integer> asked =
        switch (deed) {
          case ERASED, REPLACED_WHERE -> filter(table, snapshot).fieldIds().stream();
          case REPLACED_PARTITIONS ->
              table.specs().values().stream()
                  .flatMap(spec -> spec.fields().stream())
                  .map(PartitionField::sourceId);
          default -> Stream.of();
        };
    boolean tellsValues =
        deed == SnapshotChange.ERASED
            || deed == SnapshotChange.REPLACED_WHERE
            || deed == SnapshotChange.REPLACED_PARTITIONS;
    return (visible.everyRow() || !tellsValues)
        && asked.allMatch(id -> visible.columns().findField(id) != null);
  }

  private static RemovedRowsFilter partitions(Table table, List<DataFile> added) {
    Set<Map<String, Object>> partitions = new LinkedHashSet<>();
    for (DataFile file : added) {
      PartitionSpec spec = table.specs().get(file.specId());
      if (spec == null) {
        throw new IllegalStateException("a file lies by a partitioning that its table never had");
      }
      partitions.add(PartitionValues.of(file, spec));
    }
    return new RemovedRowsFilter(Optional.empty(), new ArrayList<>(partitions));
  }
}
