package io.meshwork.internal.publish;

import io.meshwork.contract.Contract;
import io.meshwork.contract.QualityReport;
import io.meshwork.contract.Rule;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.publish.run.LatenessLimit;
import io.meshwork.internal.publish.run.PublishContext;
import io.meshwork.internal.publish.run.PublishRun;
import io.meshwork.internal.receipts.ProductHistory;
import io.meshwork.internal.receipts.PublishIntent;
import io.meshwork.internal.receipts.PublishReceipts;
import io.meshwork.internal.receipts.QualityHistory;
import io.meshwork.internal.receipts.StoredReceipt;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.runtime.Sha256;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ResolvedProduct;
import io.meshwork.internal.staging.StagingOperations;
import io.meshwork.internal.table.TableName;
import io.meshwork.product.ContractVersion;
import io.meshwork.publish.Feed;
import io.meshwork.publish.Publish.PublishPlan;
import io.meshwork.publish.PublishHistory;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.publish.RollBack;
import io.meshwork.publish.StagedPublish;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/** Creates the operations on a product's rows for a session, and reads their records. */
public final class PublishOperations {
  private static final Pattern FEED_NAME = Pattern.compile("[A-Za-z0-9._-]{1,128}");

  private PublishOperations() {}

  /** Erases rows of a product. */
  public static PublishReceipt erase(ClientSession session, EraseOptions options) {
    session.checkOpen(options.action());
    PublishContext erase = begin(session, options);
    return options.quarantine() ? QuarantineErase.run(erase) : new PublishRun(erase).run();
  }

  /** Returns what an erase would do. */
  public static PublishPlan planErase(ClientSession session, EraseOptions options) {
    session.checkOpen(options.action());
    PublishContext erase = begin(session, options);
    return options.quarantine() ? QuarantineErase.plan(erase) : PublishRun.plan(erase);
  }

  private static PublishContext begin(ClientSession session, EraseOptions options) {
    return PublishContext.begin(
        session,
        options.product(),
        options.publish(),
        StagingOperations.erasing(),
        options.action());
  }

  /** The staged publishes of a product, oldest first. */
  public static List<StagedPublish> staged(ClientSession session, @Nullable CharSequence product) {
    return StagingOperations.staged(session, product);
  }

  /**
   * Publishes an endless source to a product.
   *
   * @param name the name of the feed
   */
  public static <R> Feed.Open<R> feed(
      ClientSession session, @Nullable CharSequence product, @Nullable String name) {
    String text = ArgumentChecks.shortText("name", name, "Name the source of the rows.");
    if (!FEED_NAME.matcher(text).matches()) {
      throw ArgumentChecks.refused(
          "name",
          "is not 1 to 128 letters, digits, dots, hyphens, or underscores",
          "Name the source of the rows, such as topic-0.");
    }
    return new FeedLimits<>(
        session, ResolvedProduct.forProducer(session, product, MeshAction.of(Verb.PUBLISH)), text);
  }

  /** Restores the rows of an earlier snapshot. */
  public static RollBack rollBack(ClientSession session, @Nullable CharSequence product) {
    return new ProductRollBack(
        session, ResolvedProduct.forProducer(session, product, MeshAction.of(Verb.ROLL_BACK)));
  }

  /** What was published to a product. */
  public static PublishHistory history(ClientSession session, @Nullable CharSequence product) {
    return new ProductHistory(session, product);
  }

  /**
   * Rows that an engine appends.
   *
   * @param table the table
   * @param publishId the ID of the engine's commit, which is also its idempotency key
   * @param contract the version of the contract that the rows were checked against
   * @param head the snapshot that the table gets
   * @param report how the rows meet the contract
   * @param rows the number of rows
   * @param files the number of data files
   * @param bytes the size of these files in bytes
   */
  public record EngineAppend(
      TableName table,
      String publishId,
      ContractVersion contract,
      Snapshot head,
      QualityReport report,
      long rows,
      long files,
      long bytes) {}

  /**
   * Returns the contract that rows of an engine are checked against, with the rule of its term
   * {@code maxLateness}.
   *
   * @param table the table before the commit
   * @param now the time of the mesh
   */
  public static Contract limitingLateness(Contract contract, Table table, Instant now) {
    return LatenessLimit.added(
        contract, LatenessLimit.reference(contract, table, now).orElse(null));
  }

  /** Adds the receipt and the quality of appended rows to the transaction that commits them. */
  public static void addReceipt(
      ClientSession session, CommitDraft<?> draft, EngineAppend append, Ledger.Attempt attempt) {
    StoredReceipt receipt =
        new StoredReceipt(
            append.publishId(),
            append.publishId(),
            append.table().product(),
            append.table().major(),
            append.contract(),
            Optional.of(Long.toString(append.head().snapshotId())),
            OptionalLong.of(append.head().sequenceNumber()),
            append.report(),
            PublishIntent.append(),
            0,
            0,
            Optional.empty(),
            append.files(),
            append.bytes(),
            attempt.now(),
            false);
    PublishReceipts.add(
        draft,
        receipt,
        Sha256.hex(append.table() + "\n" + append.head().snapshotId()),
        attempt.sequence());
    QualityHistory.add(
        session, draft, receipt, Map.of(Rule.Kind.ROW_COUNT.text(), (double) append.rows()));
  }
}
