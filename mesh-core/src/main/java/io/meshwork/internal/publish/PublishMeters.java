package io.meshwork.internal.publish;

import io.meshwork.internal.runtime.MeshMeters;
import io.meshwork.internal.runtime.MeshMeters.Outcome;
import io.meshwork.publish.PublishMode;

/** Records publishes in the mesh's meters. */
final class PublishMeters {
  private PublishMeters() {}

  /** Counts the rows of a publish, unless it was replayed, and returns the outcome. */
  static Outcome count(MeshMeters meters, StoredReceipt receipt) {
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
          receipt.quality().qualityScore(),
          receipt
              .snapshotId()
              .filter(snapshot -> receipt.rowsAccepted() > 0 || updatesFreshness(receipt.intent()))
              .map(snapshot -> receipt.committedAt()));
    }
    receipt.others().forEach(other -> count(meters, other));
    return Outcome.COMMITTED;
  }

  /** True if the publish updates the freshness of the product even when it has no rows. */
  static boolean updatesFreshness(PublishIntent intent) {
    return intent.completeUpTo().isPresent()
        || intent.mode() == PublishMode.REPLACE_ALL
        || intent.mode() == PublishMode.REPLACE_WHERE;
  }
}
