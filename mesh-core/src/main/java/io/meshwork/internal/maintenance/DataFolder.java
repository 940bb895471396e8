package io.meshwork.internal.maintenance;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.CanonicalLocation;
import io.meshwork.internal.table.TableName;
import io.meshwork.registry.Registry.Key;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.SupportsPrefixOperations;

/**
 * The files in the folders of tables and archives at one time; empty if the store cannot list.
 * Immutable.
 */
final class DataFolder {
  private static final String METADATA = "/metadata/";

  /** A copy of log data for readers of files; its presence proves nothing about the table. */
  private static final String LAST_UPDATED = "/_metadata/last_updated.json";

  private final Map<Key, Map<String, FileInfo>> tables = new TreeMap<>();

  private final Map<String, List<ArchiveFile>> archives = new HashMap<>();

  private DataFolder() {}

  /**
   * Lists all tables and all archives, once each.
   *
   * @throws BackendException if the store can list but failed
   */
  static DataFolder list(ClientSession session) {
    DataFolder folder = new DataFolder();
    if (session.files() instanceof SupportsPrefixOperations listing) {
      String start = session.tables().dataFolder() + "/";
      list(listing, start, file -> folder.add(start, file));
      String archive = session.tables().archiveFolder() + "/";
      list(
          listing,
          archive,
          file ->
              ArchiveFile.of(archive, file)
                  .ifPresent(
                      part ->
                          folder
                              .archives
                              .computeIfAbsent(
                                  part.segment().partition(), absent -> new ArrayList<>())
                              .add(part)));
    }
    return folder;
  }

  private static void list(
      SupportsPrefixOperations listing, String start, Consumer<FileInfo> files) {
    try {
      listing.listPrefix(start).forEach(files);
    } catch (RuntimeException e) {
      throw Failure.of(MeshAction.of(Verb.LIST, "the files in " + start))
          .because("the store failed")
          .fix("Check the store, and run it again.")
          .cause(e)
          .passing(ErrorCode.BACKEND_FAILED);
    }
  }

  /** Returns a copy that has only the tables of these domains, and all archives. */
  DataFolder ofDomains(Predicate<String> domains) {
    DataFolder selection = new DataFolder();
    selection.archives.putAll(archives);
    tables.forEach(
        (table, files) -> {
          if (domains.test(table.writingDomain())) {
            selection.tables.put(table, files);
          }
        });
    return selection;
  }

  /** Returns the files of a partition's archives, complete or not. */
  List<ArchiveFile> archives(String partition) {
    return archives.getOrDefault(partition, List.of());
  }

  /** Returns the pointers of all tables that have a folder. */
  Set<Key> tables() {
    return tables.keySet();
  }

  /** Returns the files in a table's folder and its subfolders, by location. */
  Map<String, FileInfo> files(Key table) {
    return tables.getOrDefault(table, Map.of());
  }

  /**
   * Returns true if a table's folder has a complete file of rows. An interrupted definition may
   * leave metadata, but no rows.
   */
  boolean containsData(Key table) {
    return containsData(files(table));
  }

  /** Returns true for a file in a folder of Iceberg metadata. */
  static boolean isMetadata(String location) {
    return location.contains(METADATA);
  }

  static boolean containsData(Map<String, FileInfo> files) {
    return files.keySet().stream()
        .anyMatch(file -> !file.contains(METADATA) && !CanonicalLocation.isUnfinished(file));
  }

  private void add(String start, FileInfo file) {
    String location = file.location();
    if (!location.startsWith(start) || location.endsWith(LAST_UPDATED)) {
      return;
    }
    String[] parts = location.substring(start.length()).split("/", 3);
    if (parts.length == 3) {
      TableName.keyOf(parts[0], parts[1])
          .ifPresent(
              table ->
                  tables.computeIfAbsent(table, absent -> new HashMap<>()).put(location, file));
    }
  }
}
