package io.meshwork.aws;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.routing.RoutedRegistry;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Document;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Set;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.ManifestContent;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.PartitionStatisticsFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.StatisticsFile;
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
  private final Registry registry;
  private final FileIO files;
  private final DeletedFiles deleted;
  private final Set<String> manifests = new HashSet<>();
  private long restored;

  FileRestoration(Registry registry, FileIO files, DeletedFiles deleted) {
    this.registry = registry;
    this.files = files;
    this.deleted = deleted;
  }

  /**
   * Restores the files of all tables and archives.
   *
   * @param root the root of the mesh
   * @return the number of restored files
   * @throws io.meshwork.error.InvalidRequestException if the mesh has several registries
   */
  long run(String root) {
    requireCentral();
    for (String partition : registry.partitions()) {
      String cursor = null;
      do {
        Registry.Page page = registry.list(partition, "", cursor);
        page.documents().forEach(document -> restore(document, root));
        cursor = page.nextCursor();
      } while (cursor != null);
    }
    return restored;
  }

  /** The directory of several catalogs names no files, so nothing would be restored. */
  private void requireCentral() {
    if (!registry.list(RegistryKeys.MESH, RoutedRegistry.CATALOGS, null).documents().isEmpty()) {
      throw Failure.of(MeshAction.of(Verb.RESTORE, "the deleted files of the mesh"))
          .because(
              "its catalogs have registries of their own, and only those of a central mesh are"
                  + " restored")
          .state("Nothing was restored.")
          .fix("Restore the versions of deleted objects with S3, in each bucket.")
          .invalidRequest(ErrorCode.CONFIG_INVALID);
    }
  }

  private void restore(Document document, String root) {
    String sort = document.key().sort();
    if (sort.startsWith(RegistryKeys.TABLES)) {
      String location = DocumentJson.parse(document).path("metadataLocation").asText();
      if (!deleted.contains(S3Location.parse(location))) {
        return; // in the place of a domain, which another account may have
      }
      restore(location);
      try {
        restoreTable(TableMetadataParser.read(files, location));
      } catch (NotFoundException e) {
        return; // the doctor reports it
      }
    } else if (sort.startsWith(RegistryKeys.ARCHIVES)) {
      ObjectNode json = DocumentJson.parse(document);
      restore(json.path("root").asText(root) + "/archive/" + json.path("path").asText());
    }
  }

  private void restoreTable(TableMetadata table) {
    for (StatisticsFile statistics : table.statisticsFiles()) {
      restore(statistics.path());
    }
    for (PartitionStatisticsFile statistics : table.partitionStatisticsFiles()) {
      restore(statistics.path());
    }
    for (Snapshot snapshot : table.snapshots()) {
      restore(snapshot.manifestListLocation());
      try {
        for (ManifestFile manifest : snapshot.allManifests(files)) {
          if (manifests.add(manifest.path())) {
            restore(manifest.path());
            restoreFiles(manifest, table);
          }
        }
      } catch (NotFoundException e) {
        continue; // the doctor reports it
      }
    }
  }

  private void restoreFiles(ManifestFile manifest, TableMetadata table) {
    boolean isData = manifest.content() == ManifestContent.DATA;
    try (ManifestReader<? extends ContentFile<?>> entries =
        isData
            ? ManifestFiles.read(manifest, files, table.specsById())
            : ManifestFiles.readDeleteManifest(manifest, files, table.specsById())) {
      for (ContentFile<?> file : entries) {
        restore(file.location());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void restore(String location) {
    if (deleted.restore(S3Location.parse(location))) {
      restored++;
    }
  }
}
