package io.meshwork.internal.table;

import java.util.Optional;
import java.util.function.Supplier;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableOperations;

/**
 * A version of a table, which can ask what the current version needs. A file that only this one
 * needs may be deleted at any time.
 */
class LoadedTable extends BaseTable {
  private static final long serialVersionUID = 1L;

  private final transient Supplier<Optional<Table>> current;
  private final transient ManifestCache manifests;

  /**
   * A version of a table.
   *
   * @param manifests the manifests that are not read again
   * @param current loads the current version; empty if the table no longer exists
   */
  LoadedTable(
      TableOperations operations,
      String name,
      ManifestCache manifests,
      Supplier<Optional<Table>> current) {
    super(operations, name, report -> {});
    this.current = current;
    this.manifests = manifests;
  }

  /** The manifests of a table that need not be read again; none if it is not one of ours. */
  static ManifestCache manifests(Table table) {
    return table instanceof LoadedTable loaded ? loaded.manifests : ManifestCache.NONE;
  }

  /** True if the current version has this snapshot, or the table cannot be compared. */
  static boolean needsSnapshot(Table table, long snapshotId) {
    return !(table instanceof LoadedTable loaded)
        || loaded.current.get().filter(now -> now.snapshot(snapshotId) != null).isPresent();
  }

  /** True if the current version has this data file, or the table cannot be compared. */
  static boolean needsFile(Table table, String location) {
    return !(table instanceof LoadedTable loaded)
        || loaded.current.get().filter(now -> Manifests.isReferenced(now, location)).isPresent();
  }
}
