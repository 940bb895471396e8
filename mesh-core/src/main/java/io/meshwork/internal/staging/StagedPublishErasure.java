package io.meshwork.internal.staging;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshException;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.PackedPart;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.publish.run.AdditionalChange;
import io.meshwork.internal.publish.run.MajorTarget;
import io.meshwork.internal.publish.run.PublishContext;
import io.meshwork.internal.quarantine.QuarantinedRowSelection;
import io.meshwork.internal.receipts.PublishRequest;
import io.meshwork.internal.runtime.PartialChange;
import io.meshwork.internal.runtime.Sha256;
import io.meshwork.internal.scan.SnapshotScan;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.QuarantineTable;
import io.meshwork.internal.table.StagedFiles;
import io.meshwork.internal.table.TableName;
import io.meshwork.internal.vector.VectorBatch;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.types.TypeUtil;

/**
 * The staged publishes that an erase must reach: publishes with a row that matches its filter, or
 * that may match it because a value does not fit its column. They can only be discarded then. Each
 * ends in a transaction before the erase's, which could not hold them all; the ones staged since
 * end with the erase. Files are read once, even if the commit is attempted again. Not thread-safe.
 */
final class StagedPublishErasure implements AdditionalChange {
  /** The most staged publishes that end with the erase, whose transaction has other documents. */
  private static final int MAX_NEW = 16;

  /** The most bytes of their documents, which name their files. */
  private static final long MAX_BYTES = 1 << 20;

  private final PublishContext publish;
  private final List<MajorTarget> majors;
  private final String keyHash;
  private final Map<String, Boolean> matching = new HashMap<>();
  private boolean ended;

  StagedPublishErasure(PublishContext publish, List<MajorTarget> majors) {
    this.publish = publish;
    this.keyHash = Sha256.hex(publish.idempotencyKey());
    this.majors = majors;
  }

  /**
   * Ends all that exist before the commit. If the erase fails later, they have ended nevertheless,
   * and the next attempt finds the others.
   */
  @Override
  public void prepare() {
    for (StagedEntry entry : live(all())) {
      if (matches(entry)
          && publish.session().ledger().commit(new EndedStage(entry), publish.deadline())) {
        ended = true;
        new StagedSource(publish.session(), entry).deleteFiles();
      }
    }
  }

  /** Says if staged publishes ended nevertheless. */
  @Override
  public RuntimeException explain(RuntimeException failure) {
    return ended && failure instanceof MeshException meshFailure
        ? PartialChange.of(
            meshFailure, "Staged publishes with rows to erase were ended; no other row was erased.")
        : failure;
  }

  /** Adds the end of later staged publishes to the transaction of an erase. */
  @Override
  public void addTo(CommitDraft<?> draft, Ledger.Attempt attempt, PublishRequest request) {
    List<StagedEntry> all = all();
    List<StagedEntry> since = live(all).stream().filter(this::matches).toList();
    List<ObjectNode> erased =
        since.stream().map(entry -> entry.erased(publish.publishId(), keyHash)).toList();
    if (since.size() > MAX_NEW || erased.stream().mapToLong(PackedPart::bytes).sum() > MAX_BYTES) {
      throw Failure.of(publish.action())
          .because(since.size() + " publishes with rows to erase were staged in the meantime")
          .fix("Run it again.")
          .conflict(ErrorCode.CONFLICT);
    }
    for (int i = 0; i < since.size(); i++) {
      StagedEntry entry = since.get(i);
      draft.replace(entry.files().stored(), erased.get(i));
      draft.onCommitted(() -> new StagedSource(publish.session(), entry).deleteFiles());
    }
    long ended = all.stream().filter(entry -> entry.isErasedUnder(keyHash)).count();
    if (ended + since.size() > 0) {
      draft.details(new EndedPublishes(ended + since.size()));
    }
  }

  /** The number of staged publishes that an erase ended. */
  private record EndedPublishes(long stagedErased) {}

  private List<StagedEntry> all() {
    return publish
        .session()
        .ledger()
        .list(RegistryKeys.partition(publish.product()), RegistryKeys.STAGED)
        .stream()
        .map(StagedEntry::of)
        .toList();
  }

  private static List<StagedEntry> live(List<StagedEntry> all) {
    return all.stream().filter(entry -> entry.erasedBy().isEmpty()).toList();
  }

  private boolean matches(StagedEntry entry) {
    return matching.computeIfAbsent(
        entry.files().publishId(),
        id -> {
          Optional<MajorTarget> target =
              majors.stream()
                  .filter(major -> major.version().major() == entry.files().major())
                  .findFirst();
          return target.isPresent() && matches(entry.files(), target.get());
        });
  }

  private boolean matches(StagedFiles files, MajorTarget target) {
    RowPredicate filter = target.filter();
    if (filter == null) {
      return false;
    }
    Table quarantine =
        publish
            .session()
            .tables()
            .load(TableName.of(publish.product(), files.major()).quarantined());
    Schema columns = TypeUtil.select(target.table().schema(), filter.fieldIds());
    QuarantinedRowSelection malformed =
        new QuarantinedRowSelection(filter, target.table().schema());
    try (SnapshotScan rows = scan(quarantine, files.fitting(), columns);
        SnapshotScan others = scan(quarantine, files.malformed(), QuarantineTable.SCHEMA)) {
      return anyMatch(rows, batch -> filter.matches(batch).isEmpty())
          || anyMatch(others, batch -> malformed.matches(batch).isEmpty());
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

  /** The end of one staged publish; false if it ended in the meantime. */
  private final class EndedStage implements Ledger.Change<Boolean> {
    private final StagedEntry entry;

    EndedStage(StagedEntry entry) {
      this.entry = entry;
    }

    @Override
    public MeshAction action() {
      return publish.action();
    }

    @Override
    public String partition() {
      return RegistryKeys.partition(entry.product());
    }

    @Override
    public CommitDraft<Boolean> draft(Ledger.Attempt attempt) {
      ClientSession session = publish.session();
      DomainEntry owner =
          session.authorizer().requireOwner(entry.product().domain(), publish.action());
      Optional<StagedEntry> now =
          entry.now(session.ledger()).filter(stored -> stored.erasedBy().isEmpty());
      if (now.isEmpty()) {
        return CommitDraft.unchanged(false);
      }
      return CommitDraft.<Boolean>of(
              MeshEvent.Type.PRODUCT_UNSTAGED.text(),
              session.principal(),
              entry.product().toString())
          .check(owner.stored())
          .replace(now.get().files().stored(), now.get().erased(publish.publishId(), keyHash))
          .details(
              new EventDetails.UnstagedRows(
                  entry.files().publishId(), entry.files().major(), "erased"))
          .result(true);
    }
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
