package io.meshwork.internal.receipts;

import io.meshwork.error.BackendException;
import io.meshwork.internal.runtime.MeshMeters;
import io.meshwork.internal.runtime.MeshMeters.Outcome;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.PublishQuality;
import io.meshwork.product.ProductName;
import io.meshwork.publish.PublishReceipt.PublishMode;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Records in the mesh's meters how one change of rows ended.
 *
 * @param corrects true if its rows were quarantined before; the product then has the score that its
 *     history has
 * @param start when it began
 */
public record PublishMeters(
    ClientSession session, ProductName product, boolean corrects, Instant start) {
  /** Begins a change of rows. */
  public static PublishMeters begin(ClientSession session, ProductName product, boolean corrects) {
    return new PublishMeters(session, product, corrects, session.runtime().meters().now());
  }

  /** Runs a change of new rows, and records how it ended. */
  public static StoredReceipt measured(
      ClientSession session, ProductName product, Supplier<StoredReceipt> change) {
    PublishMeters meters = begin(session, product, false);
    try {
      return meters.committed(change.get());
    } catch (RuntimeException e) {
      meters.failed(e);
      throw e;
    }
  }

  /** Records that it was committed, and returns its receipt. */
  public StoredReceipt committed(StoredReceipt receipt) {
    MeshMeters meters = session.runtime().meters();
    CommitLogLines.log(receipt, Duration.between(start, meters.now()));
    Outcome outcome =
        count(
            meters,
            receipt,
            each -> corrects ? score(session, each) : each.quality().qualityScore());
    meters.publish(product, outcome, start);
    return receipt;
  }

  /** Records that it failed. */
  public void failed(RuntimeException cause) {
    session.runtime().meters().publish(product, Outcome.of(cause), start);
  }

  private static OptionalDouble score(ClientSession session, StoredReceipt receipt) {
    try {
      return QualityHistory.read(session, receipt.product(), receipt.major())
          .newest()
          .map(PublishQuality::qualityScore)
          .orElse(OptionalDouble.empty());
    } catch (BackendException e) {
      return OptionalDouble.empty(); // the publish is committed, and its score is unknown here
    }
  }

  private static Outcome count(
      MeshMeters meters, StoredReceipt receipt, Function<StoredReceipt, OptionalDouble> score) {
    if (receipt.replayed()) {
      return Outcome.REPLAYED;
    }
    if (receipt.mode() == PublishMode.APPEND
        || receipt.mode() == PublishMode.ONBOARD
        || PublishEffects.replacesRows(receipt.mode())) {
      meters.rows(
          receipt.product(),
          receipt.major(),
          receipt.quality().rowsOffered(),
          receipt.quality().rowsQuarantined(),
          receipt
              .snapshotId()
              .filter(
                  snapshot ->
                      receipt.rowsAccepted() > 0
                          || PublishEffects.updatesFreshness(receipt.intent()))
              .map(snapshot -> receipt.committedAt()));
      if (PublishEffects.isScored(receipt.quality(), receipt.intent())) {
        meters.score(receipt.product(), receipt.major(), score.apply(receipt));
      }
    }
    receipt.others().forEach(otherReceipt -> count(meters, otherReceipt, score));
    return Outcome.COMMITTED;
  }
}
