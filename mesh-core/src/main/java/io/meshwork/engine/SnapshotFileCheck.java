package io.meshwork.engine;

import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.CanonicalLocation;
import io.meshwork.internal.table.ErasedFiles;
import io.meshwork.internal.table.TableName;
import java.io.IOException;
import java.io.UncheckedIOException;
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
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.ManifestContent;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.PartitionStatisticsFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotChanges;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.StatisticsFile;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.jspecify.annotations.Nullable;

/**
 * What every new snapshot is checked for, whatever branch it is on or none: its files lie in the
 * table's folder, under their canonical locations, none of them is live already, named twice, of
 * the mesh's own or holds rows that were erased, and it says nothing that is the mesh's to say.
 * Rows are another matter: they are judged when main moves. One thread.
 */
final class SnapshotFileCheck {
  private static final String OURS = "meshwork.";
  private static final List<String> LOCATION = List.of("file_path");

  private final ClientSession session;
  private final Table table;
  private final ErasedFiles erased;
  private final String folder;
  private final Map<String, Set<String>> strange = new TreeMap<>();
  private final Set<String> twice = new TreeSet<>();
  private final Set<String> former = new TreeSet<>();
  private final Set<String> unannounced = new TreeSet<>();
  private final Set<String> properties = new TreeSet<>();
  private final Set<String> refs = new TreeSet<>();
  private final Map<String, List<String>> changed = new HashMap<>();
  private final Map<String, Boolean> erasedIn = new HashMap<>();
  private final Map<String, ManifestFile> standing = new TreeMap<>();
  private final Map<String, List<Addition>> additions = new HashMap<>();

