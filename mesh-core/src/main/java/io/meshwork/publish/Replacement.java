package io.meshwork.publish;

import io.meshwork.internal.scan.SnapshotFiles;
import io.meshwork.internal.table.DataFileEntry;
import io.meshwork.internal.table.TableDraft;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;

/**
 * What one publish puts in the place of what. Rows go only as they were when the publish began: if
 * others touched them since, it conflicts, else it takes its place after theirs. One thread.
 */
final class Replacement {
  private final BaseState base;
  private final ReplacedRows rows;
  private final String doing;

  Replacement(BaseState base, ReplacedRows rows, String doing) {
    this.base = base;
    this.rows = rows;
    this.doing = doing;
  }

  /**
   * What an attempt did.
   *
   * @param files files that were written for it
   * @param rowsRemoved rows that are no more
   */
  record Done(List<DataFileEntry> files, long rowsRemoved) {}

  /**
   * Does what is dear ahead of the commit: writes anew what holds rows that go and rows that stay.
   */
  void prepare(Table table) {
    rows.of(live(table));
  }

  /**
   * Builds one attempt's update.
   *
   * @throws io.meshwork.error.ConflictException if others touched the rows
   */
  Done update(TableDraft draft, List<DataFileEntry> incoming, Map<String, String> summary) {
    base.checkUntouched(draft.table(), rows, doing);
    ReplacedRows.Outgoing outgoing = rows.of(live(draft.table()));
    List<DataFileEntry> files = new ArrayList<>(outgoing.rewritten());
    files.addAll(incoming);
    List<DataFile> entries =
        files.stream().map(entry -> entry.toDataFile(draft.table().spec())).toList();
    draft.replace(outgoing.files(), entries, summary);
    return new Done(List.copyOf(files), outgoing.rows());
  }

  /** Deletes what was written and is not among these files. */
  void discardAllBut(List<DataFileEntry> committed) {
    Set<String> locations = new HashSet<>();
    committed.forEach(entry -> locations.add(entry.location()));
    rows.discardAllBut(locations);
  }

  private static List<DataFile> live(Table table) {
    Snapshot newest = table.currentSnapshot();
    return newest == null ? List.of() : SnapshotFiles.of(table, newest);
  }
}
