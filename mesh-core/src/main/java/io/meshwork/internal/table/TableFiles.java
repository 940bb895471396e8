package io.meshwork.internal.table;

import io.meshwork.error.MeshException;
import io.meshwork.internal.table.MeshTables.PinnedTable;
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
import java.util.stream.Stream;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.ManifestContent;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.Table;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * All files that the retained snapshots of a table reference, however their locations are spelled.
 * Each manifest is read once, even if several snapshots reference it, or a later version of the
 * table whose files are collected too. Used by one thread.
 */
public final class TableFiles {
  /** What is read of a data file: without the statistics of its columns. */
  private static final List<String> COLUMNS =
      Stream.of(DataFile.FILE_PATH, DataFile.FILE_FORMAT, DataFile.RECORD_COUNT, DataFile.FILE_SIZE)
          .map(Types.NestedField::name)
          .toList();

  private final MeshTables tables;
  private final String location;
  private final String folder;
  private final Map<String, Long> content = new LinkedHashMap<>();
  private final Map<String, Long> manifests = new LinkedHashMap<>();
  private final Set<String> metadata;
  private final List<Unreadable> unreadable = new ArrayList<>();

  /** Canonical locations of all files. */
  private final Set<String> canonical = new HashSet<>();

  private final Set<String> names = new HashSet<>();

  private final Set<String> namesOutside = new HashSet<>();

  private final Set<String> outside = new TreeSet<>();

  /** What was read, by location: a manifest list or manifest never changes. */
  private final Map<String, List<ManifestFile>> lists = new HashMap<>();

  private final Map<String, ContentEntries> entries = new HashMap<>();

  private final Map<String, List<String>> manifestsByRef = new TreeMap<>();

  /**
   * A manifest or manifest list that cannot be read.
   *
   * @param what its kind and location
   * @param cause the class of the exception
   */
  public record Unreadable(String what, String cause) {}

  private final Map<String, DataEntry> data = new HashMap<>();

  /**
   * A Parquet data file.
   *
   * @param sequence the sequence number of the snapshot that added it
   */
  public record DataEntry(String location, long bytes, long rows, long sequence) {}

  /**
   * The files of a manifest.
   *
   * @param data whether they contain rows; otherwise they delete rows
   */
  private record ContentEntries(boolean data, List<ContentEntry> files) {}

  private record ContentEntry(DataEntry file, boolean parquet) {}

  private TableFiles(MeshTables tables, PinnedTable pinned) {
    this.tables = tables;
    this.location = pinned.folder();
    this.folder = tables.comparable(pinned.folder());
    this.metadata = pinned.metadataFiles();
  }

  /**
   * Collects the files of a table's snapshots. What is missing or damaged is left out.
   *
   * @param earlier the files of an earlier version of the table, whose manifests are not read
   *     again; null if there is none
   * @throws MeshException if the store failed, or the table was changed in the meantime; retryable
   */
  public static TableFiles of(MeshTables tables, PinnedTable pinned, @Nullable TableFiles earlier) {
    TableFiles files = new TableFiles(tables, pinned);
    if (earlier != null) {
      files.lists.putAll(earlier.lists);
      files.entries.putAll(earlier.entries);
    }
    files.collect(pinned.table());
    for (Collection<String> locations :
        List.of(files.content.keySet(), files.manifests.keySet(), files.metadata)) {
      locations.forEach(files::addLocation);
    }
    return files;
  }

  /** Returns data and delete files, with their lengths in bytes. */
  public Map<String, Long> content() {
    return content;
  }

  /** Returns manifests and manifest lists, with their lengths; 0 if unknown. */
  public Map<String, Long> manifests() {
    return manifests;
  }

  /** Returns the Parquet data files in the table's folder, once each. */
  public List<DataEntry> data() {
    return data.values().stream().filter(file -> !isOutside(file.location())).toList();
  }

  /** Returns the Parquet data files that main's newest snapshot references. */
  public List<DataEntry> dataOfMain() {
    Set<String> ofMain = new HashSet<>(byRef().getOrDefault(SnapshotRef.MAIN_BRANCH, List.of()));
    return data().stream().filter(file -> ofMain.contains(file.location())).toList();
  }

  /** Returns what could not be read; the files that it references are missing here. */
  public List<Unreadable> unreadable() {
    return unreadable;
  }

  /** Returns the names of all files, as {@link CanonicalLocation#comparable} has them. */
  public Set<String> names() {
    return names;
  }

  public Set<String> locations() {
    Set<String> locations = new HashSet<>(content.keySet());
    locations.addAll(manifests.keySet());
    locations.addAll(metadata);
    return locations;
  }

  /** Returns the locations outside the table's folder. */
  public Set<String> outside() {
    return outside;
  }

