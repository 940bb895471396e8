package io.meshwork.testkit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.meshwork.registry.Registry.Document;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;
import org.apache.iceberg.io.FileIO;

/** Walks from the pointers in a registry to every file that a table may ask for. */
final class ReachableFiles {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final FileIO files;
  private final Set<String> reachable = new TreeSet<>();

  private ReachableFiles(FileIO files) {
    this.files = files;
  }

  /** True if a document names the file as an archived part of a log. */
  static boolean isArchive(Collection<Document> documents, String file) {
    return documents.stream()
        .filter(document -> document.key().sort().startsWith("archive/"))
        .anyMatch(
            document -> file.endsWith("/archive/" + parsed(document.json()).path("path").asText()));
  }

  /** Metadata, present and earlier, manifest lists, manifests and data files. */
  static Set<String> from(Collection<Document> documents, FileIO files) {
    ReachableFiles walk = new ReachableFiles(files);
    for (Document document : documents) {
      if (document.key().sort().startsWith("table/")) {
        walk.table(parsed(document.json()).path("metadataLocation").asText());
      }
    }
    return walk.reachable;
  }

  private static JsonNode parsed(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new AssertionError("A document of the registry is not JSON", e);
    }
  }

  private void table(String metadataLocation) {
    TableMetadata metadata = TableMetadataParser.read(files, metadataLocation);
    reachable.add(metadataLocation);
    metadata.previousFiles().forEach(earlier -> reachable.add(earlier.file()));
    for (Snapshot snapshot : metadata.snapshots()) {
      reachable.add(snapshot.manifestListLocation());
      for (ManifestFile manifest : snapshot.allManifests(files)) {
        if (reachable.add(manifest.path())) {
          manifest(metadata, manifest);
        }
      }
    }
  }

  private void manifest(TableMetadata metadata, ManifestFile manifest) {
    try (ManifestReader<DataFile> entries =
        ManifestFiles.read(manifest, files, metadata.specsById())) {
      entries.forEach(file -> reachable.add(file.location()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
