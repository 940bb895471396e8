package io.meshwork.event;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The values of a {@link EventDetails.GrantSummary} that was read from the log. */
record DecodedGrantSummary(
    String id,
    String on,
    String to,
    List<String> permissions,
    boolean grantOption,
    List<String> columns,
    List<String> exceptColumns,
    Optional<String> rowsHash,
    Optional<Instant> until,
    String because,
    String authorizedBy,
    Optional<String> authorization)
    implements EventDetails.GrantSummary {
  /** Copies the lists. */
  DecodedGrantSummary {
    permissions = List.copyOf(permissions);
    columns = List.copyOf(columns);
    exceptColumns = List.copyOf(exceptColumns);
  }

  /** Returns the grant as one line. */
  @Override
  public String toString() {
    return SummaryFormatter.format(this);
  }
}
