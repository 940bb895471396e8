package io.meshwork.internal.table;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.metadata.GzipMetadata;
import io.meshwork.internal.metadata.MetadataContent;
import io.meshwork.internal.runtime.ThreadInterruption;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.AvroRuntimeException;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.OverwriteFiles;
import org.apache.iceberg.RewriteFiles;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotUpdate;
import org.apache.iceberg.StaticTableOperations;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.FileIO;
import org.jspecify.annotations.Nullable;

/**
 * One attempt's update of one table. Commits on {@link #table()} are only captured; {@link #stage}
 * adds them to the attempt's transaction. If the attempt is not committed, its metadata, manifest
 * lists, and manifests are deleted, unless the attempts of the change share these; the caller
 * deletes data files. Not thread-safe.
 */
public final class TableDraft {
  /** Up to this number, reading manifests sequentially is faster than with other threads. */
  private static final int MAX_SEQUENTIAL_MANIFESTS = 4;

  /** Up to this number of files, Iceberg writes one manifest, however many threads it has. */
  private static final int MAX_FILES_OF_ONE_MANIFEST = 10_000;

  /** Up to so many snapshots, a read of all of them costs little. */
  private static final int FEW_SNAPSHOTS = 20;

  /** From this number of manifests an append merges them, unless the table says otherwise. */
  private static final int MANIFESTS_BEFORE_MERGE =
      TableProperties.MANIFEST_MIN_MERGE_COUNT_DEFAULT - 1;

  private static final CallingThreadExecutor CALLING_THREAD = new CallingThreadExecutor();

  private final TableName name;
  private final FileIO files;
  private final Ledger.Attempt attempt;
  private final @Nullable VersionedDocument pointer;
  private final MetadataTime time;
  private final Optional<String> elsewhere;
  private final @Nullable TableMetadata base;
  private final RecordingFileIO recording;
  private final CapturingOperations operations;
  private final Table table;

  /** What all tries of the change share; empty if it has no fence, and each writes its own. */
  private final Optional<RetriedUpdate> tries;

  private final Map<Long, Map<String, String>> summaries = new TreeMap<>();
  private Supplier<Optional<Table>> current = () -> Optional.of(table());
  private boolean staged;
  private boolean retainsMetadata;
  private boolean forgetsMetadata;
  private @Nullable MetadataCache cache;
  private @Nullable GzipFeature gzip;
  private @Nullable MetadataFile baseFile;

  /** A draft of an existing table. */
  TableDraft(
      TableName name,
      FileIO files,
      ManifestCache manifests,
      Ledger.Attempt attempt,
      VersionedDocument pointer,
      TableMetadata base,
      MetadataTime time) {
    this(name, files, manifests, attempt, pointer, base, time, Optional.empty());
  }

  /**
   * A draft of an existing or a new table.
   *
   * @param manifests the manifests that are not read again
   * @param pointer null for a new table, as is {@code base}
   * @param elsewhere the folder of a new table that is not below the root of the mesh
   */
  TableDraft(
      TableName name,
      FileIO files,
      ManifestCache manifests,
      Ledger.Attempt attempt,
      @Nullable VersionedDocument pointer,
      @Nullable TableMetadata base,
      MetadataTime time,
      Optional<String> elsewhere) {
    this.name = name;
    this.files = files;
    this.attempt = attempt;
    this.pointer = pointer;
    this.base = base;
    this.time = time;
    this.elsewhere = elsewhere;
    this.recording = new RecordingFileIO(files);
    this.operations =
        new CapturingOperations(
            time.metadata(), recording, attempt.id(), attempt.id() + "/" + name);
    this.table = new LoadedTable(operations, name.toString(), manifests, () -> current.get());
    this.tries =
        attempt.shared(name.toString(), RetriedUpdate.class, id -> new RetriedUpdate(id, files));
    attempt.onLost(recording::discard);
  }

  /** Sets whether the commit leaves the metadata files that it no longer lists to maintenance. */
  TableDraft retainingMetadata(boolean retains) {
    retainsMetadata = retains;
    return this;
  }

  /** Sets where the metadata is stored once it is committed, for the next operation. */
  TableDraft keptIn(MetadataCache metadata) {
    cache = metadata;
    return this;
  }

  /** Sets what records that the mesh has compressed files; without it, files are plain. */
  TableDraft compressedWith(GzipFeature feature) {
    gzip = feature;
    return this;
  }

