package io.meshwork.conformance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.meshwork.registry.Registry.Document;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ReachableFileUtil;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.StaticTableOperations;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.FileIO;

/** The files that the documents of a registry reference, found with Iceberg's own readers. */
final class ReferencedFiles {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ReferencedFiles() {}

  /** Returns the metadata, manifest lists, manifests, and data files of all tables. */
  static Set<String> ofTables(Collection<Document> documents, FileIO files) {
    Set<String> referenced = new TreeSet<>();
    for (Document document : documents) {
      if (document.key().sort().startsWith("table/")) {
        String location = parsed(document).path("metadataLocation").asText();
        addFiles(
            new BaseTable(new StaticTableOperations(location, files), document.key().sort()),
            referenced);
      }
    }
    return referenced;
  }

  /** Returns true if a document references the file as an archived part of a log. */
  static boolean isArchive(Collection<Document> documents, String file) {
    return documents.stream()
        .filter(document -> document.key().sort().startsWith("archive/"))
        .anyMatch(document -> file.endsWith("/archive/" + parsed(document).path("path").asText()));
  }

  /** Returns true if a document references the file as one of a staged publish. */
  static boolean isStaged(Collection<Document> documents, String file) {
    return documents.stream()
        .filter(document -> document.key().sort().startsWith("staged/"))
        .map(ReferencedFiles::parsed)
        .filter(staged -> !staged.has("erasedBy"))
        .flatMap(staged -> Stream.of(staged.path("files"), staged.path("unfitFiles")))
        .flatMap(files -> StreamSupport.stream(files.spliterator(), false))
        .anyMatch(staged -> file.endsWith("/" + staged.path("name").asText()));
  }

  private static void addFiles(Table table, Set<String> referenced) {
    referenced.addAll(ReachableFileUtil.metadataFileLocations(table, false));
    referenced.addAll(ReachableFileUtil.manifestListLocations(table));
    for (Snapshot snapshot : table.snapshots()) {
      for (ManifestFile manifest : snapshot.allManifests(table.io())) {
        if (referenced.add(manifest.path())) {
          addDataFiles(manifest, table, referenced);
        }
      }
    }
  }

  private static void addDataFiles(ManifestFile manifest, Table table, Set<String> referenced) {
    try (CloseableIterable<String> paths =
        ManifestFiles.readPaths(manifest, table.io(), table.specs())) {
      paths.forEach(referenced::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode parsed(Document document) {
    try {
      return JSON.readTree(document.json());
    } catch (JsonProcessingException e) {
      throw new AssertionError("A document of the registry is not JSON", e);
    }
  }
}
