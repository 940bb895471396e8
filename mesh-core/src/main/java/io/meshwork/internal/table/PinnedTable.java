package io.meshwork.internal.table;

import java.util.List;
import java.util.Set;
import org.apache.iceberg.Table;

/**
 * A table as its pointer and its metadata file say that it is.
 *
 * @param table as the metadata file says
 * @param version of the pointer, which changes with each commit
 * @param differences what the metadata file says otherwise than the pointer; empty when all is well
 * @param number of the metadata file, rising by one with each commit
 * @param metadataFiles locations of metadata, present and earlier, and of statistics
 */
public record PinnedTable(
    Table table, String version, List<String> differences, int number, Set<String> metadataFiles) {
  /** Copies the lists. */
  public PinnedTable {
    differences = List.copyOf(differences);
    metadataFiles = Set.copyOf(metadataFiles);
  }
}
