package io.meshwork.internal.maintenance;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
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
 * The files in the folders of tables and of archives as they were at one time; empty where the
 * store cannot list. Immutable.
 */
final class DataFolder {
  private static final String METADATA = "/metadata/";

  /** What is made from the log for those who look at files: it proves nothing. */
  private static final String LAST_UPDATED = "/_metadata/last_updated.json";

  private final Map<Key, Map<String, FileInfo>> tables = new TreeMap<>();

  private final Map<String, List<ArchiveFile>> archives = new HashMap<>();

  private DataFolder() {}

  /**
   * Lists once over all tables, and once over all archives.
   *
   * @throws BackendException if the store can list and did not
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
      throw BackendException.passing(
          ErrorCode.BACKEND_FAILED,
          "Could not look after the mesh: the files below "
              + start
              + " cannot be listed. Nothing was changed. Look at the store, and run it again.",
          e);
    }
  }

  /** The same with the tables of these domains only; archives are asked for by partition. */
  DataFolder ofDomains(Predicate<String> wanted) {
    DataFolder some = new DataFolder();
    some.archives.putAll(archives);
    tables.forEach(
        (table, files) -> {
          if (wanted.test(table.writingDomain())) {
            some.tables.put(table, files);
          }
        });
    return some;
  }

  /** The files of a partition's archives, also those that are none yet or no more. */
  List<ArchiveFile> archives(String partition) {
    return archives.getOrDefault(partition, List.of());
  }

  /** Pointers of all tables that have a folder. */
  Set<Key> tables() {
    return tables.keySet();
  }

  /** The files in a table's folder and below, by location. */
  Map<String, FileInfo> files(Key table) {
    return tables.getOrDefault(table, Map.of());
  }

  /**
   * True if there is a whole file of rows: only what was defined gets one, while a definition that
   * never came to its end may leave metadata.
   */
  boolean holdsData(Key table) {
    return holdsData(files(table));
  }

  /** True for files in folders of Iceberg's metadata. */
  static boolean isMetadata(String location) {
    return location.contains(METADATA);
  }

  static boolean holdsData(Map<String, FileInfo> files) {
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
