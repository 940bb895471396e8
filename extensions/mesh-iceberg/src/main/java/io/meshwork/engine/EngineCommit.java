package io.meshwork.engine;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.event.EventDetails.MovedMain;
import io.meshwork.internal.event.EventDetails.NewSnapshot;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.publish.PublishOperations;
import io.meshwork.internal.quality.StatisticsGate;
import io.meshwork.internal.quality.StatisticsGate.StatisticsVerdict;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.TableSnapshots;
import io.meshwork.internal.table.TableName;
import io.meshwork.internal.table.TableVersion;
import io.meshwork.product.ContractVersion;
import io.meshwork.publish.PublishReceipt.PublishMode;
import io.meshwork.registry.Registry.Key;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
 * The transaction of an engine's commit: the table's pointer, the log entry, and a receipt if rows
 * were added. It fails if the product, the major version, or the contract changed since the commit
 * was evaluated; each attempt evaluates it again under a changed contract. Not thread-safe.
 */
final class EngineCommit implements Ledger.Change<String> {
  private final ClientSession session;
  private final TableVersion base;
  private final TableMetadata updated;
  private final TableName name;
  private final String publishId;
  private final boolean byTasks;
  private boolean filesChecked;
  private @Nullable String evaluatedContract;
  private @Nullable StatisticsVerdict verdict;

  /**
   * Creates a commit.
   *
   * @param base the table version that the engine read
   * @param updated the table metadata that the engine commits
   * @param byTasks true if only tasks add rows to main
   */
  EngineCommit(ClientSession session, TableVersion base, TableMetadata updated, boolean byTasks) {
    this.session = session;
    this.base = base;
    this.byTasks = byTasks;
    this.updated = updated;
    this.name = base.name();
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

  @Override
  public Set<Key> fences() {
    return Set.of(RegistryKeys.fence(name.product(), publishId));
  }

  /**
   * Evaluates the commit and drafts the transaction.
   *
   * @throws CommitVetoedException if an engine may not make this change, or statistics do not prove
   *     the rows
   * @throws CommitFailedException if the table was changed; Iceberg then retries on the new version
   */
  @Override
  public CommitDraft<String> draft(Ledger.Attempt attempt) {
    session.authorizer().requireOwner(name.product().domain(), action());
    checkMetadata();
    VersionedDocument pointer =
        session
            .ledger()
            .read(name.key())
            .orElseThrow(() -> new NoSuchTableException("Table %s no longer exists", name));
    if (!base.isAt(pointer)) {
      throw new CommitFailedException(
          "Cannot commit to table %s: another commit changed it. Nothing was committed.", name);
    }
    ProductEntry product = session.catalog().requireProduct(name.product(), action());
    VersionEntry version =
        session.catalog().requireFor(Use.ENGINE, name.product(), name.major(), action());
    MainBranchChange move = MainBranchChange.of(base.metadata(), updated, table());
    checkFiles(move);
    if (move != null) {
      evaluate(move, version);
    }
    CommitDraft<String> draft =
        CommitDraft.of("product.engine-commit", session.principal(), name.product().toString());
    draft.check(product.stored()).check(version.majorStored()).check(version.contractStored());
    base.draft(updated, summaries(move, version.version()), attempt).stage(draft);
    draft.details(
        new EventDetails.EngineCommit(
            publishId,
            name.table(),
            version.major(),
            version.version(),
            move == null ? Optional.of("unmoved") : Optional.empty(),
            Optional.ofNullable(move).map(EngineCommit::moved)));
    if (move != null && move.appends()) {
      PublishOperations.addReceipt(session, draft, append(move, version), attempt);
    }
    return draft.result(publishId);
  }

  private void checkMetadata() {
    if (name.quarantine()) {
      throw CommitVeto.ofQuarantine(name, session.principal());
    }
    List<String> changes = MetadataChange.forbidden(base.metadata(), updated, byTasks);
    if (!changes.isEmpty()) {
      throw CommitVeto.ofChange(name, session.principal(), changes);
    }
  }

  /** The engine's metadata never changes, so one check is enough for all attempts. */
  private void checkFiles(@Nullable MainBranchChange move) {
    if (filesChecked) {
      return;
    }
    List<String> violations =
        SnapshotFileCheck.violations(session, name, base.metadata(), updated, table(), move);
    if (!violations.isEmpty()) {
      throw CommitVeto.ofFiles(name, session.principal(), violations);
    }
    filesChecked = true;
  }

  private void evaluate(MainBranchChange move, VersionEntry version) {
    if (byTasks && move.writesRows(base.metadata())) {
      throw move.deletes()
          ? CommitVeto.ofDeletion(name, session.principal())
          : CommitVeto.ofSkippedTasks(name, session.principal());
    }
    if (!move.violations().isEmpty()) {
      throw CommitVeto.ofMove(name, session.principal(), move.violations());
    }
    if (move.appends() && !version.publishedWith().isEmpty()) {
      throw CommitVeto.ofMove(
          name,
          session.principal(),
          List.of(
              "rows for major version "
                  + version.major()
                  + " alone, while a rollout publishes it together with "
                  + version.publishedWith()));
    }
    if (move.appends()) {
      checkNotBehind(version);
    }
    if (!move.appends() || version.contractStored().version().equals(evaluatedContract)) {
      return;
    }
    StatisticsVerdict evaluated =
        StatisticsGate.evaluate(
            PublishOperations.limitingLateness(
                version.contract(),
                session.tables().load(name),
                session.runtime().clock().instant()),
            updated.schema(),
            move.appended());
    if (evaluated.refused()) {
      throw CommitVeto.ofRows(
          name, session.principal(), version.version(), evaluated, move.appended().size());
    }
    evaluatedContract = version.contractStored().version();
    verdict = evaluated;
  }

  /** Rejects rows for a restored major version that lacks rows, as a publish does. */
  private void checkNotBehind(VersionEntry version) {
    RolloutEntry.behind(session.ledger(), name.product(), version)
        .ifPresent(
            rollout -> {
              throw CommitVeto.ofMove(
                  name, session.principal(), List.of("rows for " + rollout.oldBehind()));
            });
  }

  /** The summaries of the snapshots that main reaches; they replace the engine's. */
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

  private static MovedMain moved(MainBranchChange move) {
    return new MovedMain(
        move.appends() ? PublishMode.APPEND : PublishMode.COMPACTION,
        new NewSnapshot(
            Long.toString(move.head().snapshotId()),
            move.head().sequenceNumber(),
            TableSnapshots.rows(move.head())),
        move.snapshots().size(),
        move.rows(),
        move.appended().size());
  }

  private PublishOperations.EngineAppend append(MainBranchChange move, VersionEntry version) {
    StatisticsVerdict evaluated = verdict;
    if (evaluated == null) {
      throw new IllegalStateException("a commit that adds rows was not evaluated");
    }
    return new PublishOperations.EngineAppend(
        name,
        publishId,
        version.version(),
        move.head(),
        evaluated.report(),
        move.rows(),
        move.appended().size(),
        move.bytes());
  }

  /** The table after the commit, to read its manifests. */
  private Table table() {
    return new BaseTable(
        new StaticTableOperations(updated, session.files()), name.toString(), report -> {});
  }
}
