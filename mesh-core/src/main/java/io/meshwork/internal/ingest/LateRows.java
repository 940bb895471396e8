package io.meshwork.internal.ingest;

import java.time.Duration;

/**
 * The late rows of a publish. Immutable.
 *
 * @param count the number of rows
 * @param largest how much older than the newest event time the oldest of them is; zero if there are
 *     none
 */
public record LateRows(long count, Duration largest) {
  /** No late rows. */
  public static final LateRows NONE = new LateRows(0, Duration.ZERO);
}
