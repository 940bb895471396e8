package io.meshwork.internal.maintenance;

import io.meshwork.internal.table.CanonicalLocation;
import io.meshwork.internal.table.MeshTables;
import io.meshwork.internal.table.MeshTables.PinnedTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.ManifestContent;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.Table;

/**
 * All files that the retained snapshots of a table reference, however their locations are spelled.
 * Each manifest is read once, even if several snapshots reference it. Used by one thread.
 */
final class TableFiles {
  private final MeshTables tables;
  private final String folder;
  private final Map<String, Long> content = new LinkedHashMap<>();
  private final Map<String, Long> manifests = new LinkedHashMap<>();
  private final Set<String> metadata;
  private final List<Unreadable> unreadable = new ArrayList<>();

  /** Canonical locations of all files. */
  private final Set<String> canonical = new HashSet<>();

  /** Names of the files outside the table's folder. */
  private final Set<String> namesOutside = new HashSet<>();

  private final Set<String> outside = new TreeSet<>();

  /** Data files by manifest, for manifests that a branch or a tag references. */
  private final Map<String, List<String>> filesByManifest = new HashMap<>();

  /** Manifests by branch or tag. */
  private final Map<String, List<String>> manifestsByRef = new TreeMap<>();

  /**
   * A manifest or manifest list that cannot be read.
   *
   * @param what its kind and location
   * @param cause the class of the exception
   */
  record Unreadable(String what, String cause) {}

  private final Map<String, DataEntry> data = new HashMap<>();

  /**
   * A Parquet data file.
   *
   * @param sequence the sequence number of the snapshot that added it
   */
  record DataEntry(String location, long bytes, long rows, long sequence) {}

  private TableFiles(MeshTables tables, String folder, PinnedTable pinned) {
    this.tables = tables;
    this.folder = tables.comparable(folder);
    this.metadata = pinned.metadataFiles();
  }

  /**
   * Collects the files of a table's snapshots.
   *
   * @param folder the table's folder
   */
  static TableFiles of(MeshTables tables, String folder, PinnedTable pinned) {
    TableFiles files = new TableFiles(tables, folder, pinned);
    files.collect(pinned.table());
    for (Collection<String> locations :
        List.of(files.content.keySet(), files.manifests.keySet(), files.metadata)) {
      locations.forEach(files::addLocation);
    }
    return files;
  }

  /** Returns data and delete files, with their lengths in bytes. */
  Map<String, Long> content() {
    return content;
  }

  /** Returns manifests and manifest lists, with their lengths; 0 if unknown. */
  Map<String, Long> manifests() {
    return manifests;
  }

  /** Returns the Parquet data files in the table's folder, once each. */
  List<DataEntry> data() {
    return data.values().stream().filter(file -> !isOutside(file.location())).toList();
  }

  /** Returns the Parquet data files that main's newest snapshot references. */
  List<DataEntry> dataOfMain() {
    Set<String> ofMain = new HashSet<>(byRef().getOrDefault(SnapshotRef.MAIN_BRANCH, List.of()));
    return data().stream().filter(file -> ofMain.contains(file.location())).toList();
  }

  /** Returns what could not be read; the files that it references are missing here. */
  List<Unreadable> unreadable() {
    return unreadable;
  }

  /** Returns the locations outside the table's folder. */
  Set<String> outside() {
    return outside;
  }

  /** Returns true if a referenced location is outside the table's folder. */
  boolean isOutside(String location) {
    return outside.contains(location);
  }

  /** Returns true if a retained snapshot or the table references the file. */
  boolean references(String location) {
    String file = tables.comparable(location);
    return canonical.contains(file) || namesOutside.contains(CanonicalLocation.name(file));
  }

  /**
   * Returns the data files of each branch and tag; a file that is referenced twice appears twice.
   */
  Map<String, List<String>> byRef() {
    Map<String, List<String>> byRef = new TreeMap<>();
    manifestsByRef.forEach(
        (ref, hasRef) -> {
          List<String> files = new ArrayList<>();
          hasRef.forEach(
              manifest -> files.addAll(filesByManifest.getOrDefault(manifest, List.of())));
          byRef.put(ref, files);
        });
    return byRef;
  }

  private void collect(Table table) {
    Map<Long, Set<String>> refs = new HashMap<>();
    for (Map.Entry<String, SnapshotRef> ref : table.refs().entrySet()) {
      refs.computeIfAbsent(ref.getValue().snapshotId(), absent -> new TreeSet<>())
          .add(ref.getKey());
    }
    Map<String, ManifestFile> found = new LinkedHashMap<>();
    for (Snapshot snapshot : table.snapshots()) {
      String manifestList = snapshot.manifestListLocation();
      manifests.put(manifestList, 0L);
      try {
        List<String> named = new ArrayList<>();
        for (ManifestFile manifest : snapshot.allManifests(table.io())) {
          named.add(manifest.path());
          found.putIfAbsent(manifest.path(), manifest);
        }
        refs.getOrDefault(snapshot.snapshotId(), Set.of())
            .forEach(ref -> manifestsByRef.put(ref, named));
      } catch (RuntimeException e) {
        // For a damaged file, Iceberg and Avro throw exceptions of any class.
        addUnreadable("manifest list " + manifestList, e);
      }
    }
    Set<String> hasRefs = new HashSet<>();
    manifestsByRef.values().forEach(hasRefs::addAll);
    for (ManifestFile manifest : found.values()) {
      manifests.put(manifest.path(), manifest.length());
      collect(table, manifest, hasRefs.contains(manifest.path()));
    }
  }

  private void collect(Table table, ManifestFile manifest, boolean hasRef) {
    boolean isData = manifest.content() == ManifestContent.DATA;
    List<String> files = new ArrayList<>();
    try (ManifestReader<? extends ContentFile<?>> entries =
        isData
            ? ManifestFiles.read(manifest, table.io(), table.specs())
            : ManifestFiles.readDeleteManifest(manifest, table.io(), table.specs())) {
      for (ContentFile<?> file : entries) {
        content.put(file.location(), file.fileSizeInBytes());
        if (isData && file.format() == FileFormat.PARQUET) {
          addData(file);
        }
        if (hasRef && isData) {
          files.add(file.location());
        }
      }
      filesByManifest.put(manifest.path(), files);
    } catch (RuntimeException | IOException e) {
      addUnreadable("manifest " + manifest.path(), e);
    }
  }

  private void addData(ContentFile<?> file) {
    Long sequence = file.fileSequenceNumber();
    data.put(
        file.location(),
        new DataEntry(
            file.location(),
            file.fileSizeInBytes(),
            file.recordCount(),
            sequence == null ? 0 : sequence));
  }

  private void addLocation(String location) {
    String file = tables.comparable(location);
    canonical.add(file);
    if (!file.startsWith(folder + "/")) {
      outside.add(location);
      namesOutside.add(CanonicalLocation.name(file));
    }
  }

  private void addUnreadable(String what, Exception cause) {
    unreadable.add(new Unreadable(what, cause.getClass().getSimpleName()));
  }
}
