package io.meshwork.internal.publish;

import io.meshwork.error.BackendException;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.scan.SnapshotScan;
import io.meshwork.internal.table.QuarantineTable;
import io.meshwork.internal.table.StagedFiles;
import io.meshwork.internal.table.TableName;
import io.meshwork.internal.vector.VectorBatch;
import io.meshwork.publish.PublishMode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.types.TypeUtil;

/**
 * The staged publishes that an erase must reach: those with a row that matches its filter, or that
 * may match it because a value does not fit its column. They can only be discarded then. Files are
 * read once, even if the commit is attempted again. Not thread-safe.
 */
final class ErasedStages {
  private final PublishContext publish;
  private final List<MajorWrite> majors;
  private final Map<String, Boolean> matching = new HashMap<>();

  ErasedStages(PublishContext publish, List<MajorWrite> majors) {
    this.publish = publish;
    this.majors = majors;
  }

  /** Reads the files before the commit. An attempt then reads only those that were staged since. */
  void find() {
    live().forEach(this::matches);
  }

  /** Adds the end of these staged publishes to the transaction of an erase. */
  void erase(CommitDraft<?> draft) {
    long erased = 0;
    for (StagedEntry entry : live()) {
      if (matches(entry)) {
        draft.replace(entry.files().stored(), entry.erased(publish.publishId()));
        draft.onCommitted(() -> new StagedSource(publish.session(), entry).deleteFiles());
        erased++;
      }
    }
    if (erased > 0) {
      draft.detail("stagedErased", erased);
    }
  }

  private List<StagedEntry> live() {
    return publish.options().mode() == PublishMode.ERASE
        ? publish
            .session()
            .ledger()
            .list(RegistryKeys.partition(publish.product()), RegistryKeys.STAGED)
            .stream()
            .map(StagedEntry::of)
            .filter(entry -> entry.erasedBy().isEmpty())
            .toList()
        : List.of();
  }

  private boolean matches(StagedEntry entry) {
    return matching.computeIfAbsent(
        entry.files().publishId(),
        id -> {
          Optional<MajorWrite> write =
              majors.stream()
                  .filter(major -> major.version().major() == entry.files().major())
                  .findFirst();
          return write.isPresent() && matches(entry.files(), write.get());
        });
  }

  private boolean matches(StagedFiles files, MajorWrite write) {
    RowPredicate filter = write.filter();
    if (filter == null) {
      return false;
    }
    Table quarantine =
        publish
            .session()
            .tables()
            .load(TableName.of(publish.product(), files.major()).quarantined());
    Schema columns = TypeUtil.select(write.table().schema(), filter.fieldIds());
    QuarantinedRowSelection unfit = new QuarantinedRowSelection(filter, write.table().schema());
    try (SnapshotScan rows = scan(quarantine, files.fitting(), columns);
        SnapshotScan others = scan(quarantine, files.unfit(), QuarantineTable.SCHEMA)) {
      return anyMatch(rows, batch -> filter.matches(batch).isEmpty())
          || anyMatch(others, batch -> unfit.matches(batch).isEmpty());
    } catch (BackendException e) {
      if (e.retryable()) {
        throw e;
      }
      return true; // a damaged file may contain such a row
    }
  }

  private boolean anyMatch(SnapshotScan scan, Predicate<VectorBatch> isFree) {
    for (VectorBatch batch = scan.next(); batch != null; batch = scan.next()) {
      publish.deadline().check(publish.action());
      if (!isFree.test(batch)) {
        return true;
      }
    }
    return false;
  }

  private SnapshotScan scan(Table quarantine, List<StagedFiles.StagedFile> files, Schema columns) {
    return SnapshotScan.of(
        publish.session().files(),
        StagedFiles.in(quarantine, files),
        columns,
        Long.MAX_VALUE,
        publish.action());
  }
}
