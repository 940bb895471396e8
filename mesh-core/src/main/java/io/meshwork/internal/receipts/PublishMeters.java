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

/** Records publishes in the mesh's meters. */
public final class PublishMeters {
  private PublishMeters() {}

  /**
   * Runs a change of rows, and records in the meters how it ended.
   *
   * @param corrects true if its rows were quarantined before; the product then has the score that
   *     its history has
   */
  public static StoredReceipt measured(
      ClientSession session,
      ProductName product,
      boolean corrects,
      Supplier<StoredReceipt> change) {
    MeshMeters meters = session.runtime().meters();
    Instant start = meters.now();
    try {
      StoredReceipt receipt = change.get();
      CommitLogLines.log(receipt, Duration.between(start, meters.now()));
      Outcome outcome =
          count(
              meters,
              receipt,
              each -> corrects ? score(session, each) : each.quality().qualityScore());
      meters.publish(product, outcome, start);
      return receipt;
    } catch (RuntimeException e) {
      meters.publish(product, Outcome.of(e), start);
      throw e;
    }
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
    receipt.others().forEach(other -> count(meters, other, score));
    return Outcome.COMMITTED;
  }
}
