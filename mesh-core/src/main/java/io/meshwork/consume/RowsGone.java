package io.meshwork.consume;

import io.meshwork.internal.predicate.Predicate;
import io.meshwork.internal.scan.SnapshotFiles;
import io.meshwork.internal.session.TableSnapshots;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
 * @param fieldIds of the columns that one has to know to tell the rows that went
 */
record RowsGone(
    Optional<Predicate> filter, List<Map<String, Object>> partitions, Set<Integer> fieldIds) {
  private static final RowsGone NONE = new RowsGone(Optional.empty(), List.of(), Set.of());

  static RowsGone of(Table table, Snapshot snapshot, Deed deed) {
    return switch (deed) {
      case ERASED, REPLACED_WHERE -> {
        Predicate filter = filter(table, snapshot);
        yield new RowsGone(Optional.of(filter), List.of(), filter.fieldIds());
      }
      case REPLACED_PARTITIONS -> partitions(table, SnapshotFiles.added(table, snapshot));
      default -> NONE;
    };
  }

  /** The filter of a replace or an erase, as it was meant when it was said. */
  static Predicate filter(Table table, Snapshot snapshot) {
    Integer schemaId = snapshot.schemaId();
    Schema schema = schemaId == null ? null : table.schemas().get(schemaId);
    return Predicate.parse(
        snapshot.summary().getOrDefault(TableSnapshots.SCOPE, ""),
        schema == null ? table.schema() : schema);
  }

  /** True if one who sees these columns can tell the rows. */
  boolean isVisible(Schema columns) {
    return fieldIds.stream().allMatch(id -> columns.findField(id) != null);
  }

  private static RowsGone partitions(Table table, List<DataFile> added) {
    Set<Map<String, Object>> partitions = new LinkedHashSet<>();
    Set<Integer> fieldIds = new HashSet<>();
    for (DataFile file : added) {
      PartitionSpec spec = table.specs().get(file.specId());
      spec.fields().stream().map(PartitionField::sourceId).forEach(fieldIds::add);
      partitions.add(PartitionValues.of(file, spec));
    }
    return new RowsGone(Optional.empty(), new ArrayList<>(partitions), fieldIds);
  }
}
