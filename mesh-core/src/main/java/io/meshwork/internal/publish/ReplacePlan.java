package io.meshwork.internal.publish;

import io.meshwork.error.MeshAction;
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

/**
 * What one publish puts in the place of what. Rows go only as they were when the publish began: if
 * others touched them since, it conflicts, else it takes its place after theirs. One thread.
 */
final class ReplacePlan {
  private final Table table;
  private final BaseState base;
  private final ReplacedRows rows;
  private final MeshAction action;

  /**
   * A replacement.
   *
   * @param table as it was when the publish began
   */
  ReplacePlan(Table table, ReplacedRows rows, MeshAction action) {
    this.table = table;
    this.base = BaseState.of(table);
    this.rows = rows;
    this.action = action;
  }

  /**
   * What an attempt did.
   *
   * @param files files that were written for it
   * @param rowsRemoved rows that are no more
   */
  record Done(List<DataFileEntry> files, long rowsRemoved) {}

  /**
   * What becomes of a table.
   *
   * @param outgoing what goes
   * @param files what comes, written anew or given
   * @param entries the same for the table
   * @param result all files that the table then has
   */
  private record Outcome(
      ReplacedRows.Outgoing outgoing,
      List<DataFileEntry> files,
      List<DataFile> entries,
      List<DataFile> result) {}

  /**
   * Does what is dear ahead of the commit: writes anew what holds rows that go and rows that stay.
   *
   * @return how many rows go
   */
  long prepare() {
    return rows.of(live(table)).rows();
  }

  /** The table as it was when the publish began. */
  Table base() {
    return table;
  }

  /** The files that the table then has, if nobody changes it meanwhile; prepares as well. */
  List<DataFile> expected(List<DataFileEntry> incoming) {
    return outcome(table, incoming).result();
  }

  /**
   * Builds one attempt's update.
   *
   * @param summary gives what the snapshot says of itself, from the files that the table then has
   * @throws io.meshwork.error.ConflictException if others touched the rows
   */
  Done update(
      TableDraft draft,
      List<DataFileEntry> incoming,
      Function<List<DataFile>, Map<String, String>> summary) {
    base.checkUntouched(draft.table(), rows, action);
    Outcome outcome = outcome(draft.table(), incoming);
    draft.replace(outcome.outgoing().files(), outcome.entries(), summary.apply(outcome.result()));
    return new Done(List.copyOf(outcome.files()), outcome.outgoing().rows());
  }

  private Outcome outcome(Table now, List<DataFileEntry> incoming) {
    List<DataFile> live = live(now);
    ReplacedRows.Outgoing outgoing = rows.of(live);
    List<DataFileEntry> files = new ArrayList<>(outgoing.rewritten());
    files.addAll(incoming);
    List<DataFile> entries = files.stream().map(entry -> entry.toDataFile(now.spec())).toList();
    List<DataFile> result = new ArrayList<>(RollBackChange.without(live, outgoing.files()));
    result.addAll(entries);
    return new Outcome(outgoing, files, entries, result);
  }

  /** Deletes what was written and is not among these files. */
  void discardAllBut(List<DataFileEntry> committed) {
    Set<String> locations = new HashSet<>();
    committed.forEach(entry -> locations.add(entry.location()));
    rows.discardAllBut(locations);
  }

  /** Looks for the rows that go in all snapshots, so that an attempt looks at new ones alone. */
  void locate() {
    rows.elsewhere(table);
  }

  /** Where rows that go lie, whatever snapshot names the file; of the table before the update. */
  ErasedRows erased(Table now) {
    return rows.elsewhere(now);
  }

  private static List<DataFile> live(Table table) {
    Snapshot newest = table.currentSnapshot();
    return newest == null ? List.of() : SnapshotFiles.of(table, newest);
  }
}
