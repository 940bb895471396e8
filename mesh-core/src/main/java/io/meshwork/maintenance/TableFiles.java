package io.meshwork.maintenance;

import io.meshwork.internal.table.PinnedTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.ManifestContent;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;

/**
 * Every file that the retained snapshots of a table reach. Each manifest is read once, however many
 * snapshots name it.
 *
 * @param content data and delete files, with their lengths in bytes
 * @param manifests manifests and manifest lists, with their lengths; 0 where it is not known
 * @param metadata metadata files, present and earlier, and statistics
 * @param unreadable what could not be read; what it names is then not known
 */
record TableFiles(
    Map<String, Long> content,
    Map<String, Long> manifests,
    Set<String> metadata,
    List<Unreadable> unreadable) {
  /**
   * A file that leads to others and cannot be read.
   *
   * @param what such as {@code manifest} and where it lies
   * @param cause the kind of failure
   */
  record Unreadable(String what, String cause) {}

  /** Walks from a table's snapshots to their files. */
  static TableFiles of(PinnedTable pinned) {
    TableFiles files =
        new TableFiles(
            new LinkedHashMap<>(),
            new LinkedHashMap<>(),
            new HashSet<>(pinned.metadataFiles()),
            new ArrayList<>());
    Table table = pinned.table();
    for (Snapshot snapshot : table.snapshots()) {
      String manifestList = snapshot.manifestListLocation();
      files.manifests.put(manifestList, 0L);
      try {
        for (ManifestFile manifest : snapshot.allManifests(table.io())) {
          if (files.manifests.put(manifest.path(), manifest.length()) == null) {
            files.walk(table, manifest);
          }
        }
      } catch (RuntimeException e) {
        // A damaged file makes Iceberg and Avro throw whatever comes to them.
        files.cannotRead("manifest list " + manifestList, e);
      }
    }
    return files;
  }

  /** True if a retained snapshot or the table itself needs the file. */
  boolean reach(String location) {
    return content.containsKey(location)
        || manifests.containsKey(location)
        || metadata.contains(location);
  }

  private void walk(Table table, ManifestFile manifest) {
    try (ManifestReader<? extends ContentFile<?>> entries =
        manifest.content() == ManifestContent.DATA
            ? ManifestFiles.read(manifest, table.io(), table.specs())
            : ManifestFiles.readDeleteManifest(manifest, table.io(), table.specs())) {
      for (ContentFile<?> file : entries) {
        content.put(file.location(), file.fileSizeInBytes());
      }
    } catch (RuntimeException | IOException e) {
      cannotRead("manifest " + manifest.path(), e);
    }
  }

  private void cannotRead(String what, Exception cause) {
    unreadable.add(new Unreadable(what, cause.getClass().getSimpleName()));
  }
}
