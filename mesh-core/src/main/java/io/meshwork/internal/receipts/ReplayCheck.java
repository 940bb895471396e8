package io.meshwork.internal.receipts;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.text.Count;
import java.util.Optional;
import java.util.OptionalLong;

/** Checks whether the rows of a replayed publish are the first one's. */
public final class ReplayCheck {
  private ReplayCheck() {}

  /**
   * A warning if a used key is passed with a different number of rows, which is known without
   * reading them; otherwise empty.
   *
   * @param offered the number of rows offered now; empty if unknown
   */
  public static Optional<String> difference(
      StoredReceipt earlier, OptionalLong offered, MeshAction action) {
    long before = earlier.quality().rowsOffered();
    if (offered.isEmpty() || offered.getAsLong() == before) {
      return Optional.empty();
    }
    return Optional.of(
        "Nothing was published by '"
            + action
            + "': publish "
            + earlier.publishId()
            + " at "
            + earlier.committedAt()
            + " used the idempotency key for other rows, and its receipt was returned. Fingerprint"
            + " of the first publish: "
            + earlier.rowsDigest().map(digest -> digest + ", ").orElse("")
            + Count.of(before, "row")
            + "; of this one: "
            + Count.of(offered.getAsLong(), "row")
            + ". If the source was corrected, publish it under another key, or replace the"
            + " rows; verifyReplay() rejects other rows under a used key.");
  }

  /**
   * Checks that the rows are the receipt's.
   *
   * @param digest the digest of the rows offered now
   * @throws io.meshwork.error.AlreadyExistsException if they differ
   * @throws io.meshwork.error.InvalidRequestException if the receipt has no digest
   */
  public static void checkSameRows(
      StoredReceipt earlier, String digest, long rows, MeshAction action) {
    if (earlier.rowsDigest().isEmpty()) {
      throw Failure.of(action.on("with verifyReplay()"))
          .because(
              "publish "
                  + earlier.publishId()
                  + ", which used the key first, did not call it, so its receipt has no digest to"
                  + " compare with")
          .state("Nothing was published.")
          .fix("Remove verifyReplay() to get the first receipt.")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
    if (earlier.rowsDigest().get().equals(digest)) {
      return;
    }
    long before = earlier.quality().rowsOffered();
    throw Failure.of(action)
        .because(
            "the idempotency key was used for other rows, publish "
                + earlier.publishId()
                + " at "
                + earlier.committedAt()
                + ", which offered "
                + Count.of(before, "row")
                + "; this one offers "
                + Count.of(rows, "row")
                + (before == rows ? ", and some of them differ" : ""))
        .state("Nothing was published.")
        .fix("Check why the source changed. To add these rows as well, use another key.")
        .alreadyExists(ErrorCode.KEY_REUSED);
  }
}
