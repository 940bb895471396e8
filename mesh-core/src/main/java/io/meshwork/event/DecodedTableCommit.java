package io.meshwork.event;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The values of a {@link EventDetails.TableCommit} that was read from the log. */
record DecodedTableCommit(
    String publishId,
    Optional<String> mode,
    Optional<String> reason,
    Optional<Instant> completeUpTo,
    List<EventDetails.MajorCommit> majors)
    implements EventDetails.TableCommit {
  /** Copies the list. */
  DecodedTableCommit {
    majors = List.copyOf(majors);
  }

  /** Returns the commit as one line. */
  @Override
  public String toString() {
    return DetailsFormatter.format(this);
  }
}
