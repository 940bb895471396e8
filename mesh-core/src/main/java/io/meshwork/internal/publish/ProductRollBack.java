package io.meshwork.internal.publish;

import io.meshwork.contract.Contract;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.open.OpenOperation;
import io.meshwork.internal.publish.run.RestoredRowsCheck;
import io.meshwork.internal.receipts.PublishIntent;
import io.meshwork.internal.receipts.PublishMeters;
import io.meshwork.internal.receipts.PublishReceipts;
import io.meshwork.internal.receipts.PublishRequest;
import io.meshwork.internal.receipts.StoredReceipt;
import io.meshwork.internal.replacement.BaseSnapshot;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.runtime.CommitGuard;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.scan.SnapshotFiles;
import io.meshwork.internal.scan.TableRuleCheck;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.SnapshotHistory;
import io.meshwork.internal.table.BrokenRules;
import io.meshwork.internal.table.LastUpdate;
import io.meshwork.internal.table.TableName;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.publish.PublishReceipt.PublishMode;
import io.meshwork.publish.RollBack;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/** Restores the rows of an earlier snapshot in a new snapshot. Not thread-safe. */
final class ProductRollBack implements RollBack {
  private final ClientSession session;
  private final OpenOperation open;
  private final ProductName product;
  private final CommitGuard once;
  private @Nullable String target;
  private @Nullable Integer major;
  private @Nullable String reason;
  private @Nullable String key;
  private @Nullable Duration timeout;
  private boolean restoringErased;
  private boolean violationsAllowed;

  ProductRollBack(ClientSession session, ProductName product) {
    this.session = session;
    this.product = product;
    this.once = new CommitGuard(MeshAction.of(Verb.ROLL_BACK, product));
    this.open = session.operation(action()).begin();
  }

  @Override
  public RollBack to(String snapshotId) {
    target = ArgumentChecks.text("to", snapshotId);
    return this;
  }

  @Override
  public RollBack majorVersion(int number) {
    major = ArgumentChecks.majorVersion(number);
    return this;
  }

  @Override
  public RollBack because(String why) {
    reason = ArgumentChecks.text("because", why);
    return this;
  }

  @Override
  public RollBack restoreErased() {
    restoringErased = true;
    return this;
  }

  @Override
  public RollBack allowViolations() {
    violationsAllowed = true;
    return this;
  }

  @Override
  public RollBack idempotencyKey(String text) {
    key = ArgumentChecks.idempotencyKey(text);
    return this;
  }

  @Override
  public RollBack timeout(Duration time) {
    timeout = ArgumentChecks.span("timeout", time);
    return this;
  }

  @Override
  public PublishReceipt commit() {
    open.settle();
    return session.observed(action(), this::rollBack);
  }

  private StoredReceipt rollBack() {
    session.checkOpen(action());
    String snapshotId = target;
    String why = reason;
    if (snapshotId == null || why == null) {
      throw incomplete();
    }
    once.begin();
    try {
      return PublishMeters.measured(session, product, () -> commit(snapshotId, why));
    } finally {
      once.end();
    }
  }

  private StoredReceipt commit(String snapshotId, String why) {
    Deadline deadline =
        session.runtime().startDeadline(timeout == null ? session.runtime().deadline() : timeout);
    ProductEntry entry = session.catalog().requireProduct(product, action());
    session.authorizer().requireOwner(product.domain(), action());
    VersionEntry version =
        session
            .catalog()
            .requireFor(
                Use.DESCRIBE,
                product,
                PublishReceipts.majorOf(session, entry, major, key),
                action());
    PublishIntent intent =
        new PublishIntent(
            PublishMode.ROLLBACK,
            Optional.of(snapshotId),
            Optional.empty(),
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
            PublishRequest.NO_ROWS,
            action());
    Optional<StoredReceipt> earlier = PublishReceipts.replay(session, request);
    if (earlier.isPresent()) {
      return earlier.get();
    }
    session.catalog().requireUse(Use.PUBLISH, product, version, action());
    checkAlone(version);
    Table table = session.tables().load(TableName.of(product, version.major()));
    Snapshot snapshot = snapshot(table, version, snapshotId);
    Optional<ContractVersion> contract = RollBackChange.contractOf(table, snapshot);
    List<TableRuleCheck.FailedRule> broken = broken(version, table, snapshot, contract, deadline);
    if (!broken.isEmpty() && !violationsAllowed) {
      throw RestoredRowsCheck.rejection(action(), snapshotId, version.version(), broken);
    }
    RollBackChange change =
        new RollBackChange(
            session,
            request,
            entry,
            version,
            contract.orElse(version.version()),
            BaseSnapshot.of(table),
            snapshot,
            restoringErased,
            new RollBackChange.Violations(
                broken.stream().map(TableRuleCheck.FailedRule::rule).toList(),
                broken.isEmpty() ? Optional.empty() : Optional.of(why)));
    StoredReceipt receipt = session.ledger().commit(change, deadline);
    if (!receipt.replayed() && receipt.snapshotId().isPresent()) {
      session
          .runtime()
          .meters()
          .restored(product, version.major(), change.restored().map(LastUpdate::at));
    }
    return receipt;
  }

  /** Rows of one major version alone must not change while others have the same rows. */
  private void checkAlone(VersionEntry version) {
    if (!version.publishedWith().isEmpty()) {
      throw Failure.of(action())
          .because(
              "major version "
                  + version.major()
                  + " is published together with "
                  + version.publishedWith()
                  + ", and a rollback would change it alone")
          .fix("Publish the rows that you want to all of them with replaceWhere(..).")
          .lastingConflict(ErrorCode.STATE_CONFLICT);
    }
  }

  /** A snapshot of {@code main}; one of another branch was never published. */
  private Snapshot snapshot(Table table, VersionEntry version, String snapshotId) {
    Snapshot snapshot =
        new SnapshotHistory(session.ledger(), table, product, version.version())
            .byId(snapshotId, action())
            .stored();
    if (!restoringErased) {
      ActiveErases.checkKept(table, snapshot, action());
    }
    return snapshot;
  }

  private List<TableRuleCheck.FailedRule> broken(
      VersionEntry version,
      Table table,
      Snapshot target,
      Optional<ContractVersion> contract,
      Deadline deadline) {
    Contract targetContract =
        contract.map(session.catalog().contracts(product, version.major())::get).orElse(null);
    List<DataFile> restored = SnapshotFiles.of(table, target);
    List<DataFile> live = SnapshotFiles.of(table, table.currentSnapshot());
    return new RestoredRowsCheck(session, product, version, table, deadline, action())
        .violations(
            targetContract,
            BrokenRules.asOf(table, target),
            SnapshotFiles.without(restored, live),
            restored);
  }

  private InvalidRequestException incomplete() {
    List<String> missing = new ArrayList<>();
    if (target == null) {
      missing.add("to(..)");
    }
    if (reason == null) {
      missing.add("because(..)");
    }
    return Failure.of(action())
        .because(ArgumentChecks.missing(missing))
        .fix("Call " + (missing.size() == 1 ? "it" : "both") + " before commit().")
        .invalidRequest(ErrorCode.INVALID_ARGUMENT);
  }

  private MeshAction action() {
    return MeshAction.of(Verb.ROLL_BACK, product);
  }
}
