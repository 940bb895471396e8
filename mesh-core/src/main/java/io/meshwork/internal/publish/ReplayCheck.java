package io.meshwork.internal.publish;

import io.meshwork.error.AlreadyExistsException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import java.util.Optional;
import java.util.OptionalLong;

/** Whether rows that are offered again are those of the first time. */
final class ReplayCheck {
  private ReplayCheck() {}

  /**
   * What to warn of where a used key comes with other rows, as far as that is known without reading
   * any: by their number. Empty if nothing speaks for it.
   *
   * @param offered how many rows come now; empty if that is not known
   */
  static Optional<String> difference(
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
            + " used the idempotency key for other rows, and its receipt came back. Fingerprint"
            + " then: "
            + earlier.rowsDigest().map(digest -> digest + ", ").orElse("")
            + before
            + " rows; now: "
            + offered.getAsLong()
            + " rows. If the source was corrected, publish it under a key of its own, or replace"
            + " the rows; verifyingReplay() refuses other rows under a used key.");
  }

  /**
   * Goes on only if the rows are those that the receipt speaks of.
   *
   * @param digest of the rows that are offered now
   * @throws AlreadyExistsException if they are not
   * @throws InvalidRequestException if the receipt cannot say
   */
  static void checkSameRows(StoredReceipt earlier, String digest, long rows, MeshAction action) {
    if (earlier.rowsDigest().isEmpty()) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_ARGUMENT,
          "Cannot "
              + action
              + " with verifyingReplay(): publish "
              + earlier.publishId()
              + ", which used the key first, did not say it and keeps no digest of its rows, so"
              + " there is nothing to compare with. Nothing was published. Leave verifyingReplay()"
              + " out to get the first receipt.");
    }
    if (earlier.rowsDigest().get().equals(digest)) {
      return;
    }
    long before = earlier.quality().rowsOffered();
    throw new AlreadyExistsException(
        ErrorCode.KEY_REUSED,
        "Cannot "
            + action
            + ": the idempotency key was used for other rows, publish "
            + earlier.publishId()
            + " at "
            + earlier.committedAt()
            + ". It was offered "
            + before
            + (before == rows
                ? ", and as many now, of which some differ"
                : ", and " + rows + " now")
            + ". Nothing was published. Look why the source changed; if these rows are to be added"
            + " as well, give this publish a key of its own.");
  }
}
