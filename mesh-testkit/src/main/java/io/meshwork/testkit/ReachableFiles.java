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
 * Walks from the pointers in a registry to every file that a table may ask for, by Iceberg's own
 * means, and notes what does not hold: a file that is missing or of another length, a snapshot
 * whose parent is not the one before it, a sequence that does not rise.
 */
final class ReachableFiles {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final FileIO files;
  private final Set<String> reachable = new TreeSet<>();
  private final Map<String, Long> rows = new TreeMap<>();
  private final Map<String, Long> rowsByManifest = new TreeMap<>();
  private final List<String> problems = new ArrayList<>();

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

  /** A walk that has ended. */
  static ReachableFiles walk(Collection<Document> documents, FileIO files) {
    ReachableFiles walk = new ReachableFiles(files);
    for (Document document : documents) {
      if (document.key().sort().startsWith("table/")) {
        walk.table(parsed(document.json()).path("metadataLocation").asText());
      }
    }
    return walk;
  }

  /** Metadata, present and earlier, manifest lists, manifests and data files. */
  static Set<String> from(Collection<Document> documents, FileIO files) {
    return walk(documents, files).reachable;
  }

  /** The rows of the current snapshot of a table, by its manifests. */
  long rows(String metadataLocation) {
    return rows.getOrDefault(metadataLocation, 0L);
  }

  /** Their locations. */
  Set<String> locations() {
    return reachable;
  }

  /** What does not hold; empty if the tables are whole. */
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
      problems.add("the parent of snapshot " + snapshot.snapshotId() + " is not the one before");
    }
    if (snapshot.sequenceNumber() <= before.sequenceNumber()) {
      problems.add("the sequence of snapshot " + snapshot.snapshotId() + " does not rise");
    }
  }

  private void manifest(TableMetadata metadata, ManifestFile manifest) {
    try (ManifestReader<DataFile> entries =
        ManifestFiles.read(manifest, files, metadata.specsById())) {
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

  private void check(String location, long length) {
    InputFile file = files.newInputFile(location);
    if (!file.exists()) {
      problems.add(location + " is missing");
    } else if (file.getLength() != length) {
      problems.add(location + " has " + file.getLength() + " bytes and not " + length);
    }
  }
}
