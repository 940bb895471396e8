package io.meshwork.publish;

import io.meshwork.error.AlreadyExistsException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;

/** Whether rows that are offered again are those of the first time. */
final class Replay {
  private Replay() {}

  /**
   * Goes on only if the rows are those that the receipt speaks of.
   *
   * @param digest of the rows that are offered now
   * @throws AlreadyExistsException if they are not
   * @throws InvalidRequestException if the receipt cannot say
   */
  static void checkSameRows(PublishReceipt earlier, String digest, long rows, String doing) {
    if (earlier.rowsDigest().isEmpty()) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_ARGUMENT,
          "Cannot "
              + doing
              + " with verifyingReplay(): publish "
              + earlier.publishId()
              + ", which used the key first, did not say it and keeps no digest of its rows, so"
              + " there is nothing to compare with. Nothing was published. Leave verifyingReplay() out to get the first"
              + " receipt.");
    }
    if (earlier.rowsDigest().get().equals(digest)) {
      return;
    }
    long before = earlier.quality().rowsOffered();
    throw new AlreadyExistsException(
        ErrorCode.KEY_REUSED,
        "Cannot "
            + doing
            + ": the idempotency key was used for other rows, publish "
            + earlier.publishId()
            + " at "
            + earlier.committedAt()
            + ". It was offered "
            + before
            + (before == rows
                ? ", and as many now, of which some differ"
                : ", and " + rows + " now")
            + ". Nothing was published. Look why the source changed; if these rows are to be added as"
            + " well, give this publish a key of its own.");
  }
}
