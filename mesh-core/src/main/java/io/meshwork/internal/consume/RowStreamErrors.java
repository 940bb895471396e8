package io.meshwork.internal.consume;

import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.session.ActiveReaders;

/**
 * The errors of a stream of rows. Immutable.
 *
 * @param action such as {@code read commerce/orders}
 * @param stream what is streamed, with its verb, such as {@code this batch was}
 * @param retry how to stream the rows again, as a sentence without its period
 */
record RowStreamErrors(MeshAction action, String stream, String retry) {
  private static final String RETURNED_ROWS = "All rows returned so far are complete.";

  /** Errors of the rows of a snapshot. */
  static RowStreamErrors ofRows(MeshAction action) {
    return new RowStreamErrors(action, "these rows were", "Call rows() again");
  }

  static RowStreamErrors ofBatch(MeshAction action) {
    return new RowStreamErrors(action, "this batch was", "Poll again");
  }

  /** Returns a guard that rejects a second thread. */
  ThreadGuard guard() {
    return new ThreadGuard(action, retry + " in each thread.");
  }

  /** The rows were requested a second time. */
  InvalidRequestException usedTwice() {
    return Failure.of(action)
        .because(stream + " returned before, and rows are streamed once")
        .fix(retry + ".")
        .invalidRequest(ErrorCode.INVALID_ARGUMENT);
  }

  /** Maintenance or an erasure removed a data file before the reader read it. */
  ConflictException expired() {
    return Failure.of(action)
        .because(
            stream
                + " opened before a data file that newer snapshots replaced was removed: by"
                + " maintenance, which waits "
                + ActiveReaders.GRACE.toHours()
                + " hours for readers, or by an erasure, which need not wait")
        .state(RETURNED_ROWS)
        .fix(
            retry
                + ", and read the first rows within "
                + ActiveReaders.GRACE.dividedBy(2).toHours()
                + " hours.")
        .lastingConflict(ErrorCode.SNAPSHOT_EXPIRED);
  }

  /** The rows were closed before the last one was read. */
  InvalidRequestException closed() {
    return Failure.of(action)
        .because(stream + " closed before the last row was read")
        .state(RETURNED_ROWS)
        .fix(retry + ", and read all rows before you close them.")
        .invalidRequest(ErrorCode.CLOSED);
  }
}
