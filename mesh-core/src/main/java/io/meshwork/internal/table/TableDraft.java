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
import io.meshwork.internal.runtime.ThreadInterruption;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.OverwriteFiles;
import org.apache.iceberg.RewriteFiles;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotUpdate;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;
import org.apache.iceberg.io.FileIO;
import org.jspecify.annotations.Nullable;

/**
 * One attempt's update of one table. Whatever Iceberg commits on {@link #table()} is only captured;
 * {@link #stage} puts it into the attempt's transaction. If the attempt never lands, the metadata,
 * manifest lists and manifests that it wrote are deleted; data files stay the caller's. Belongs to
 * one thread.
 */
public final class TableDraft {
  /** So many manifests are read one after the other sooner than other threads are waited for. */
  private static final int FEW_MANIFESTS = 4;

  private final TableName name;
  private final FileIO files;
  private final Ledger.Attempt attempt;
  private final @Nullable VersionedDocument pointer;
  private final MetadataTime time;
  private final @Nullable TableMetadata base;
  private final RecordingFileIO recording;
  private final CapturingOperations operations;
  private final Table table;
  private final Map<Long, Map<String, String>> added = new TreeMap<>();
  private boolean staged;

  TableDraft(
      TableName name,
      FileIO files,
      Ledger.Attempt attempt,
      @Nullable VersionedDocument pointer,
      @Nullable TableMetadata base,
      MetadataTime time) {
    this.name = name;
    this.files = files;
    this.attempt = attempt;
    this.pointer = pointer;
    this.base = base;
    this.time = time;
    this.recording = new RecordingFileIO(files);
    this.operations =
        new CapturingOperations(
            time.metadata(), recording, attempt.id(), attempt.id() + "/" + name);
    this.table = new BaseTable(operations, name.toString(), report -> {});
    attempt.onLost(recording::discard);
  }

  /** Which table it is. */
  public TableName name() {
    return name;
  }

  /**
   * The table as this attempt sees it, with what it has updated so far. Times of its snapshots are
   * not final before the commit.
   */
  public Table table() {
    return table;
  }

  /** What the table holds with what was updated so far. */
  public TableState state() {
    return TableState.of(table);
  }

  /**
   * Adds files to the table, as one snapshot.
   *
   * @param entries may be empty; then the snapshot only says that something was published
   * @param summary what the snapshot is to say of itself, such as publish id and mode
   * @throws BackendException if Iceberg could not write its files
   */
  public TableDraft append(List<DataFileEntry> entries, Map<String, String> summary) {
    AppendFiles append = prepared(table.newAppend(), summary);
    entries.forEach(entry -> append.appendFile(entry.toDataFile(table.spec())));
    try {
      append.commit();
    } catch (UncheckedIOException e) {
      throw unwritable("its manifests could not be written", e);
    }
    return this;
  }

  /**
   * Takes files out and puts others in, as one snapshot; a file may be one that the table had
   * before. Nothing is made of nothing: without any file there is no snapshot.
   *
   * @param outgoing live files of {@link #table()}
   * @param incoming files that are not live
   * @param summary what the snapshot is to say of itself, such as publish id and mode
   * @throws BackendException if Iceberg could not write its files
   */
  public TableDraft replace(
      Collection<DataFile> outgoing, Collection<DataFile> incoming, Map<String, String> summary) {
    if (outgoing.isEmpty() && incoming.isEmpty()) {
      return this;
    }
    OverwriteFiles overwrite = prepared(table.newOverwrite(), summary);
    outgoing.forEach(overwrite::deleteFile);
    incoming.forEach(overwrite::addFile);
    try {
      overwrite.commit();
    } catch (UncheckedIOException e) {
      throw unwritable("its manifests could not be written", e);
    }
    return this;
  }

  /**
   * Lays rows out anew, as one snapshot that changes no row.
   *
   * @param outgoing live files of {@link #table()}, at least one
   * @param incoming files that hold the same rows, at least one
   * @param summary what the snapshot is to say of itself
   * @throws BackendException if Iceberg could not write its files
   */
  public TableDraft rewrite(
      Collection<DataFile> outgoing, List<DataFileEntry> incoming, Map<String, String> summary) {
    RewriteFiles rewrite = prepared(table.newRewrite(), summary);
    // Else Iceberg looks through all of the history, and what has expired fails it.
    Snapshot newest = table.currentSnapshot();
    if (newest != null) {
      rewrite.validateFromSnapshot(newest.snapshotId());
    }
    outgoing.forEach(rewrite::deleteFile);
    incoming.forEach(entry -> rewrite.addFile(entry.toDataFile(table.spec())));
    try {
      rewrite.commit();
    } catch (UncheckedIOException e) {
      throw unwritable("its manifests could not be written", e);
    }
    return this;
  }

