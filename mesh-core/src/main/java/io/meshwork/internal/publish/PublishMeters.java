package io.meshwork.internal.publish;

import io.meshwork.internal.runtime.MeshMeters;
import io.meshwork.internal.runtime.MeshMeters.Outcome;
import io.meshwork.publish.PublishMode;

/** What the meters are told of a receipt. */
final class PublishMeters {
  private PublishMeters() {}

  /** Counts the rows of a publish that was done now, and says how it ended. */
  static Outcome count(MeshMeters meters, StoredReceipt receipt) {
    if (receipt.replayed()) {
      return Outcome.REPLAYED;
    }
    if (receipt.mode() == PublishMode.APPEND || PublishOptions.replacesRows(receipt.mode())) {
      meters.rows(
          receipt.product(),
          receipt.major(),
          receipt.quality().rowsOffered(),
          receipt.quality().rowsQuarantined(),
          receipt.quality().qualityScore(),
          receipt
              .snapshotId()
              .filter(snapshot -> receipt.rowsAccepted() > 0 || saysHowNew(receipt.intent()))
              .map(snapshot -> receipt.committedAt()));
    }
    return Outcome.COMMITTED;
  }

  /** True if no rows say as much as rows: that none are missing, or that none are there now. */
  static boolean saysHowNew(PublishIntent intent) {
    return intent.completeUpTo().isPresent()
        || intent.mode() == PublishMode.REPLACE_ALL
        || intent.mode() == PublishMode.REPLACE_WHERE;
  }
}
