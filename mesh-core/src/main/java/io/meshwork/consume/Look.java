package io.meshwork.consume;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;

/**
 * What rows are streamed for, in the words of messages. Immutable.
 *
 * @param doing such as {@code read commerce/orders}
 * @param what the rows are, such as {@code this batch}
 * @param verb what follows that in the past, {@code was} or {@code were}
 * @param again how to get them once more, as a sentence without its end
 */
record Look(String doing, String what, String verb, String again) {
  /** Rows of a snapshot. */
  static Look atRows(String doing) {
    return new Look(doing, "these rows", "were", "Call read() for another look");
  }

  /** Rows of a batch. */
  static Look atBatch(String doing) {
    return new Look(doing, "this batch", "was", "Poll again for another look");
  }

  InvalidRequestException usedBefore() {
    return new InvalidRequestException(
        ErrorCode.INVALID_ARGUMENT,
        "Cannot "
            + doing
            + " by going through "
            + what
            + " twice: the rows are streamed once. "
            + again
            + ".");
  }

  InvalidRequestException closed() {
    return new InvalidRequestException(
        ErrorCode.CLOSED,
        "Cannot "
            + doing
            + ": "
            + what
            + " "
            + verb
            + " closed before the last row was read. Rows handed out so far are whole. "
            + again
            + ", and go through the rows before you close them.");
  }
}
