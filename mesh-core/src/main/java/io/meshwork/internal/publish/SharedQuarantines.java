package io.meshwork.internal.publish;

import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ingest.write.RowRemoval;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.publish.run.AdditionalChange;
import io.meshwork.internal.publish.run.PublishContext;
import io.meshwork.internal.quarantine.QuarantinedRowIds;
import io.meshwork.internal.receipts.PublishRequest;
import io.meshwork.internal.replacement.ReplacedRows;
import io.meshwork.internal.replacement.RowReplacement;
import io.meshwork.internal.table.DataFileEntry;
import io.meshwork.internal.table.TableDraft;
import io.meshwork.internal.table.TableName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.iceberg.Table;

/**
 * The quarantines of the major versions that share rows with one, whatever their states are. A row
 * has the same publish and number in each, so that one that is erased or published again leaves all
 * of them. Not thread-safe.
 */
final class SharedQuarantines implements AdditionalChange {
  private final PublishContext publish;
  private final int leading;
  private final Supplier<QuarantinedRowIds> rows;
  private final Collection<Integer> written;
  private final SortedMap<Integer, RowReplacement> removals = new TreeMap<>();
  private List<DataFileEntry> files = List.of();

  /**
   * Creates them.
   *
   * @param leading the major version that the caller named
   * @param rows the rows to remove; asked only if another major version shares rows
   * @param written the major versions whose quarantines the publish changes anyway
   */
  SharedQuarantines(
      PublishContext publish,
      int leading,
      Supplier<QuarantinedRowIds> rows,
      Collection<Integer> written) {
    this.publish = publish;
    this.leading = leading;
    this.rows = rows;
    this.written = List.copyOf(written);
  }

  private List<VersionEntry> sharing() {
    return publish
        .session()
        .catalog()
        .majorsSharingRows(publish.product(), leading, publish.action());
  }

  private TableName name(int major) {
    return TableName.of(publish.product(), major).quarantined();
  }

  @Override
  public void prepare() {
    List<Integer> others =
        sharing().stream()
            .map(VersionEntry::major)
            .filter(major -> !written.contains(major))
            .toList();
    if (others.isEmpty()) {
      return;
    }
    QuarantinedRowIds removed = rows.get();
    for (int sibling : others) {
      Table quarantine = publish.session().tables().load(name(sibling));
      RowReplacement removal =
          new RowReplacement(
              quarantine,
              ReplacedRows.matchingByContent(
                  new RowRemoval(
                      quarantine,
                      publish.files(),
                      publish.publishId() + "-q",
                      removed,
                      publish.deadline(),
                      publish.action())),
              publish.action());
      if (removal.prepare() > 0) {
        removals.put(sibling, removal);
      }
    }
  }

  @Override
  public void addTo(CommitDraft<?> draft, Ledger.Attempt attempt, PublishRequest request) {
    List<DataFileEntry> added = new ArrayList<>();
    for (VersionEntry version : removals.isEmpty() ? List.<VersionEntry>of() : sharing()) {
      RowReplacement removal = removals.get(version.major());
      if (removal != null) {
        TableDraft quarantine = publish.session().tables().draft(name(version.major()), attempt);
        added.addAll(
            removal
                .update(quarantine, List.of(), live -> request.summary(version.version()))
                .files());
        quarantine.stage(draft);
        draft.check(version.majorStored());
      }
    }
    files = added;
  }

  /** Deletes the rewritten files of attempts that were not committed. */
  @Override
  public void committed() {
    removals.values().forEach(removal -> removal.discardAllBut(files));
  }

  @Override
  public void discard() {
    removals.values().forEach(RowReplacement::discard);
  }
}
