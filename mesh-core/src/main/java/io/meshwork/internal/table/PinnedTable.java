package io.meshwork.internal.table;

import java.util.List;
import java.util.Set;
import org.apache.iceberg.Table;

/**
 * The state of a table at one version of its pointer. Immutable.
 *
 * @param table the table of the metadata file
 * @param version the version of the pointer, which changes with each commit
 * @param differences differences between the pointer and the metadata file; empty if there are none
 * @param number the number of the metadata file, which increases by one with each commit
 * @param metadataFiles locations of the current and previous metadata files, and of statistics
 */
public record PinnedTable(
    Table table, String version, List<String> differences, int number, Set<String> metadataFiles) {
  /** Copies the collections. */
  public PinnedTable {
    differences = List.copyOf(differences);
    metadataFiles = Set.copyOf(metadataFiles);
  }
}
