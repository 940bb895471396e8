package io.meshwork.internal.table;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.MeshException;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.UnloggedDocuments;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.registry.Registry.Key;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.StaticTableOperations;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.FileIO;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A table whose major version was purged, as its document in the registry names it until its files
 * are deleted: only files that its last metadata reaches. Immutable.
 *
 * @param stored the document
 * @param folder the table's folder
 * @param metadata the location of the last metadata file
 */
public record PurgedTable(VersionedDocument stored, String folder, String metadata) {
  private static final List<String> LOCATION = List.of(DataFile.FILE_PATH.name());
  private static final String LAST_UPDATED = "/_metadata/last_updated.json";
  private static final Logger LOG = LoggerFactory.getLogger(PurgedTable.class);

  /** The key of the document of a table. */
  public static Key key(TableName table) {
    return new Key(table.partition(), UnloggedDocuments.PURGING + table.table());
  }

  /** The document of a table at a position. */
  public static ObjectNode document(MeshTables.TablePosition position) {
    return DocumentCodec.of(Location.class)
        .write(new Location(position.folder(), position.metadata()), Optional.empty());
  }

  private record Location(String folder, String metadata) {}

  /** Those of a product whose files may not all be deleted. */
  public static List<PurgedTable> list(Ledger ledger, String partition) {
    return ledger.list(partition, UnloggedDocuments.PURGING).stream().map(PurgedTable::of).toList();
  }

  public static PurgedTable of(VersionedDocument stored) {
    return DocumentCodec.of(PurgedTable.class).read(stored);
  }

  /** The pointer that the table had. */
  public Key pointer() {
    String table = stored.key().sort().substring(UnloggedDocuments.PURGING.length());
    return new Key(stored.key().partition(), TableName.POINTERS + table);
  }

  /**
   * The files in the table's folder that its last metadata or a staged publish reaches, in groups:
   * the files of each group name files of the groups before it. The last metadata comes last.
   *
   * @param isNeeded true for a file that another table needs, which is left out
   * @throws MeshException if the store failed; retryable
   */
  public List<List<String>> files(MeshTables tables, Ledger ledger, Predicate<String> isNeeded) {
    Optional<TableMetadata> newestMetadata = lastMetadata(tables.files());
    if (newestMetadata.isEmpty()) {
      return List.of();
    }
    TableMetadata last = newestMetadata.get();
    Set<String> content = new LinkedHashSet<>();
    Set<String> manifests = new LinkedHashSet<>();
    BaseTable table = new BaseTable(new StaticTableOperations(last, tables.files()), folder);
    for (Snapshot snapshot : table.snapshots()) {
      collect(table, snapshot, content, manifests);
    }
    for (StagedFiles staged : StagedFiles.list(ledger, pointer().partition())) {
      TableName.at(pointer())
          .filter(name -> name.quarantine() && name.major() == staged.major())
          .ifPresent(
              name -> staged.files().forEach(file -> content.add(folder + "/data/" + file.name())));
    }
    Set<String> others = new LinkedHashSet<>();
    table.snapshots().forEach(snapshot -> others.add(snapshot.manifestListLocation()));
    last.statisticsFiles().forEach(file -> others.add(file.path()));
    last.partitionStatisticsFiles().forEach(file -> others.add(file.path()));
    last.previousFiles().forEach(file -> others.add(file.file()));
    others.add(folder + LAST_UPDATED);
    others.remove(metadata);
    return Stream.of(content, manifests, others, Set.of(metadata))
        .map(
            group ->
                group.stream()
                    .filter(file -> file.startsWith(folder + "/") && tables.contains(folder, file))
                    .filter(file -> file.equals(metadata) || !isNeeded.test(file))
                    .toList())
        .toList();
  }

  /**
   * Deletes files, each group only after all files of the groups before it, so that another process
   * finds the remaining files.
   *
   * @param files the groups of files of one table
   * @param deletion deletes files, and returns false if one remains
   */
  public static void delete(List<List<String>> files, Predicate<List<String>> deletion) {
    for (List<String> group : files) {
      if (!deletion.test(group)) {
        return;
      }
    }
  }

  /** The last metadata; empty if it was deleted already. */
  private Optional<TableMetadata> lastMetadata(FileIO files) {
    ParsedFiles parsed = new ParsedFiles(files);
    try {
      return Optional.of(TableMetadataParser.read(parsed, metadata));
    } catch (NotFoundException e) {
      return Optional.empty();
    } catch (RuntimeException e) {
      throw parsed
          .failure(MeshAction.of(Verb.REMOVE, "files of " + folder), metadata)
          .<RuntimeException>map(failure -> failure)
          .orElse(e);
    }
  }

  /** What an interrupted deletion removed already is left out. */
  private static void collect(
      BaseTable table, Snapshot snapshot, Set<String> content, Set<String> manifests) {
    try {
      for (ManifestFile manifest : Manifests.of(table, snapshot)) {
        if (manifests.add(manifest.path())) {
          collect(table, snapshot, manifest, content);
        }
      }
    } catch (MeshException e) {
      requireDeleted(snapshot.manifestListLocation(), e);
    }
  }

  private static void collect(
      BaseTable table, Snapshot snapshot, ManifestFile manifest, Set<String> content) {
    try {
      Manifests.forEach(table, snapshot, manifest, LOCATION, file -> content.add(file.location()));
    } catch (MeshException e) {
      requireDeleted(manifest.path(), e);
    }
  }

  private static void requireDeleted(String location, MeshException failure) {
    if (failure.retryable()) {
      throw failure;
    }
    LOG.debug("The files of {} are incomplete", location, failure);
  }
}
