package io.meshwork.internal.ingest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.Serializable;
import java.time.Duration;

/**
 * The late rows of a publish. Immutable.
 *
 * @param count the number of rows
 * @param largest how much older than the newest event time the oldest of them is; zero if there are
 *     none
 */
public record LateRows(
    @JsonProperty("late") @JsonInclude(JsonInclude.Include.NON_DEFAULT) long count,
    @JsonProperty("largestLateness") @JsonInclude(JsonInclude.Include.NON_DEFAULT) Duration largest)
    implements Serializable {
  /** No late rows. */
  public static final LateRows NONE = new LateRows(0, Duration.ZERO);

  /** The late rows of both. */
  LateRows plus(LateRows others) {
    return new LateRows(
        count + others.count, largest.compareTo(others.largest) >= 0 ? largest : others.largest);
  }
}
