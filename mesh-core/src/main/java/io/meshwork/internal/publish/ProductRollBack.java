package io.meshwork.internal.publish;

import io.meshwork.contract.Contract;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.open.OpenOperation;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.runtime.MeshMeters;
import io.meshwork.internal.runtime.OneCommit;
import io.meshwork.internal.scan.SnapshotFiles;
import io.meshwork.internal.scan.TableRuleCheck;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.SnapshotHistory;
import io.meshwork.internal.table.BrokenRules;
import io.meshwork.internal.table.LastUpdate;
import io.meshwork.internal.table.TableName;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import io.meshwork.publish.PublishMode;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.publish.RollBack;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/** Restores an earlier snapshot in a new one. One thread. */
final class ProductRollBack implements RollBack {
  private final ClientSession session;
  private final OpenOperation open;
  private final ProductName product;
  private final OneCommit once;
  private @Nullable String target;
  private @Nullable String reason;
  private @Nullable String key;
  private @Nullable Duration limit;
  private boolean restoringErased;
  private @Nullable String allowed;

  ProductRollBack(ClientSession session, ProductName product) {
    this.session = session;
    this.product = product;
    this.once = new OneCommit(MeshAction.of(Verb.ROLL_BACK, product));
    this.open = session.operation(action()).begin();
  }

  @Override
  public RollBack to(String snapshotId) {
    target = ArgumentChecks.text("to", snapshotId);
    return this;
  }

  @Override
  public RollBack because(String why) {
    reason = ArgumentChecks.text("because", why);
    return this;
  }

  @Override
  public RollBack restoringErased() {
    restoringErased = true;
    return this;
  }

  @Override
  public RollBack allowingViolations(String why) {
    allowed = ArgumentChecks.text("allowingViolations", why);
    return this;
  }

  @Override
  public RollBack idempotencyKey(String text) {
    key = ArgumentChecks.idempotencyKey(text);
    return this;
  }

  @Override
  public RollBack timeout(Duration time) {
    limit = ArgumentChecks.span("timeout", time);
    return this;
  }

  @Override
  public PublishReceipt commit() {
    open.settle();
    return session.observed(action(), this::rolledBack);
  }

  private StoredReceipt rolledBack() {
    session.checkOpen(action());
    String snapshotId = target;
    String why = reason;
    if (snapshotId == null || why == null) {
      throw missing();
    }
    once.begin();
    MeshMeters meters = session.runtime().meters();
    Instant begun = meters.now();
    try {
      StoredReceipt receipt = commit(snapshotId, why);
      CommitLogLines.log(receipt, Duration.between(begun, meters.now()));
      meters.publish(product, PublishMeters.count(meters, receipt), begun);
      return receipt;
    } catch (RuntimeException e) {
      meters.publish(product, MeshMeters.Outcome.of(e), begun);
      throw e;
    } finally {
      once.end();
    }
  }

  private StoredReceipt commit(String snapshotId, String why) {
    Deadline deadline =
        session.runtime().startDeadline(limit == null ? session.runtime().deadline() : limit);
    ProductEntry entry = session.catalog().requireProduct(product, action());
    session.authorizer().requireOwner(product.domain(), action());
    VersionEntry version =
        session.catalog().requireVersion(product, entry.currentMajor(), action());
    PublishIntent intent =
        new PublishIntent(
            PublishMode.ROLLBACK,
            Optional.of(snapshotId),
            Optional.of(why),
            List.of(),
            Optional.empty());
    PublishRequest request =
        new PublishRequest(
            product,
            version.major(),
            session.runtime().ids().next(),
            key,
            intent,
            RowSource.none(),
            null,
            action());
    Optional<StoredReceipt> earlier = PublishReceipts.replay(session, request);
    if (earlier.isPresent()) {
      return earlier.get();
    }
    Table table = session.tables().load(TableName.of(product, version.major()));
    Snapshot snapshot = reachable(table, version, snapshotId);
    Optional<ContractVersion> contract = RollBackChange.contractOf(table, snapshot);
    List<TableRuleCheck.FailedRule> broken = broken(version, table, snapshot, contract, deadline);
    if (!broken.isEmpty() && allowed == null) {
      throw RestoredRules.refusal(action(), snapshotId, version.version(), broken);
    }
    RollBackChange change =
        new RollBackChange(
            session,
            request,
            entry,
            version,
            contract.orElse(version.version()),
            BaseState.of(table),
            snapshot,
            restoringErased,
            new RollBackChange.Violations(
                broken.stream().map(TableRuleCheck.FailedRule::rule).toList(),
                broken.isEmpty() ? Optional.empty() : Optional.ofNullable(allowed)));
    StoredReceipt receipt = session.ledger().commit(change, deadline);
    if (!receipt.replayed() && receipt.snapshotId().isPresent()) {
      session
          .runtime()
          .meters()
          .restored(product, version.major(), change.restored().map(LastUpdate::at));
    }
    return receipt;
  }

  /** A snapshot that main has passed; one that lies on a branch was never published. */
  private Snapshot reachable(Table table, VersionEntry version, String snapshotId) {
    Snapshot each =
        new SnapshotHistory(session.ledger(), table, product, version.version())
            .byId(snapshotId, action())
            .stored();
    if (!restoringErased) {
      ActiveErases.checkKept(table, each, action());
    }
    return each;
  }

  private List<TableRuleCheck.FailedRule> broken(
      VersionEntry version,
      Table table,
      Snapshot target,
      Optional<ContractVersion> contract,
      Deadline deadline) {
    Contract then =
        contract.map(session.catalog().contracts(product, version.major())::get).orElse(null);
    List<DataFile> wanted = SnapshotFiles.of(table, target);
    List<DataFile> live = SnapshotFiles.of(table, table.currentSnapshot());
    return new RestoredRules(session, product, version, table, deadline, action())
        .brokenBy(
            then, BrokenRules.asOf(table, target), RollBackChange.without(wanted, live), wanted);
  }

  private InvalidRequestException missing() {
    String gaps =
        target == null && reason == null
            ? "neither to(..) nor because(..) was said. Say both"
            : (target == null ? "to(..)" : "because(..)") + " was not said. Say it";
    return new InvalidRequestException(
        ErrorCode.INVALID_ARGUMENT, "Cannot " + action() + ": " + gaps + " before commit().");
  }

  private MeshAction action() {
    return MeshAction.of(Verb.ROLL_BACK, product);
  }
}
