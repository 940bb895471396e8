package io.meshwork.change;

import io.meshwork.contract.Difference;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A subscription, and what a changed contract would mean for it. Immutable.
 *
 * @param subscription the subscription, as {@code domain/name}
 * @param contact whom to tell
 * @param columns the columns that it was seen to read in the last 90 days, as paths; those that it
 *     names if it was not seen to read; empty if that is all of them
 * @param lastRead when it was last seen to read this major, to the hour; empty if never
 * @param breaks the changes that would break it: those that old readers do not survive, at columns
 *     that it reads
 */
public record AffectedConsumer(
    String subscription,
    String contact,
    List<String> columns,
    Optional<Instant> lastRead,
    List<Difference.Change> breaks) {
  /** Copies the lists. */
  public AffectedConsumer {
    columns = List.copyOf(columns);
    breaks = List.copyOf(breaks);
  }

  /** True if it would go on as before. */
  public boolean isSafe() {
    return breaks.isEmpty();
  }

  /** One line of a plan. */
  @Override
  public String toString() {
    return (isSafe() ? "safe    " : "breaks  ")
        + subscription
        + "  reads "
        + (columns.isEmpty() ? "all columns" : String.join(", ", columns))
        + lastRead.map(at -> ", last at " + at).orElse(", not seen to read yet")
        + "  tell "
        + contact;
  }
}