  /** Sets what loads the current version of the table, to explain missing files. */
  TableDraft comparedWith(Supplier<Optional<Table>> now) {
    current = now;
    return this;
  }

  /** Sets the file of the base, whose snapshots and log are then copied. */
  TableDraft copying(MetadataFile ofBase) {
    baseFile = ofBase;
    return this;
  }

  public TableName name() {
    return name;
  }

  /**
   * The table before the updates of this attempt, for what depends on the times of its snapshots.
   *
   * @throws NullPointerException if the table is new
   */
  public Table committed() {
    return new LoadedTable(
        new StaticTableOperations(Objects.requireNonNull(base), files),
        name.toString(),
        ManifestCache.NONE,
        () -> current.get());
  }

  /**
   * The table with the updates of this attempt. If the clock of this host is behind, times of its
   * snapshots are too early until the commit.
   */
  public Table table() {
    return table;
  }

  /** The state of the table with the updates of this attempt. */
  public TableState state() {
    return TableState.of(table);
  }

  /**
   * Adds files to the table in one snapshot.
   *
   * @param entries may be empty; then the snapshot only records the publish
   * @param summary properties of the snapshot, such as publish ID and mode
   * @throws BackendException if Iceberg could not read or write its files
   */
  public TableDraft append(List<DataFileEntry> entries, Map<String, String> summary) {
    return append(entries, Optional.empty(), summary);
  }

  /**
   * Adds files to the table in one snapshot.
   *
   * @param written their manifests, if they were written before; they are deleted after the commit
   *     if the table has changed since, so that they do not fit
   * @throws BackendException as {@link #append(List, Map)}
   */
  public TableDraft append(
      List<DataFileEntry> entries, Optional<AddedManifests> written, Map<String, String> summary) {
    Optional<AddedManifests> fitting =
        written.filter(manifests -> manifests.isOf(operations.current()));
    fitting.ifPresent(manifests -> manifests.locations().forEach(recording::syncToo));
    Map<String, String> properties = withRepeatedProperties(summary);
    boolean writes = fitting.isEmpty() && !entries.isEmpty();
    boolean merges = manifests().size() >= MANIFESTS_BEFORE_MERGE;
    SnapshotUpdate<?> append =
        tries.isPresent() && (writes || merges)
            ? update(
                RetriedUpdate.Change.ofAdded(entries, properties.keySet()),
                from -> append(from, entries, fitting))
            : append(withNewestSnapshot(), entries, fitting);
    // An append opens no manifest of earlier snapshots, except the few that it merges.
    append.scanManifestsWith(CALLING_THREAD);
    writeWith(append, entries.size());
    properties.forEach(append::set);
    commit(append);
    written.filter(added -> merges || fitting.isEmpty()).ifPresent(this::deleteUnused);
    return this;
  }

  private void deleteUnused(AddedManifests written) {
    Set<String> used = manifests().stream().map(ManifestFile::path).collect(Collectors.toSet());
    written.locations().stream()
        .filter(path -> !used.contains(path))
        .forEach(recording::deleteFile);
  }

  private AppendFiles append(
      Table from, List<DataFileEntry> entries, Optional<AddedManifests> fitting) {
    AppendFiles append = from.newAppend();
    if (fitting.isPresent()) {
      append(append, entries, fitting.get());
    } else if (entries.size() <= AddedManifests.MAX_FILES) {
      entries.forEach(entry -> append.appendFile(entry.toDataFile(table.spec())));
    } else {
      append(append, entries, manifests(from, entries)); // Iceberg would retain all entries
    }
    return append;
  }

  private void append(AppendFiles append, List<DataFileEntry> entries, AddedManifests manifests) {
    manifests.files().forEach(append::appendManifest);
    AddedManifests.count(entries, table.spec(), append);
  }

  private AddedManifests manifests(Table from, List<DataFileEntry> entries) {
    UUID id = UUID.nameUUIDFromBytes(entries.get(0).location().getBytes(StandardCharsets.UTF_8));
    TableOperations tableOperations = ((BaseTable) from).operations();
    return AddedManifests.write(
        name,
        operations.current(),
        number ->
            from.io()
                .newOutputFile(tableOperations.metadataFileLocation(id + "-m" + number + ".avro")),
        entries);
  }

