package io.meshwork.internal.maintenance;

import io.meshwork.internal.table.CanonicalLocation;
import io.meshwork.internal.table.MeshTables;
import io.meshwork.internal.table.PinnedTable;
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
 * Every file that the retained snapshots of a table reach, under whatever spelling. Each manifest
 * is read once, however many snapshots name it. One thread.
 */
final class TableFiles {
  private final MeshTables tables;
  private final String folder;
  private final Map<String, Long> content = new LinkedHashMap<>();
  private final Map<String, Long> manifests = new LinkedHashMap<>();
  private final Set<String> metadata;
  private final List<Unreadable> unreadable = new ArrayList<>();

  /** All of the files in the one form in which spellings do not differ. */
  private final Set<String> comparable = new HashSet<>();

  /** Names of files that are not in the folder by what their locations say. */
  private final Set<String> namesOutside = new HashSet<>();

  private final Set<String> outside = new TreeSet<>();

  /** Data files of manifests that a branch or a tag names, and which manifests these are. */
  private final Map<String, List<String>> ofHeads = new HashMap<>();

  private final Map<String, List<String>> heads = new TreeMap<>();

  /**
   * A file that leads to others and cannot be read.
   *
   * @param what such as {@code manifest} and where it lies
   * @param cause the kind of failure
   */
  record Unreadable(String what, String cause) {}

  private final Map<String, DataEntry> data = new HashMap<>();

  /**
   * A Parquet file of rows as a snapshot names it.
   *
   * @param sequence of the snapshot that added it
   */
  record DataEntry(String location, long bytes, long rows, long sequence) {}

  private TableFiles(MeshTables tables, String folder, PinnedTable pinned) {
    this.tables = tables;
    this.folder = tables.comparable(folder);
    this.metadata = pinned.metadataFiles();
  }

  /**
   * Walks from a table's snapshots to their files.
   *
   * @param folder the table's folder
   */
  static TableFiles of(MeshTables tables, String folder, PinnedTable pinned) {
    TableFiles files = new TableFiles(tables, folder, pinned);
    files.walk(pinned.table());
    for (Collection<String> some :
        List.of(files.content.keySet(), files.manifests.keySet(), files.metadata)) {
      some.forEach(files::note);
    }
    return files;
  }

  /** Data and delete files, with their lengths in bytes. */
  Map<String, Long> content() {
    return content;
  }

  /** Manifests and manifest lists, with their lengths; 0 where it is not known. */
  Map<String, Long> manifests() {
    return manifests;
  }

  /** Files of rows that lie in the table's folder, once each. */
  List<DataEntry> data() {
    return data.values().stream().filter(file -> !isOutside(file.location())).toList();
  }

  /** Those of them that main's newest snapshot names. */
  List<DataEntry> dataOfMain() {
    Set<String> ofMain = new HashSet<>(byRef().getOrDefault(SnapshotRef.MAIN_BRANCH, List.of()));
    return data().stream().filter(file -> ofMain.contains(file.location())).toList();
  }

  /** What could not be read; what it names is then not known. */
  List<Unreadable> unreadable() {
    return unreadable;
  }

  /** Locations that lead out of the table's folder. */
  Set<String> outside() {
    return outside;
  }

  /** True if a location leads out of the table's folder. */
  boolean isOutside(String location) {
    return outside.contains(location);
  }

  /** True if a retained snapshot or the table itself needs the file, whatever it calls it. */
  boolean reach(String location) {
    String asked = tables.comparable(location);
    return comparable.contains(asked) || namesOutside.contains(CanonicalLocation.name(asked));
  }

  /** Branches and tags with the data files of each, one that is named twice being there twice. */
  Map<String, List<String>> byRef() {
    Map<String, List<String>> byRef = new TreeMap<>();
    heads.forEach(
        (ref, ofRef) -> {
          List<String> files = new ArrayList<>();
          ofRef.forEach(manifest -> files.addAll(ofHeads.getOrDefault(manifest, List.of())));
          byRef.put(ref, files);
        });
    return byRef;
  }

  private void walk(Table table) {
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
        refs.getOrDefault(snapshot.snapshotId(), Set.of()).forEach(ref -> heads.put(ref, named));
      } catch (RuntimeException e) {
        // A damaged file makes Iceberg and Avro throw whatever comes to them.
        cannotRead("manifest list " + manifestList, e);
      }
    }
    Set<String> ofRefs = new HashSet<>();
    heads.values().forEach(ofRefs::addAll);
    for (ManifestFile manifest : found.values()) {
      manifests.put(manifest.path(), manifest.length());
      walk(table, manifest, ofRefs.contains(manifest.path()));
    }
  }

  private void walk(Table table, ManifestFile manifest, boolean ofRef) {
    boolean ofRows = manifest.content() == ManifestContent.DATA;
    List<String> files = new ArrayList<>();
    try (ManifestReader<? extends ContentFile<?>> entries =
        ofRows
            ? ManifestFiles.read(manifest, table.io(), table.specs())
            : ManifestFiles.readDeleteManifest(manifest, table.io(), table.specs())) {
      for (ContentFile<?> file : entries) {
        content.put(file.location(), file.fileSizeInBytes());
        if (ofRows && file.format() == FileFormat.PARQUET) {
          entry(file);
        }
        if (ofRef && ofRows) {
          files.add(file.location());
        }
      }
      ofHeads.put(manifest.path(), files);
    } catch (RuntimeException | IOException e) {
      cannotRead("manifest " + manifest.path(), e);
    }
  }

  private void entry(ContentFile<?> file) {
    Long sequence = file.fileSequenceNumber();
    data.put(
        file.location(),
        new DataEntry(
            file.location(),
            file.fileSizeInBytes(),
            file.recordCount(),
            sequence == null ? 0 : sequence));
  }

  private void note(String location) {
    String one = tables.comparable(location);
    comparable.add(one);
    if (!one.startsWith(folder + "/")) {
      outside.add(location);
      namesOutside.add(CanonicalLocation.name(one));
    }
  }

  private void cannotRead(String what, Exception cause) {
    unreadable.add(new Unreadable(what, cause.getClass().getSimpleName()));
  }
}
