package io.meshwork.internal.consume;

import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.runtime.ThreadGuard;
import io.meshwork.internal.session.ActiveReaders;

/**
 * What rows are streamed for, in the words of messages. Immutable.
 *
 * @param action such as {@code read commerce/orders}
 * @param what the rows are, such as {@code this batch}
 * @param verb what follows that in the past, {@code was} or {@code were}
 * @param again how to get them once more, as a sentence without its end
 */
record RowStreamErrors(MeshAction action, String what, String verb, String again) {
  /** Rows of a snapshot. */
  static RowStreamErrors atRows(MeshAction action) {
    return new RowStreamErrors(action, "these rows", "were", "Call read() for another look");
  }

  /** Rows of a batch. */
  static RowStreamErrors atBatch(MeshAction action) {
    return new RowStreamErrors(action, "this batch", "was", "Poll again for another look");
  }

  /** Refuses a second thread. */
  ThreadGuard guard() {
    return new ThreadGuard(action, again + " in each thread.");
  }

  InvalidRequestException usedBefore() {
    return new InvalidRequestException(
        ErrorCode.INVALID_ARGUMENT,
        "Cannot "
            + action
            + " by going through "
            + what
            + " twice: the rows are streamed once. "
            + again
            + ".");
  }

  /** Maintenance removed the rows, since the reader took longer than it keeps them. */
  ConflictException expired() {
    return new ConflictException(
        ErrorCode.SNAPSHOT_EXPIRED,
        "Cannot "
            + action
            + ": "
            + what
            + " "
            + verb
            + " opened more than "
            + ActiveReaders.GRACE.toHours()
            + " hours ago, and maintenance has removed a data file since, because newer snapshots"
            + " replaced it. Rows handed out so far are whole. Nothing was changed. "
            + again
            + ", and read the first rows within "
            + ActiveReaders.GRACE.dividedBy(2).toHours()
            + " hours.",
        false);
  }

  InvalidRequestException closed() {
    return new InvalidRequestException(
        ErrorCode.CLOSED,
        "Cannot "
            + action
            + ": "
            + what
            + " "
            + verb
            + " closed before the last row was read. Rows handed out so far are whole. "
            + again
            + ", and go through the rows before you close them.");
  }
}