  /**
   * Removes and adds files in one snapshot. An added file may be one that the table had earlier.
   * Without files there is no snapshot.
   *
   * @param removed live files of {@link #table()}
   * @param added files that are not live
   * @param summary properties of the snapshot, such as publish ID and mode
   * @throws BackendException if Iceberg could not read or write its files
   */
  public TableDraft replace(
      Collection<DataFile> removed, Collection<DataFile> added, Map<String, String> summary) {
    if (removed.isEmpty() && added.isEmpty()) {
      return this;
    }
    Map<String, String> properties = withRepeatedProperties(summary);
    SnapshotUpdate<?> overwrite =
        update(
            RetriedUpdate.Change.of(removed, added, properties.keySet()),
            from -> overwrite(from, removed, added));
    prepare(overwrite, properties, added.size());
    commit(overwrite);
    return this;
  }

  /** The update of the earlier tries if they share one and it fits, so that it writes less. */
  private SnapshotUpdate<?> update(
      RetriedUpdate.Change change, Function<Table, SnapshotUpdate<?>> begin) {
    return tries.isPresent()
        ? tries.get().next(operations, recording, change, begin)
        : begin.apply(table);
  }

  private static SnapshotUpdate<?> overwrite(
      Table from, Collection<DataFile> removed, Collection<DataFile> added) {
    OverwriteFiles overwrite = from.newOverwrite();
    removed.forEach(overwrite::deleteFile);
    added.forEach(overwrite::addFile);
    return overwrite;
  }

  /**
   * Replaces files by others with the same rows, in one snapshot.
   *
   * @param removed live files of {@link #table()}, at least one
   * @param added files with the same rows, at least one
   * @param summary properties of the snapshot
   * @throws BackendException if Iceberg could not read or write its files
   */
  public TableDraft rewrite(
      Collection<DataFile> removed, List<DataFileEntry> added, Map<String, String> summary) {
    List<DataFile> files = added.stream().map(entry -> entry.toDataFile(table.spec())).toList();
    Map<String, String> properties = withRepeatedProperties(summary);
    SnapshotUpdate<?> rewrite =
        update(
            RetriedUpdate.Change.of(removed, files, properties.keySet()),
            from -> rewrite(from, removed, files));
    // Otherwise Iceberg validates the whole history and fails on expired snapshots.
    Snapshot newest = table.currentSnapshot();
    if (newest != null) {
      ((RewriteFiles) rewrite).validateFromSnapshot(newest.snapshotId());
    }
    prepare(rewrite, properties, files.size());
    commit(rewrite);
    return this;
  }

  private static SnapshotUpdate<?> rewrite(
      Table from, Collection<DataFile> removed, Collection<DataFile> added) {
    RewriteFiles rewrite = from.newRewrite();
    removed.forEach(rewrite::deleteFile);
    added.forEach(rewrite::addFile);
    return rewrite;
  }

  /**
   * Writes manifests again without the entries of removed files, in one snapshot with the same
   * files.
   *
   * @param rewritten the locations of manifests of {@link #table()}, at least one
   * @param summary properties of the snapshot
   * @throws BackendException if Iceberg could not read or write its files
   */
  public TableDraft rewriteManifests(Set<String> rewritten, Map<String, String> summary) {
    Map<String, String> properties = withRepeatedProperties(summary);
    SnapshotUpdate<?> rewrite =
        update(
            new RetriedUpdate.Change(rewritten, Set.of(), Set.copyOf(properties.keySet())),
            from ->
                from.rewriteManifests()
                    .clusterBy(file -> "")
                    .rewriteIf(manifest -> rewritten.contains(manifest.path())));
    prepare(rewrite, properties, Integer.MAX_VALUE);
    commit(rewrite);
    return this;
  }

  /**
   * Removes snapshots, with branches and tags that point to them. Their files are not deleted.
   *
   * @param snapshotIds IDs of snapshots; missing snapshots are ignored
   */
  public TableDraft removeSnapshots(Set<Long> snapshotIds) {
    TableMetadata current = operations.current();
    Set<Long> existing = new TreeSet<>(snapshotIds);
    existing.removeIf(id -> current.snapshot(id) == null);
    if (!existing.isEmpty()) {
      operations.commit(
          current, TableMetadata.buildFrom(current).removeSnapshots(existing).build());
    }
    return this;
  }

  /**
   * Sets the summary, and that few manifests are read and written without other threads.
   *
   * @param added the number of added files
   */
  private void prepare(SnapshotUpdate<?> update, Map<String, String> summary, int added) {
    if (manifests().size() <= MAX_SEQUENTIAL_MANIFESTS) {
      update.scanManifestsWith(CALLING_THREAD);
      writeOnCallingThread(update);
    } else {
      writeWith(update, added);
    }
    summary.forEach(update::set);
  }

