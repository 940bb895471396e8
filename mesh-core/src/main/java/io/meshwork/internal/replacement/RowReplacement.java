package io.meshwork.internal.replacement;

import io.meshwork.error.MeshAction;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.scan.SnapshotFiles;
import io.meshwork.internal.table.DataFileEntry;
import io.meshwork.internal.table.TableDraft;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.FileIO;
import org.jspecify.annotations.Nullable;

/**
 * The replacement of rows by one publish. It replaces rows as of the start of the publish: if
 * another commit changed some of them since, it conflicts; other commits precede it. Not
 * thread-safe.
 */
public final class RowReplacement {
  private final Table table;
  private final BaseSnapshot base;
  private final ReplacedRows rows;
  private final MeshAction action;

  /**
   * Creates a replacement.
   *
   * @param table the table as of the start of the publish
   */
  public RowReplacement(Table table, ReplacedRows rows, MeshAction action) {
    this(table, BaseSnapshot.of(table), rows, action);
  }

  /**
   * Creates a replacement of rows that were chosen earlier.
   *
   * @param base the state in which they were chosen
   */
  public RowReplacement(Table table, BaseSnapshot base, ReplacedRows rows, MeshAction action) {
    this.table = table;
    this.base = base;
    this.rows = rows;
    this.action = action;
  }

  /**
   * The result of an attempt.
   *
   * @param files the files that it added
   * @param rowsRemoved the number of removed rows
   */
  public record Result(List<DataFileEntry> files, long rowsRemoved) {}

  /**
   * The change of the table's files.
   *
   * @param removal the files and rows to remove
   * @param files the files to add: rewritten ones and new ones
   * @param added the same as files of the table
   * @param live all files of the table after the change
   */
  private record FileChange(
      ReplacedRows.Removal removal,
      List<DataFileEntry> files,
      List<DataFile> added,
      List<DataFile> live) {}

  /**
   * Does the expensive work before the commit: rewrites files of which some rows are retained.
   *
   * @return the number of rows to remove
   */
  public long prepare() {
    return rows.remove(live(table)).rows();
  }

  /**
   * The rows to remove, as of the start of the publish; also prepares.
   *
   * @param filter selects them among the rows of their files; null for all
   */
  public RemovedRows removedRows(FileIO io, @Nullable RowPredicate filter) {
    List<DataFile> live = live(table);
    ReplacedRows.Removal removal = rows.remove(live);
    return new RemovedRows(io, table, live, removal.files(), removal.rows(), filter, action);
  }

  /**
   * Checks that no commit changed the rows between the base and the start of the publish.
   *
   * @throws io.meshwork.error.ConflictException otherwise
   */
  public void checkUnchanged() {
    base.checkUnchanged(table, rows, action);
  }

  /** The table as of the start of the publish. */
  public Table base() {
    return table;
  }

  /** The table's files after the change, unless it changes in the meantime; also prepares. */
  public List<DataFile> expected(List<DataFileEntry> incoming) {
    return change(table, incoming).live();
  }

  /**
   * Adds the update of one attempt.
   *
   * @param summary returns the snapshot's summary for the table's files after the change
   * @throws io.meshwork.error.ConflictException if another commit changed the rows
   */
  public Result update(
      TableDraft draft,
      List<DataFileEntry> incoming,
      Function<List<DataFile>, Map<String, String>> summary) {
    base.checkUnchanged(draft.table(), rows, action);
    FileChange change = change(draft.table(), incoming);
    draft.replace(change.removal().files(), change.added(), summary.apply(change.live()));
    return new Result(List.copyOf(change.files()), change.removal().rows());
  }

  private FileChange change(Table now, List<DataFileEntry> incoming) {
    List<DataFile> before = live(isBase(now) ? table : now);
    ReplacedRows.Removal removal = rows.remove(before);
    List<DataFileEntry> files = new ArrayList<>(removal.rewritten());
    files.addAll(incoming);
    List<DataFile> added = files.stream().map(entry -> entry.toDataFile(now.spec())).toList();
    List<DataFile> live = new ArrayList<>(SnapshotFiles.without(before, removal.files()));
    live.addAll(added);
    return new FileChange(removal, files, added, live);
  }

  /** Deletes all files that were written for the publish, which certainly failed. */
  public void discard() {
    discardAllBut(List.of());
  }

  /** Deletes the rewritten files that are not among these, which were committed. */
  public void discardAllBut(List<DataFileEntry> committed) {
    Set<String> locations = new HashSet<>();
    committed.forEach(entry -> locations.add(entry.location()));
    rows.discardAllBut(locations);
  }

  /** Locates the erased rows in all snapshots, so that an attempt reads only new snapshots. */
  public void locate() {
    rows.locate(table);
  }

  /** The locations of the erased rows in all snapshots of the table before the update. */
  public ErasedRowLocations erased(Table now) {
    return rows.locate(now);
  }

  /** True if nothing was committed since the start, so that no manifest has to be read again. */
  private boolean isBase(Table now) {
    Snapshot base = table.currentSnapshot();
    Snapshot newest = now.currentSnapshot();
    return base != null && newest != null && base.snapshotId() == newest.snapshotId();
  }

  private static List<DataFile> live(Table table) {
    Snapshot newest = table.currentSnapshot();
    return newest == null ? List.of() : SnapshotFiles.of(table, newest);
  }
}
