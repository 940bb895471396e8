package io.meshwork.engine;

import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.CanonicalLocation;
import io.meshwork.internal.table.ErasedFiles;
import io.meshwork.internal.table.Manifests;
import io.meshwork.internal.table.TableName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.iceberg.ManifestContent;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.PartitionStatisticsFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.StatisticsFile;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Checks the files of each new snapshot, on any branch or none: they are in the table's folder,
 * with their canonical locations; none is already live, listed twice, written by the mesh, or
 * contains erased rows; and the snapshot has no properties that are reserved for the mesh. Rows are
 * checked separately, when main moves. Not thread-safe.
 */
final class SnapshotFileCheck {
  private static final String RESERVED_PREFIX = "meshwork.";
  private static final List<String> LOCATION = List.of("file_path");

  private final ClientSession session;
  private final Table table;
  private final ErasedFiles erased;
  private final String folder;
  private final Map<String, Set<String>> misplaced = new TreeMap<>();
  private final Set<String> duplicates = new TreeSet<>();
  private final Set<String> reused = new TreeSet<>();
  private final Set<String> undeclared = new TreeSet<>();
  private final Set<String> properties = new TreeSet<>();
  private final Set<String> refs = new TreeSet<>();
  private final Map<String, List<String>> changedFiles = new HashMap<>();
  private final Map<String, Boolean> erasedIn = new HashMap<>();
  private final Map<String, NewManifest> newManifests = new TreeMap<>();
  private final Map<String, List<Addition>> additions = new HashMap<>();

  /** A manifest of a new snapshot. */
  private record NewManifest(Snapshot snapshot, ManifestFile manifest) {}

  /**
   * The files that a new snapshot added; nothing else in it may contain one of them.
   *
   * @param inherited paths of the manifests that it shares with its parent
   * @param declared files that the snapshot declares as added
   * @param files the files that were found, in comparable form
   */
  private record Addition(Set<String> inherited, Set<String> declared, Set<String> files) {
    /** True if an entry of a manifest repeats a file that the snapshot added. */
    boolean repeats(String manifest, String file) {
      return (inherited.contains(manifest) || !declared.contains(file))
          && files.contains(CanonicalLocation.comparable(file));
    }
  }

  private SnapshotFileCheck(ClientSession session, TableName name, Table table) {
    this.session = session;
    this.table = table;
    this.erased = ErasedFiles.of(session.ledger(), name);
    this.folder = table.location();
  }

  /**
   * Returns the violations; empty if there are none.
   *
   * @param table the table after the commit
   * @param move the change to main; the snapshots that main reaches are checked even if they are
   *     not new, because rows of branches may have been erased since
   */
  static List<String> violations(
      ClientSession session,
      TableName name,
      TableMetadata base,
      TableMetadata updated,
      Table table,
      @Nullable MainBranchChange move) {
    SnapshotFileCheck check = new SnapshotFileCheck(session, name, table);
    List<Snapshot> reached = move == null ? List.of() : move.snapshots();
    for (Snapshot snapshot : updated.snapshots()) {
      if (base.snapshot(snapshot.snapshotId()) == null || reached.contains(snapshot)) {
        check.checkProperties(snapshot);
        check.checkFiles(snapshot);
      }
    }
    check.checkLiveFiles();
    check.checkStatistics(base, updated);
    check.checkRefs(base, updated);
    return check.violations();
  }

  private List<String> violations() {
    List<String> names = new ArrayList<>();
    misplaced.forEach((kind, locations) -> names.add(locations.size() + " files " + kind));
    if (!duplicates.isEmpty()) {
      names.add(duplicates.size() + " files that are already in the table, or twice in the commit");
    }
    if (!reused.isEmpty()) {
      names.add(reused.size() + " files that the mesh wrote, or that contain erased rows");
    }
    if (!undeclared.isEmpty()) {
      names.add(undeclared.size() + " files that no snapshot declares as added");
    }
    names.addAll(properties);
    names.addAll(refs);
    return names;
  }

  private void checkProperties(Snapshot snapshot) {
    for (String name : snapshot.summary().keySet()) {
      if (name.toLowerCase(Locale.ROOT).startsWith(RESERVED_PREFIX)) {
        properties.add("snapshot property " + name);
      }
    }
  }

  private void checkFiles(Snapshot snapshot) {
    checkLocation("metadata", snapshot.manifestListLocation());
    Map<String, ManifestFile> here = manifests(snapshot);
    Long parentId = snapshot.parentId();
    Snapshot parent = parentId == null ? null : table.snapshot(parentId);
    Map<String, ManifestFile> before = parent == null ? Map.of() : manifests(parent);
    Set<String> removed = new HashSet<>();
    for (ManifestFile manifest : before.values()) {
      if (parent != null && !here.containsKey(manifest.path())) {
        removed.addAll(changedFiles(parent, manifest));
      }
    }
    Set<String> declared = declared(snapshot);
    Set<String> added = new HashSet<>();
    for (ManifestFile manifest : here.values()) {
      if (before.containsKey(manifest.path())) {
        continue;
      }
      checkLocation("metadata", manifest.path());
      for (String file : changedFiles(snapshot, manifest)) {
        if (declared.contains(file)) {
          checkLocation("data", file);
          checkReuse(file, removed);
          boolean unique = added.add(CanonicalLocation.comparable(file));
          // One file may contain the deletion vectors of several files.
          if (!unique && manifest.content() == ManifestContent.DATA) {
            duplicates.add(file);
          }
        } else if (!removed.contains(file)) {
          undeclared.add(file);
        }
      }
    }
    if (!added.isEmpty()) {
      Addition addition = new Addition(Set.copyOf(before.keySet()), declared, added);
      for (ManifestFile manifest : here.values()) {
        if (manifest.content() == ManifestContent.DATA) {
          newManifests.put(manifest.path(), new NewManifest(snapshot, manifest));
          additions.computeIfAbsent(manifest.path(), absent -> new ArrayList<>()).add(addition);
        }
      }
    }
  }