  /**
   * Forgets snapshots, and branches and tags that point to them. Their files stay.
   *
   * @param snapshotIds of snapshots; those that are not there are no trouble
   */
  public TableDraft forget(Set<Long> snapshotIds) {
    TableMetadata current = operations.current();
    Set<Long> present = new TreeSet<>(snapshotIds);
    present.removeIf(id -> current.snapshot(id) == null);
    if (!present.isEmpty()) {
      operations.commit(current, TableMetadata.buildFrom(current).removeSnapshots(present).build());
    }
    return this;
  }

  private <U extends SnapshotUpdate<U>> U prepared(U update, Map<String, String> summary) {
    Snapshot newest = table.currentSnapshot();
    try {
      if (newest == null || newest.allManifests(table.io()).size() <= FEW_MANIFESTS) {
        CallingThreadExecutor one = new CallingThreadExecutor();
        update.scanManifestsWith(one).writeManifestsWith(one, 1);
      }
    } catch (UncheckedIOException e) {
      throw unwritable("its manifests could not be read", e);
    }
    return described(update, carrying(summary));
  }

  /**
   * Gives the table other columns from now on; files stay as they are and are read by field id.
   *
   * @param schema with the ids that columns have; new ones have ids above those given so far
   * @param lastColumnId the highest id that a column has or had
   */
  public TableDraft evolve(Schema schema, int lastColumnId) {
    TableMetadata current = operations.current();
    operations.commit(
        current, TableMetadata.buildFrom(current).setCurrentSchema(schema, lastColumnId).build());
    return this;
  }

  /** Has the table say these things of itself, besides what it says; what is known is replaced. */
  public TableDraft say(Map<String, String> properties) {
    TableMetadata current = operations.current();
    operations.commit(current, TableMetadata.buildFrom(current).setProperties(properties).build());
    return this;
  }

  /** What was stated of the rows so far is said again, unless the summary says otherwise. */
  private Map<String, String> carrying(Map<String, String> summary) {
    Map<String, String> all = new TreeMap<>(summary);
    CompletenessStatement.asOf(table, table.currentSnapshot())
        .ifPresent(upTo -> all.putIfAbsent(CompletenessStatement.PROPERTY, upTo.toString()));
    LastUpdate.copyTo(table, all);
    BrokenRules.copyTo(table, all);
    return all;
  }

  /** Takes over what an engine built on the state that this draft began with. */
  TableDraft adopt(TableMetadata built, Map<Long, Map<String, String>> summaries) {
    operations.commit(operations.current(), built);
    added.putAll(summaries);
    return this;
  }

  /** Has a snapshot say these things of itself. */
  public static <U extends SnapshotUpdate<U>> U described(U update, Map<String, String> summary) {
    new TreeMap<>(summary).forEach(update::set);
    return update;
  }

  /**
   * Writes the metadata file and puts the pointer into the draft, expecting it as this attempt read
   * it. A table that was not updated is only checked. Call it once, after the last update.
   *
   * @throws BackendException if the metadata file could not be written
   */
  public void stage(CommitDraft<?> draft) {
    if (staged) {
      throw new IllegalStateException("Table " + name + " is staged already");
    }
    staged = true;
    if (pointer != null && !operations.changed()) {
      draft.check(pointer);
      return;
    }
    int version = TablePointer.nextVersion(pointer);
    String location =
        operations.location(
            String.format(Locale.ROOT, "%05d-%s.metadata.json", version, attempt.id()));
    String json = time.written(operations.current(), attempt.now(), added);
    TableMetadata metadata = TableMetadataParser.fromJson(location, json);
    write(location, json);

    ObjectNode document = TablePointer.next(pointer, metadata, json, version);
    if (pointer == null) {
      draft.insert(name.key(), document);
    } else {
      draft.replace(pointer, document);
    }
    TableMetadata before = base;
    if (before != null) {
      draft.onCommitted(() -> CatalogUtil.deleteRemovedMetadataFiles(files, before, metadata));
    }
    draft.onCommitted(recording::deleteWaiting);
  }

  private void write(String location, String json) {
    try (OutputStream out = recording.newOutputFile(location).create()) {
      out.write(json.getBytes(StandardCharsets.UTF_8));
    } catch (IOException | UncheckedIOException e) {
      throw unwritable("its metadata file could not be written", e);
    }
  }

  private BackendException unwritable(String why, Exception cause) {
    if (ThreadInterruption.isCauseOf(cause)) {
      return ThreadInterruption.ofChange(MeshAction.of(Verb.UPDATE, "table " + name), cause);
    }
    return Failure.of(MeshAction.of(Verb.UPDATE, "table " + name))
        .because(why)
        .state("Nothing was committed.")
        .fix("Look at space and permissions of the store, and run it again.")
        .cause(cause)
        .lasting(ErrorCode.STORAGE_UNWRITABLE);
  }
}
