package io.meshwork.internal.table;

import io.meshwork.internal.ledger.Ledger;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.SnapshotUpdate;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.LocationProvider;
import org.apache.iceberg.io.OutputFile;
import org.jspecify.annotations.Nullable;

/**
 * The update of a table's files that all tries of one commit share. Iceberg retains the manifests
 * that a try wrote, so that the next try rewrites only manifests that other commits added. They
 * outlive a lost try, so their names have the ID of a fence of the change, which covers them. Not
 * thread-safe.
 */
final class RetriedUpdate implements Ledger.SharedState {
  private final String id;
  private final FileIO store;

  /** Iceberg may write manifests in several threads. */
  private final Set<String> written = ConcurrentHashMap.newKeySet();

  private @Nullable BegunUpdate begun;
  private UsedManifests used = new UsedManifests("", Set.of());

  /**
   * An update without a try.
   *
   * @param id the ID of a fence that the commit requires to be absent
   * @param store deletes the manifests that are not committed
   */
  RetriedUpdate(String id, FileIO store) {
    this.id = id;
    this.store = store;
  }

  private record UsedManifests(String attempt, Set<String> locations) {}

  /**
   * What an update changes.
   *
   * @param properties the names of the properties of its snapshot, which Iceberg does not remove
   */
  record Change(Set<String> removed, Set<String> added, Set<String> properties) {
    static Change ofAdded(List<DataFileEntry> added, Set<String> properties) {
      Set<String> locations = new HashSet<>();
      added.forEach(entry -> locations.add(entry.location()));
      return new Change(Set.of(), locations, Set.copyOf(properties));
    }

    static Change of(
        Collection<? extends ContentFile<?>> removed,
        Collection<? extends ContentFile<?>> added,
        Set<String> properties) {
      return new Change(locations(removed), locations(added), Set.copyOf(properties));
    }

    private static Set<String> locations(Collection<? extends ContentFile<?>> files) {
      return files.stream().map(ContentFile::location).collect(Collectors.toSet());
    }

    boolean follows(Change earlier) {
      return removed.equals(earlier.removed)
          && added.equals(earlier.added)
          && properties.containsAll(earlier.properties);
    }
  }

  /** The update that an earlier try began, and the table that it was begun on. */
  private record BegunUpdate(
      SnapshotUpdate<?> update, Change change, TableMetadata base, Operations operations) {
    boolean fits(Change next, TableMetadata now) {
      return next.follows(change)
          && now.formatVersion() == base.formatVersion()
          && now.specsById().equals(base.specsById())
          && now.schema().sameSchema(base.schema());
    }
  }

  /**
   * The update for one try.
   *
   * @param table captures the try
   * @param attempt the files of the try
   * @param begin begins the update, unless the update of the earlier tries fits
   */
  SnapshotUpdate<?> next(
      CapturingOperations table,
      RecordingFileIO attempt,
      Change change,
      Function<Table, SnapshotUpdate<?>> begin) {
    TableMetadata now = table.current();
    TriedFiles files = new TriedFiles(attempt, written);
    BegunUpdate earlier = begun;
    if (earlier != null && earlier.fits(change, now)) {
      earlier.operations.follow(table, files);
      return earlier.update;
    }
    Operations operations = new Operations(table, files);
    SnapshotUpdate<?> update = begin.apply(new BaseTable(operations, id, report -> {}));
    begun = new BegunUpdate(update, change, now, operations);
    return update;
  }

  /**
   * Has the next try begin a new update: Iceberg continues one that failed as if it had read all
   * manifests.
   */
  void abandon() {
    begun = null;
  }

  /**
   * Has a try sync the manifests that it uses. The others are deleted once it is committed.
   *
   * @param attempt the ID of the try
   * @param manifests of the table after the update
   */
  void settle(String attempt, RecordingFileIO files, Supplier<List<ManifestFile>> manifests) {
    if (written.isEmpty()) {
      return;
    }
    Set<String> locations = new HashSet<>();
    manifests.get().forEach(manifest -> locations.add(manifest.path()));
    locations.retainAll(written);
    locations.forEach(files::syncToo);
    used = new UsedManifests(attempt, locations);
  }

  @Override
  public void end(Optional<String> committed) {
    Set<String> unused = new HashSet<>(written);
    if (committed.filter(used.attempt()::equals).isPresent()) {
      unused.removeAll(used.locations());
    }
    RecordingFileIO.deleteAll(store, unused);
  }

  /** The operations of the newest try, for an update that began with an earlier one. */
  private final class Operations implements TableOperations {
    private CapturingOperations table;
    private TriedFiles files;

    Operations(CapturingOperations table, TriedFiles files) {
      this.table = table;
      this.files = files;
    }

    void follow(CapturingOperations next, TriedFiles ofNext) {
      table = next;
      files = ofNext;
    }

    @Override
    public TableMetadata current() {
      return table.current();
    }

    @Override
    public TableMetadata refresh() {
      return table.current();
    }

    @Override
    public void commit(TableMetadata base, TableMetadata next) {
      table.commit(base, next);
    }

    @Override
    public FileIO io() {
      return files;
    }

    @Override
    public String metadataFileLocation(String fileName) {
      if (FileOrigin.isManifestList(fileName)) {
        return table.metadataFileLocation(fileName);
      }
      String location = table.location(FileOrigin.manifestName(id, fileName));
      written.add(location);
      return location;
    }

    @Override
    public LocationProvider locationProvider() {
      return table.locationProvider();
    }

    @Override
    public long newSnapshotId() {
      return table.newSnapshotId();
    }
  }

  /**
   * The files of one try. Iceberg can delete only files that belong to this try: {@link #settle}
   * decides about manifests, and a lost try deleted its manifest list.
   */
  private static final class TriedFiles extends ReadThroughFileIO {
    private static final long serialVersionUID = 1L;

    private final RecordingFileIO attempt;
    private final transient Set<String> written;

    TriedFiles(RecordingFileIO attempt, Set<String> written) {
      super(attempt);
      this.attempt = attempt;
      this.written = written;
    }

    @Override
    public OutputFile newOutputFile(String path) {
      return written.contains(path) ? attempt.newUnrecordedFile(path) : attempt.newOutputFile(path);
    }

    @Override
    public void deleteFile(String path) {
      if (attempt.written().contains(path)) {
        attempt.deleteFile(path);
      }
    }
  }
}