  private void checkReuse(String file, Set<String> removed) {
    if (!removed.contains(file) && (ErasedFiles.isOfPublish(file) || erased.contains(file))) {
      reused.add(file);
    }
  }

  /**
   * Checks that no other manifest of a snapshot contains a file that the snapshot added. Reads the
   * manifests of all new snapshots together, each once, because most of them are shared.
   */
  private void checkLiveFiles() {
    for (NewManifest each : newManifests.values()) {
      ManifestFile manifest = each.manifest();
      List<Addition> snapshots = additions.getOrDefault(manifest.path(), List.of());
      Consumer<String> check =
          file -> {
            if (snapshots.stream().anyMatch(added -> added.repeats(manifest.path(), file))) {
              duplicates.add(file);
            }
          };
      List<String> files = changedFiles.get(manifest.path());
      if (files == null) {
        readEntries(each.snapshot(), manifest, check);
      } else {
        files.forEach(check);
      }
    }
  }

  private void checkStatistics(TableMetadata base, TableMetadata updated) {
    Set<String> paths = new HashSet<>();
    base.statisticsFiles().forEach(file -> paths.add(file.path()));
    base.partitionStatisticsFiles().forEach(file -> paths.add(file.path()));
    for (StatisticsFile file : updated.statisticsFiles()) {
      if (!paths.contains(file.path())) {
        checkLocation("metadata", file.path());
      }
    }
    for (PartitionStatisticsFile file : updated.partitionStatisticsFiles()) {
      if (!paths.contains(file.path())) {
        checkLocation("metadata", file.path());
      }
    }
  }

  /** A branch or tag on an earlier snapshot would retain rows that were erased later. */
  private void checkRefs(TableMetadata base, TableMetadata updated) {
    if (erased.isEmpty()) {
      return;
    }
    for (Map.Entry<String, SnapshotRef> ref : updated.refs().entrySet()) {
      Snapshot snapshot = updated.snapshot(ref.getValue().snapshotId());
      if (ref.getValue().equals(base.ref(ref.getKey()))
          || base.snapshot(snapshot.snapshotId()) == null
          || snapshot.equals(updated.currentSnapshot())) {
        continue;
      }
      for (ManifestFile manifest : manifests(snapshot).values()) {
        if (containsErased(snapshot, manifest)) {
          refs.add("ref " + ref.getKey() + " on a snapshot with erased rows");
        }
      }
    }
  }

  private boolean containsErased(Snapshot snapshot, ManifestFile manifest) {
    Boolean cached = erasedIn.get(manifest.path());
    if (cached == null) {
      Set<String> erasedFiles = new HashSet<>();
      readEntries(
          snapshot,
          manifest,
          file -> {
            if (erased.contains(file)) {
              erasedFiles.add(file);
            }
          });
      cached = !erasedFiles.isEmpty();
      erasedIn.put(manifest.path(), cached);
    }
    return cached;
  }

  private void checkLocation(String part, String location) {
    String kind = null;
    if (!CanonicalLocation.isBelow(folder + "/" + part, location)) {
      kind =
          CanonicalLocation.leadsBelow(folder + "/" + part, location)
              ? "under a location that is not canonical"
              : "outside the table's folder";
    } else if (session.tables().isLinked(folder, location)) {
      kind = "behind a link";
    }
    if (kind != null) {
      misplaced.computeIfAbsent(kind, absent -> new TreeSet<>()).add(location);
    }
  }

  private Map<String, ManifestFile> manifests(Snapshot snapshot) {
    Map<String, ManifestFile> manifests = new TreeMap<>();
    Manifests.of(table, snapshot).forEach(each -> manifests.put(each.path(), each));
    return manifests;
  }

  /** The added and removed files of a manifest; cached for further checks. */
  private List<String> changedFiles(Snapshot snapshot, ManifestFile manifest) {
    List<String> files = changedFiles.get(manifest.path());
    if (files == null) {
      files = new ArrayList<>();
      readEntries(snapshot, manifest, files::add);
      changedFiles.put(manifest.path(), files);
    }
    return files;
  }

  private void readEntries(Snapshot snapshot, ManifestFile manifest, Consumer<String> action) {
    Manifests.forEach(table, snapshot, manifest, LOCATION, file -> action.accept(file.location()));
  }

  private Set<String> declared(Snapshot snapshot) {
    Manifests.Changes changes = Manifests.changes(table, snapshot);
    Set<String> locations = new HashSet<>();
    changes.added().forEach(file -> locations.add(file.location()));
    changes.addedDeletes().forEach(file -> locations.add(file.location()));
    return locations;
  }
}