  /**
   * What a new snapshot added; nothing else in it may have one of these files.
   *
   * @param kept paths of the manifests that it shares with its parent
   * @param announced files that it says it added
   * @param files the same in comparable form, as far as they were found
   */
  private record Addition(Set<String> kept, Set<String> announced, Set<String> files) {
    /** True if a file that a manifest of the snapshot names is one that it added, once more. */
    boolean repeats(String manifest, String file) {
      return (kept.contains(manifest) || !announced.contains(file))
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
   * Names of what is refused; empty if nothing is.
   *
   * @param table the table as it would be
   * @param move what the commit does to main; snapshots that main comes to reach are checked even
   *     if they are not new, since older versions of the mesh did not check those of branches
   */
  static List<String> refused(
      ClientSession session,
      TableName name,
      TableMetadata base,
      TableMetadata built,
      Table table,
      @Nullable MainBranchChange move) {
    SnapshotFileCheck check = new SnapshotFileCheck(session, name, table);
    List<Snapshot> reached = move == null ? List.of() : move.snapshots();
    for (Snapshot snapshot : built.snapshots()) {
      if (base.snapshot(snapshot.snapshotId()) == null || reached.contains(snapshot)) {
        check.properties(snapshot);
        check.files(snapshot);
      }
    }
    check.findLive();
    check.statistics(base, built);
    check.refs(base, built);
    return check.refused();
  }

  private List<String> refused() {
    List<String> names = new ArrayList<>();
    strange.forEach((kind, locations) -> names.add(locations.size() + " files " + kind));
    if (!twice.isEmpty()) {
      names.add(twice.size() + " files that are in the table already, or twice in the commit");
    }
    if (!former.isEmpty()) {
      names.add(former.size() + " files that the mesh wrote, or that hold rows that were erased");
    }
    if (!unannounced.isEmpty()) {
      names.add(unannounced.size() + " files that no snapshot says it added");
    }
    names.addAll(properties);
    names.addAll(refs);
    return names;
  }

  private void properties(Snapshot snapshot) {
    for (String name : snapshot.summary().keySet()) {
      if (name.toLowerCase(Locale.ROOT).startsWith(OURS)) {
        properties.add("snapshot property " + name);
      }
    }
  }

  private void files(Snapshot snapshot) {
    location("metadata", snapshot.manifestListLocation());
    Map<String, ManifestFile> here = manifests(snapshot);
    Long parentId = snapshot.parentId();
    Snapshot parent = parentId == null ? null : table.snapshot(parentId);
    Map<String, ManifestFile> before = parent == null ? Map.of() : manifests(parent);
    Set<String> removed = new HashSet<>();
    for (ManifestFile manifest : before.values()) {
      if (!here.containsKey(manifest.path())) {
        removed.addAll(changed(manifest));
      }
    }
    Set<String> announced = announced(snapshot);
    Set<String> added = new HashSet<>();
    for (ManifestFile manifest : here.values()) {
      if (before.containsKey(manifest.path())) {
        continue;
      }
      location("metadata", manifest.path());
      for (String file : changed(manifest)) {
        if (announced.contains(file)) {
          location("data", file);
          former(file, removed);
          boolean unique = added.add(CanonicalLocation.comparable(file));
          // One file may hold the deletion vectors of many.
          if (!unique && manifest.content() == ManifestContent.DATA) {
            twice.add(file);
          }
        } else if (!removed.contains(file)) {
          unannounced.add(file);
        }
      }
    }
    if (!added.isEmpty()) {
      Addition addition = new Addition(Set.copyOf(before.keySet()), announced, added);
      for (ManifestFile manifest : here.values()) {
        if (manifest.content() == ManifestContent.DATA) {
          standing.put(manifest.path(), manifest);
          additions.computeIfAbsent(manifest.path(), absent -> new ArrayList<>()).add(addition);
        }
      }
    }
  }

  private void former(String file, Set<String> removed) {
    if (!removed.contains(file) && (ErasedFiles.isOfPublish(file) || erased.contains(file))) {
      former.add(file);
    }
  }

  /**
   * Whatever a snapshot did not add itself has no file that it added. The manifests of all new
   * snapshots are read together, each once: most of them are the same.
   */
  private void findLive() {
    for (ManifestFile manifest : standing.values()) {
      List<Addition> adding = additions.getOrDefault(manifest.path(), List.of());
      Consumer<String> check =
          file -> {
            if (adding.stream().anyMatch(each -> each.repeats(manifest.path(), file))) {
              twice.add(file);
            }
          };
      List<String> known = changed.get(manifest.path());
      if (known == null) {
        live(manifest, check);
      } else {
        known.forEach(check);
      }
    }
  }

  private void statistics(TableMetadata base, TableMetadata built) {
    Set<String> known = new HashSet<>();
    base.statisticsFiles().forEach(file -> known.add(file.path()));
    base.partitionStatisticsFiles().forEach(file -> known.add(file.path()));
    for (StatisticsFile file : built.statisticsFiles()) {
      if (!known.contains(file.path())) {
        location("metadata", file.path());
      }
    }
    for (PartitionStatisticsFile file : built.partitionStatisticsFiles()) {
      if (!known.contains(file.path())) {
        location("metadata", file.path());
      }
    }
  }

  /** A branch or tag on an earlier snapshot would keep rows for good that were erased since. */
  private void refs(TableMetadata base, TableMetadata built) {
    if (erased.isEmpty()) {
      return;
    }
    for (Map.Entry<String, SnapshotRef> ref : built.refs().entrySet()) {
      Snapshot snapshot = built.snapshot(ref.getValue().snapshotId());
      if (ref.getValue().equals(base.ref(ref.getKey()))
          || base.snapshot(snapshot.snapshotId()) == null
          || snapshot.equals(built.currentSnapshot())) {
        continue;
      }
      for (ManifestFile manifest : manifests(snapshot).values()) {
        if (holdsErased(manifest)) {
          refs.add("ref " + ref.getKey() + " on a snapshot with rows that were erased");
        }
      }
    }
  }

  private boolean holdsErased(ManifestFile manifest) {
    Boolean known = erasedIn.get(manifest.path());
    if (known == null) {
      Set<String> found = new HashSet<>();
      live(
          manifest,
          file -> {
            if (erased.contains(file)) {
              found.add(file);
            }
          });
      known = !found.isEmpty();
      erasedIn.put(manifest.path(), known);
    }
    return known;
  }

  private void location(String part, String location) {
    String kind = null;
    if (!CanonicalLocation.isBelow(folder + "/" + part, location)) {
      kind =
          CanonicalLocation.leadsBelow(folder + "/" + part, location)
              ? "under a location that is not canonical"
              : "outside of the table's folder";
    } else if (session.tables().isLinked(folder, location)) {
      kind = "behind a link";
    }
    if (kind != null) {
      strange.computeIfAbsent(kind, absent -> new TreeSet<>()).add(location);
    }
  }

  private Map<String, ManifestFile> manifests(Snapshot snapshot) {
    Map<String, ManifestFile> manifests = new TreeMap<>();
    snapshot.allManifests(table.io()).forEach(each -> manifests.put(each.path(), each));
    return manifests;
  }

  /** The files of a manifest that came or went; they are kept, as others ask for them too. */
  private List<String> changed(ManifestFile manifest) {
    List<String> known = changed.get(manifest.path());
    if (known == null) {
      known = new ArrayList<>();
      live(manifest, known::add);
      changed.put(manifest.path(), known);
    }
    return known;
  }

  private void live(ManifestFile manifest, Consumer<String> action) {
    try (ManifestReader<? extends ContentFile<?>> entries =
        manifest.content() == ManifestContent.DATA
            ? ManifestFiles.read(manifest, table.io(), table.specs()).select(LOCATION)
            : ManifestFiles.readDeleteManifest(manifest, table.io(), table.specs())) {
      entries.forEach(file -> action.accept(file.location()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Set<String> announced(Snapshot snapshot) {
    SnapshotChanges changes = SnapshotChanges.builderFor(table).snapshot(snapshot).build();
    Set<String> locations = new HashSet<>();
    for (DataFile file : changes.addedDataFiles()) {
      locations.add(file.location());
    }
    changes.addedDeleteFiles().forEach(file -> locations.add(file.location()));
    return locations;
  }
}