  private static void writeWith(SnapshotUpdate<?> update, int added) {
    if (added <= MAX_FILES_OF_ONE_MANIFEST) {
      writeOnCallingThread(update);
    }
  }

  private static void writeOnCallingThread(SnapshotUpdate<?> update) {
    if (IcebergVersion.WRITES_MANIFESTS_WITH_EXECUTOR) {
      update.writeManifestsWith(CALLING_THREAD, 1);
    }
  }

  /** The table for an update that needs no snapshot but the newest. */
  private Table withNewestSnapshot() {
    MetadataFile from = baseFile;
    return from == null || operations.current() != from.metadata()
        ? table
        : new BaseTable(
            new NewestSnapshotOperations(operations, from), name.toString(), report -> {});
  }

  /** The manifests of the newest snapshot, whose list Iceberg retains for the update. */
  private List<ManifestFile> manifests() {
    Snapshot newest = table.currentSnapshot();
    return newest == null ? List.of() : Manifests.of(table, newest);
  }

  private void commit(SnapshotUpdate<?> update) {
    boolean complete = false;
    try {
      update.commit();
      complete = true;
    } catch (UncheckedIOException | NotFoundException | AvroRuntimeException e) {
      requireReadable(e);
      throw unwritable("its manifests could not be written", e);
    } finally {
      if (!complete) {
        tries.ifPresent(RetriedUpdate::abandon);
      }
    }
  }

  /** Requires that no manifest that Iceberg read for an update caused a failure. */
  private void requireReadable(RuntimeException failure) {
    Snapshot newest = table.currentSnapshot();
    if (newest == null) {
      return;
    }
    if (recording.reads().isFailed() || failure instanceof NotFoundException) {
      throw Manifests.unreadable(recording.reads(), table, newest, failure);
    }
    for (ManifestFile manifest : Manifests.ofData(table, newest)) {
      Manifests.forEach(table, newest, manifest, List.of(DataFile.FILE_PATH.name()), file -> {});
    }
  }

  /**
   * Changes the table's columns; files do not change and are read by field ID.
   *
   * @param schema the columns with their IDs; new ones have higher IDs than any before
   * @param lastColumnId the highest ID that a column has or had
   */
  public TableDraft evolve(Schema schema, int lastColumnId) {
    TableMetadata current = operations.current();
    operations.commit(
        current, TableMetadata.buildFrom(current).setCurrentSchema(schema, lastColumnId).build());
    return this;
  }

  /** True if the committed metadata file names earlier ones. */
  public boolean namesMetadata() {
    return !Objects.requireNonNull(base).previousFiles().isEmpty();
  }

  /**
   * Lets the next metadata file name no earlier one, because these have values of erased rows.
   *
   * @return the earlier files, which the caller deletes after the commit
   */
  public List<String> forgetMetadata() {
    forgetsMetadata = true;
    TableMetadata committed = Objects.requireNonNull(base);
    return Stream.concat(
            committed.previousFiles().stream().map(file -> file.file()),
            Stream.of(committed.metadataFileLocation()))
        .toList();
  }

  /** Adds properties to the table, or replaces their values. */
  public TableDraft setProperties(Map<String, String> properties) {
    TableMetadata current = operations.current();
    operations.commit(current, TableMetadata.buildFrom(current).setProperties(properties).build());
    return this;
  }

  /**
   * Adds the properties that each snapshot repeats, unless the summary has them. In a table of many
   * snapshots, properties that no snapshot has are blank, so that reads stop at the newest one.
   */
  private Map<String, String> withRepeatedProperties(Map<String, String> summary) {
    Map<String, String> all = new TreeMap<>(summary);
    boolean many = table.history().size() >= FEW_SNAPSHOTS;
    CompletenessStatement.copyTo(table, many, all);
    LastUpdate.copyTo(table, all);
    NewestEventTime.copyTo(table, table.currentSnapshot(), all);
    BrokenRules.copyTo(table, many, all);
    return all;
  }

  /** Uses metadata that an engine built on the state at the beginning of this draft. */
  TableDraft adopt(TableMetadata built, Map<Long, Map<String, String>> snapshotSummaries) {
    operations.commit(operations.current(), built);
    summaries.putAll(snapshotSummaries);
    return this;
  }

