package io.meshwork.testkit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.meshwork.registry.Registry.Document;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.jspecify.annotations.Nullable;

/**
 * Collects all files that tables reference, with Iceberg's API, starting at the pointers in a
 * registry. Reports problems: files that are missing or have another length, snapshots whose parent
 * is not the previous snapshot, and sequence numbers that do not increase.
 */
final class ReachableFiles {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What is read of a data file: without the statistics of its columns. */
  private static final List<String> COLUMNS =
      List.of(DataFile.FILE_PATH.name(), DataFile.RECORD_COUNT.name(), DataFile.FILE_SIZE.name());

  private final FileIO files;
  private final Set<String> reachable = new TreeSet<>();
  private final Map<String, Long> rows = new TreeMap<>();
  private final Map<String, Long> rowsByManifest = new TreeMap<>();
  private final List<String> problems = new ArrayList<>();

  private ReachableFiles(FileIO files) {
    this.files = files;
  }

  /** Returns true if a document references the file as an archive of a log. */
  static boolean isArchive(Collection<Document> documents, String file) {
    return documents.stream()
        .filter(document -> document.key().sort().startsWith("archive/"))
        .anyMatch(
            document -> file.endsWith("/archive/" + parsed(document.json()).path("path").asText()));
  }

  /** Collects the files. */
  static ReachableFiles walk(Collection<Document> documents, FileIO files) {
    ReachableFiles walk = new ReachableFiles(files);
    for (Document document : documents) {
      if (document.key().sort().startsWith("table/")) {
        walk.table(parsed(document.json()).path("metadataLocation").asText());
      } else if (document.key().sort().startsWith("staged/")) {
        walk.staged(documents, document.key().partition(), parsed(document.json()));
      }
    }
    return walk;
  }

  /** Returns current and earlier metadata files, manifest lists, manifests and data files. */
  static Set<String> from(Collection<Document> documents, FileIO files) {
    return walk(documents, files).reachable;
  }

  /** Returns the number of rows in the current snapshot of a table, from its manifests. */
  long rows(String metadataLocation) {
    return rows.getOrDefault(metadataLocation, 0L);
  }

  Set<String> locations() {
    return reachable;
  }

  List<String> problems() {
    return problems;
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
    Snapshot before = null;
    for (Snapshot snapshot : metadata.snapshots()) {
      checkOrder(before, snapshot);
      before = snapshot;
      reachable.add(snapshot.manifestListLocation());
      for (ManifestFile manifest : snapshot.allManifests(files)) {
        if (reachable.add(manifest.path())) {
          check(manifest.path(), manifest.length());
          manifest(metadata, manifest);
        }
      }
    }
    if (metadata.currentSnapshot() != null) {
      for (ManifestFile manifest : metadata.currentSnapshot().dataManifests(files)) {
        rows.merge(metadataLocation, rowsByManifest.getOrDefault(manifest.path(), 0L), Long::sum);
      }
    }
    if (before != null && !before.equals(metadata.currentSnapshot())) {
      problems.add(metadataLocation + ": the current snapshot is not the last one");
    }
  }

  private void checkOrder(@Nullable Snapshot before, Snapshot snapshot) {
    if (before == null) {
      return;
    }
    if (!Objects.equals(snapshot.parentId(), before.snapshotId())) {
      problems.add(
          "the parent of snapshot " + snapshot.snapshotId() + " is not the previous snapshot");
    }
    if (snapshot.sequenceNumber() <= before.sequenceNumber()) {
      problems.add("the sequence of snapshot " + snapshot.snapshotId() + " does not increase");
    }
  }

  private void manifest(TableMetadata metadata, ManifestFile manifest) {
    try (ManifestReader<DataFile> entries =
        ManifestFiles.read(manifest, files, metadata.specsById()).select(COLUMNS)) {
      for (DataFile file : entries) {
        rowsByManifest.merge(manifest.path(), file.recordCount(), Long::sum);
        if (reachable.add(file.location())) {
          check(file.location(), file.fileSizeInBytes());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Adds the files of a staged publish, which are in the folder of a table of the product. */
  private void staged(Collection<Document> documents, String partition, JsonNode staged) {
    if (staged.has("erasedBy")) {
      return;
    }
    List<String> folders =
        documents.stream()
            .filter(pointer -> pointer.key().partition().equals(partition))
            .filter(pointer -> pointer.key().sort().startsWith("table/"))
            .map(pointer -> parsed(pointer.json()).path("metadataLocation").asText())
            .map(metadata -> metadata.substring(0, metadata.lastIndexOf("/metadata/")) + "/data/")
            .toList();
    for (String member : List.of("fitting", "malformed")) {
      for (JsonNode file : staged.path(member)) {
        Optional<String> location =
            folders.stream()
                .map(folder -> folder + file.path("name").asText())
                .filter(each -> files.newInputFile(each).exists())
                .findFirst();
        location.ifPresent(reachable::add);
        location.ifPresent(each -> check(each, file.path("bytes").asLong()));
        if (location.isEmpty()) {
          problems.add("the staged file " + file.path("name").asText() + " is missing");
        }
      }
    }
  }

  private void check(String location, long length) {
    InputFile file = files.newInputFile(location);
    if (!file.exists()) {
      problems.add(location + " is missing");
    } else if (file.getLength() != length) {
      problems.add(location + " has " + file.getLength() + " bytes, not " + length);
    }
  }
}