  /** Returns true if a referenced location is outside the table's folder. */
  public boolean isOutside(String location) {
    return outside.contains(location);
  }

  /** Returns true if a location is in the table's folder, but a link there leads out of it. */
  public boolean isLinked(String file) {
    return isOutside(file) && file.startsWith(location + "/");
  }

  /** Returns true if a retained snapshot or the table references the file. */
  public boolean references(String location) {
    String file = tables.comparable(location);
    return canonical.contains(file) || namesOutside.contains(CanonicalLocation.name(file));
  }

  /**
   * Returns true if a referenced file has this file's name. Names are unique, so this file is a
   * copy of it, or the only one if the other is missing.
   */
  public boolean hasName(String location) {
    return names.contains(CanonicalLocation.name(tables.comparable(location)));
  }

  /**
   * Returns the data files of each branch and tag; a file that is referenced twice appears twice.
   */
  public Map<String, List<String>> byRef() {
    Map<String, List<String>> byRef = new TreeMap<>();
    manifestsByRef.forEach(
        (ref, hasRef) -> {
          List<String> files = new ArrayList<>();
          hasRef.forEach(manifest -> files.addAll(dataFiles(manifest)));
          byRef.put(ref, files);
        });
    return byRef;
  }

  private List<String> dataFiles(String manifest) {
    ContentEntries read = entries.get(manifest);
    return read == null || !read.data()
        ? List.of()
        : read.files().stream().map(entry -> entry.file().location()).toList();
  }

  private void collect(Table table) {
    Map<Long, Set<String>> refs = new HashMap<>();
    for (Map.Entry<String, SnapshotRef> ref : table.refs().entrySet()) {
      refs.computeIfAbsent(ref.getValue().snapshotId(), absent -> new TreeSet<>())
          .add(ref.getKey());
    }
    Map<ManifestFile, Snapshot> snapshots = new LinkedHashMap<>();
    for (Snapshot snapshot : table.snapshots()) {
      String manifestList = snapshot.manifestListLocation();
      manifests.put(manifestList, 0L);
      try {
        List<String> named = new ArrayList<>();
        for (ManifestFile manifest : manifests(table, snapshot)) {
          named.add(manifest.path());
          snapshots.put(manifest, snapshot);
        }
        refs.getOrDefault(snapshot.snapshotId(), Set.of())
            .forEach(ref -> manifestsByRef.put(ref, named));
      } catch (MeshException e) {
        addUnreadable("manifest list " + manifestList, e);
      }
    }
    snapshots.forEach(
        (manifest, snapshot) -> {
          manifests.put(manifest.path(), manifest.length());
          collect(table, snapshot, manifest);
        });
  }

  private List<ManifestFile> manifests(Table table, Snapshot snapshot) {
    return lists.computeIfAbsent(
        snapshot.manifestListLocation(), list -> Manifests.of(table, snapshot));
  }

  private void collect(Table table, Snapshot snapshot, ManifestFile manifest) {
    try {
      ContentEntries read = entries.get(manifest.path());
      if (read == null) {
        read = read(table, snapshot, manifest);
        entries.put(manifest.path(), read);
      }
      for (ContentEntry entry : read.files()) {
        content.put(entry.file().location(), entry.file().bytes());
        if (read.data() && entry.parquet()) {
          data.put(entry.file().location(), entry.file());
        }
      }
    } catch (MeshException e) {
      addUnreadable("manifest " + manifest.path(), e);
    }
  }

  private static ContentEntries read(Table table, Snapshot snapshot, ManifestFile manifest) {
    List<ContentEntry> files = new ArrayList<>();
    Manifests.forEach(
        table,
        snapshot,
        manifest,
        COLUMNS,
        file -> files.add(new ContentEntry(entry(file), file.format() == FileFormat.PARQUET)));
    return new ContentEntries(manifest.content() == ManifestContent.DATA, files);
  }

  private static DataEntry entry(ContentFile<?> file) {
    Long sequence = file.fileSequenceNumber();
    return new DataEntry(
        file.location(),
        file.fileSizeInBytes(),
        file.recordCount(),
        sequence == null ? 0 : sequence);
  }

  private void addLocation(String location) {
    String file = tables.comparable(location);
    canonical.add(file);
    names.add(CanonicalLocation.name(CanonicalLocation.comparable(location)));
    if (!file.startsWith(folder + "/")) {
      outside.add(location);
      namesOutside.add(CanonicalLocation.name(file));
    }
  }

  /** Adds what is missing or damaged; a failure of the store says nothing about it. */
  private void addUnreadable(String what, MeshException failure) {
    Throwable cause = failure.getCause();
    if (failure.retryable() || cause == null) {
      throw failure;
    }
    unreadable.add(new Unreadable(what, cause.getClass().getSimpleName()));
  }
}
