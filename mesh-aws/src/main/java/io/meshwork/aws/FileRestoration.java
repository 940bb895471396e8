package io.meshwork.aws;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.PrincipalCredentials.Ports;
import io.meshwork.aws.internal.s3.S3Location;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.metadata.MetadataContent;
import io.meshwork.internal.routing.RoutedRegistry;
import io.meshwork.internal.table.Manifests;
import io.meshwork.internal.table.StagedFiles;
import io.meshwork.internal.table.TableName;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Document;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.PartitionStatisticsFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.StaticTableOperations;
import org.apache.iceberg.StatisticsFile;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.FileIO;

/**
 * Restores the deleted files that the registry names, directly or through metadata of tables: after
 * the registry was set back to an earlier time, or files were deleted by mistake. A file without a
 * version stays missing, and the doctor reports it.
 */
final class FileRestoration {
  private static final MeshAction METADATA = MeshAction.of(Verb.RESTORE, "the files of a table");

  private static final List<String> LOCATION = List.of(DataFile.FILE_PATH.name());

  private final FileIO files;
  private final DeletedFiles deleted;
  private final Set<String> manifests = new HashSet<>();
  private long restored;

  FileRestoration(FileIO files, DeletedFiles deleted) {
    this.files = files;
    this.deleted = deleted;
  }

  /**
   * Restores the files of all tables and archives.
   *
   * @param mesh the registries: of a central mesh, or of the directory and all catalogs
   * @param root the root of the mesh
   * @return the number of restored files
   */
  long run(Ports mesh, String root) {
    restore(mesh.registry(), root);
    for (String catalog : RoutedRegistry.catalogs(mesh.registry())) {
      restore(mesh.catalogs().apply(catalog), root);
    }
    return restored;
  }

  private void restore(Registry registry, String root) {
    for (String partition : registry.partitions()) {
      String cursor = null;
      do {
        Registry.Page page = registry.list(partition, "", cursor);
        page.documents().forEach(document -> restore(document, registry, root));
        cursor = page.nextCursor();
      } while (cursor != null);
    }
  }

  private void restore(Document document, Registry registry, String root) {
    String sort = document.key().sort();
    if (sort.startsWith(RegistryKeys.TABLES)) {
      String location = DocumentJson.parse(document).path("metadataLocation").asText();
      if (!deleted.contains(S3Location.parse(location))) {
        return; // in the place of a domain, which another account may have
      }
      restore(location);
      try {
        restoreTable(metadata(location));
      } catch (NotFoundException e) {
        return; // the doctor reports it
      }
    } else if (sort.startsWith(RegistryKeys.ARCHIVES)) {
      ObjectNode json = DocumentJson.parse(document);
      restore(json.path("root").asText(root) + "/archive/" + json.path("path").asText());
    } else if (sort.startsWith(RegistryKeys.STAGED)) {
      restoreStaged(document, registry);
    }
  }

  /** Restores the files of a staged publish, which are in the folder of a quarantine. */
  private void restoreStaged(Document document, Registry registry) {
    StagedFiles staged =
        StagedFiles.of(
            new VersionedDocument(
                document.key(), DocumentJson.parse(document), document.version()));
    TableName quarantine =
        TableName.of(ProductName.of(document.key().partition()), staged.major()).quarantined();
    if (staged.isErased()) {
      return;
    }
    registry
        .read(quarantine.key())
        .map(pointer -> DocumentJson.parse(pointer).path("metadataLocation").asText())
        .map(metadata -> metadata.substring(0, metadata.lastIndexOf("/metadata/")))
        .ifPresent(
            folder -> staged.files().forEach(file -> restore(folder + "/data/" + file.name())));
  }

  private TableMetadata metadata(String location) {
    byte[] text = MetadataContent.read(files, location, METADATA).text();
    return MetadataContent.inMemory(
        location,
        METADATA,
        () -> TableMetadataParser.fromJson(location, new String(text, StandardCharsets.UTF_8)));
  }

  private void restoreTable(TableMetadata table) {
    for (StatisticsFile statistics : table.statisticsFiles()) {
      restore(statistics.path());
    }
    for (PartitionStatisticsFile statistics : table.partitionStatisticsFiles()) {
      restore(statistics.path());
    }
    Table read = new BaseTable(new StaticTableOperations(table, files), table.location());
    for (Snapshot snapshot : table.snapshots()) {
      restore(snapshot.manifestListLocation());
      try {
        for (ManifestFile manifest : Manifests.of(read, snapshot)) {
          if (manifests.add(manifest.path())) {
            restore(manifest.path());
            Manifests.forEach(read, snapshot, manifest, LOCATION, file -> restore(file.location()));
          }
        }
      } catch (BackendException e) {
        if (e.errorCode() != ErrorCode.DATA_DAMAGED) {
          throw e;
        }
        continue; // the doctor reports it
      }
    }
  }

  private void restore(String location) {
    if (S3Location.isInS3(location) && deleted.restore(S3Location.parse(location))) {
      restored++;
    }
  }
}
