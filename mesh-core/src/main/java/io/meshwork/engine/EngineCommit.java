package io.meshwork.engine;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.delivery.LastUpdatedFile;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.publish.PublishOperations;
import io.meshwork.internal.quality.StatisticsGate;
import io.meshwork.internal.quality.StatisticsVerdict;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.TableSnapshots;
import io.meshwork.internal.table.TableName;
import io.meshwork.internal.table.TableVersion;
import io.meshwork.product.ContractVersion;
import io.meshwork.publish.PublishMode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.StaticTableOperations;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.jspecify.annotations.Nullable;

/**
 * The one transaction of an engine's commit: the table's pointer and the log entry, and a receipt
 * if rows were added, provided that product, major and contract are those that the commit was
 * judged by. Every attempt judges anew if the contract was changed meanwhile. One thread.
 */
final class EngineCommit implements Ledger.Change<String> {
  private final ClientSession session;
  private final TableVersion seen;
  private final TableMetadata built;
  private final TableName name;
  private final String publishId;
  private boolean filesChecked;
  private @Nullable String judgedBy;
  private @Nullable StatisticsVerdict verdict;

  /**
   * A commit.
   *
   * @param seen the table as the engine saw it
   * @param built what the engine made of it
   */
  EngineCommit(ClientSession session, TableVersion seen, TableMetadata built) {
    this.session = session;
    this.seen = seen;
    this.built = built;
    this.name = seen.name();
    this.publishId = session.runtime().ids().next();
  }

  @Override
  public MeshAction action() {
    return MeshAction.of(Verb.COMMIT, name.product());
  }

  @Override
  public String partition() {
    return RegistryKeys.partition(name.product());
  }

  /**
   * Refuses, or says what to write.
   *
   * @throws CommitVetoed if it is not an engine's to do, or rows are not proven
   * @throws CommitFailedException if the table moved; Iceberg then builds on what is there
   */
  @Override
  public CommitDraft<String> draft(Ledger.Attempt attempt) {
    session.authorizer().requireOwner(name.product().domain(), action());
    refuseWhatIsNotAnEngines();
    VersionedDocument pointer =
        session
            .ledger()
            .read(name.key())
            .orElseThrow(() -> new NoSuchTableException("There is no table %s any more", name));
    if (!seen.isAt(pointer)) {
      throw new CommitFailedException(
          "Could not commit to table %s: another commit moved it meanwhile. Nothing was committed.",
          name);
    }
    ProductEntry product = session.catalog().requireProduct(name.product(), action());
    VersionEntry version = session.catalog().requireVersion(name.product(), name.major(), action());
    MainBranchChange move = MainBranchChange.of(seen.metadata(), built, table());
    checkFiles(move);
    if (move != null) {
      evaluate(move, version);
    }
    CommitDraft<String> draft =
        CommitDraft.of("product.engine-commit", session.principal(), name.product().toString());
    draft
        .check(product.stored())
        .check(version.majorStored())
        .check(version.contractStored())
        .checkAbsent(RegistryKeys.fence(name.product(), publishId));
    seen.draft(built, summaries(move, version.version()), attempt).stage(draft);
    addLogEntry(draft, move, version);
    if (move != null) {
      draft.onCommitted(() -> LastUpdatedFile.refresh(session, name));
    }
    if (move != null && move.appends()) {
      PublishOperations.keep(session, draft, append(move, version), attempt);
    }
    return draft.result(publishId);
  }

  private void refuseWhatIsNotAnEngines() {
    if (name.quarantine()) {
      throw CommitVeto.ofQuarantine(name, session.principal());
    }
    List<String> changes = MetadataChange.refused(seen.metadata(), built);
    if (!changes.isEmpty()) {
      throw CommitVeto.ofChange(name, session.principal(), changes);
    }
  }

  /** What an engine built never changes, so it is looked at once. */
  private void checkFiles(@Nullable MainBranchChange move) {
    if (filesChecked) {
      return;
    }
    List<String> refused =
        SnapshotFileCheck.refused(session, name, seen.metadata(), built, table(), move);
    if (!refused.isEmpty()) {
      throw CommitVeto.ofFiles(name, session.principal(), refused);
    }
    filesChecked = true;
  }

  private void evaluate(MainBranchChange move, VersionEntry version) {
    if (!move.refused().isEmpty()) {
      throw CommitVeto.ofMove(name, session.principal(), move.refused());
    }
    if (!move.appends() || version.contractStored().version().equals(judgedBy)) {
      return;
    }
    StatisticsVerdict judged =
        StatisticsGate.evaluate(version.contract(), built.schema(), move.appended());
    if (judged.refused()) {
      throw CommitVeto.ofRows(
          name, session.principal(), version.version(), judged, move.appended().size());
    }
    judgedBy = version.contractStored().version();
    verdict = judged;
  }

  /** What snapshots say of themselves once main reaches them, whatever the engine had them say. */
  private Map<Long, Map<String, String>> summaries(
      @Nullable MainBranchChange move, ContractVersion version) {
    Map<Long, Map<String, String>> summaries = new TreeMap<>();
    for (Snapshot snapshot : move == null ? List.<Snapshot>of() : move.snapshots()) {
      if (MainBranchChange.isAppend(snapshot)) {
        summaries.put(
            snapshot.snapshotId(),
            Map.of(
                TableSnapshots.PRODUCT,
                name.product().toString(),
                TableSnapshots.PUBLISH_ID,
                publishId,
                TableSnapshots.CONTRACT_VERSION,
                version.toString(),
                TableSnapshots.MODE,
                PublishMode.APPEND.text()));
      } else {
        summaries.put(
            snapshot.snapshotId(), Map.of(TableSnapshots.MODE, PublishMode.COMPACTION.text()));
      }
    }
    return summaries;
  }

  private void addLogEntry(
      CommitDraft<String> draft, @Nullable MainBranchChange move, VersionEntry version) {
    draft
        .detail("publishId", publishId)
        .detail("table", name.table())
        .detail("major", version.major())
        .detail("contractVersion", version.version().toString());
    if (move == null) {
      draft.detail("main", "unmoved");
    } else {
      draft
          .detail("mode", (move.appends() ? PublishMode.APPEND : PublishMode.COMPACTION).text())
          .detail("snapshotId", Long.toString(move.head().snapshotId()))
          .detail("sequence", move.head().sequenceNumber())
          .detail("rowsTotal", TableSnapshots.rows(move.head()))
          .detail("snapshots", move.snapshots().size())
          .detail("rowsAccepted", move.rows())
          .detail("files", move.appended().size());
    }
  }

  private PublishOperations.EngineAppend append(MainBranchChange move, VersionEntry version) {
    StatisticsVerdict judged = verdict;
    if (judged == null) {
      throw new IllegalStateException("A commit that adds rows was not judged");
    }
    return new PublishOperations.EngineAppend(
        name,
        publishId,
        version.version(),
        move.head(),
        judged.report(),
        move.rows(),
        move.appended().size(),
        move.bytes());
  }

  /** The table as it would be, to read manifests with. */
  private Table table() {
    return new BaseTable(
        new StaticTableOperations(built, session.files()), name.toString(), report -> {});
  }
}
