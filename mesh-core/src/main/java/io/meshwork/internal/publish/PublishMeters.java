package io.meshwork.internal.publish;

import io.meshwork.contract.QualityReport;
import io.meshwork.error.BackendException;
import io.meshwork.internal.receipts.PublishIntent;
import io.meshwork.internal.receipts.QualityHistory;
import io.meshwork.internal.receipts.StoredReceipt;
import io.meshwork.internal.runtime.MeshMeters;
import io.meshwork.internal.runtime.MeshMeters.Outcome;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.PublishQuality;
import io.meshwork.publish.PublishReceipt.PublishMode;
import java.util.OptionalDouble;
import java.util.function.Function;

/** Records publishes in the mesh's meters. */
final class PublishMeters {
  private PublishMeters() {}

  /** Counts the rows of a publish, unless it was replayed, and returns the outcome. */
  static Outcome count(MeshMeters meters, StoredReceipt receipt) {
    return count(meters, receipt, each -> each.quality().qualityScore());
  }

  /** The same for a republish, after which the product has the score that its history has. */
  static Outcome countRepublished(ClientSession session, StoredReceipt receipt) {
    return count(session.runtime().meters(), receipt, each -> score(session, each));
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
        || PublishOptions.replacesRows(receipt.mode())) {
      meters.rows(
          receipt.product(),
          receipt.major(),
          receipt.quality().rowsOffered(),
          receipt.quality().rowsQuarantined(),
          receipt
              .snapshotId()
              .filter(snapshot -> receipt.rowsAccepted() > 0 || updatesFreshness(receipt.intent()))
              .map(snapshot -> receipt.committedAt()));
      if (isScored(receipt.quality(), receipt.intent())) {
        meters.score(receipt.product(), receipt.major(), score.apply(receipt));
      }
    }
    receipt.others().forEach(other -> count(meters, other, score));
    return Outcome.COMMITTED;
  }

  /**
   * True if the score of the product is that of this publish: it brought rows, or replaced some.
   */
  static boolean isScored(QualityReport quality, PublishIntent intent) {
    return quality.rowsOffered() > 0 || updatesFreshness(intent);
  }

  /** True if the publish updates the freshness of the product even when it has no rows. */
  static boolean updatesFreshness(PublishIntent intent) {
    return intent.completeUpTo().isPresent()
        || intent.mode() == PublishMode.REPLACE_ALL
        || intent.mode() == PublishMode.REPLACE_WHERE;
  }
}
