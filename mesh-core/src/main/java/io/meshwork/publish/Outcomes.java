package io.meshwork.publish;

import io.meshwork.internal.runtime.MeshMeters;
import io.meshwork.internal.runtime.MeshMeters.Outcome;

/** What the meters are told of a receipt. */
final class Outcomes {
  private Outcomes() {}

  /** Counts the rows of a publish that was done now, and says how it ended. */
  static Outcome count(MeshMeters meters, PublishReceipt receipt) {
    if (receipt.replayed()) {
      return Outcome.REPLAYED;
    }
    if (receipt.mode() != PublishMode.ROLLBACK && receipt.mode() != PublishMode.ERASE) {
      meters.rows(
          receipt.product(),
          receipt.major(),
          receipt.quality().rowsOffered(),
          receipt.quality().rowsQuarantined(),
          receipt.quality().qualityScore(),
          receipt.snapshotId().map(snapshot -> receipt.committedAt()));
    }
    return Outcome.COMMITTED;
  }
}