  /**
   * Writes the metadata file and adds the pointer to the draft, which must not have changed since
   * this attempt read it. A table without updates is only checked. Call it once, after the last
   * update.
   *
   * @throws BackendException if the metadata file could not be written
   * @throws io.meshwork.error.InvalidRequestException if its text is longer than processes read
   */
  public void stage(CommitDraft<?> draft) {
    if (staged) {
      throw new IllegalStateException("Table " + name + " is staged already");
    }
    staged = true;
    tries.ifPresent(shared -> shared.settle(attempt.id(), recording, this::manifests));
    if (pointer != null && !operations.changed() && !forgetsMetadata) {
      draft.check(pointer);
      draft.onCommitted(recording::deleteAfterCommit);
      return;
    }
    int version = TablePointer.nextVersion(pointer);
    MetadataFile file = appended(version).orElseGet(() -> rewritten(version));
    MetadataContent.requireShort(
        file.length(), MetadataContent.limit(), MeshAction.of(Verb.UPDATE, "table " + name));
    TableMetadata metadata = file.metadata();
    GzipFeature feature = gzip;
    if (feature != null && GzipMetadata.isGzip(metadata.metadataFileLocation())) {
      feature.require(name);
    }
    write(metadata.metadataFileLocation(), file);

    ObjectNode document =
        TablePointer.next(pointer, metadata, file.hash(), version, elsewhere, forgetsMetadata);
    if (pointer == null) {
      draft.insert(name.key(), document);
    } else {
      draft.replace(pointer, document);
    }
    draft.attach(name.key(), table);
    MetadataCache cached = cache;
    if (cached != null) {
      draft.onCommitted(() -> cached.add(name.key(), file.hash(), file));
    }
    TableMetadata previous = base;
    if (previous != null && !retainsMetadata && !forgetsMetadata) {
      draft.onCommitted(() -> CatalogUtil.deleteRemovedMetadataFiles(files, previous, metadata));
    }
    draft.onCommitted(recording::deleteAfterCommit);
  }

  /** The file of a base and one more snapshot; empty if the update is another. */
  private Optional<MetadataFile> appended(int version) {
    MetadataFile from = baseFile;
    long at = time.time(attempt.now());
    return from != null && summaries.isEmpty() && !forgetsMetadata && time.isReached(at)
        ? from.copied()
            .flatMap(
                json ->
                    AppendedSnapshot.file(
                        from,
                        json,
                        operations.current(),
                        location(version, json.snapshots().length()),
                        at))
        : Optional.empty();
  }

  private MetadataFile rewritten(int version) {
    byte[] text =
        time.json(operations.current(), attempt.now(), summaries, forgetsMetadata)
            .getBytes(StandardCharsets.UTF_8);
    return MetadataFile.of(location(version, text.length), text);
  }

  /**
   * The location of the metadata file.
   *
   * @param length the number of bytes of its text, or of the earlier snapshots in it
   */
  private String location(int version, int length) {
    TableMetadata current = operations.current();
    int compressedLength = gzip == null ? 0 : length;
    String end = GzipMetadata.nameEnd(current.location(), current.properties(), compressedLength);
    return operations.location(String.format(Locale.ROOT, "%05d-%s", version, attempt.id()) + end);
  }

  /** Writes the last file of this attempt, and syncs all. */
  private void write(String location, MetadataFile file) {
    try (OutputStream out = recording.newOutputFile(location).create()) {
      file.writeTo(out);
    } catch (IOException | UncheckedIOException e) {
      throw unwritable("its metadata file could not be written", e);
    }
    try {
      recording.sync();
    } catch (UncheckedIOException e) {
      throw unwritable("its metadata files could not be synced", e);
    }
  }

  private BackendException unwritable(String reason, Exception cause) {
    return unwritable(name, reason, cause);
  }

  static BackendException unwritable(TableName name, String reason, Exception cause) {
    if (ThreadInterruption.isCauseOf(cause)) {
      return ThreadInterruption.ofChange(MeshAction.of(Verb.UPDATE, "table " + name), cause);
    }
    return Failure.of(MeshAction.of(Verb.UPDATE, "table " + name))
        .because(reason)
        .state("Nothing was committed.")
        .fix("Check the space and the permissions of the store, and run it again.")
        .cause(cause)
        .lasting(ErrorCode.STORAGE_UNWRITABLE);
  }
}
