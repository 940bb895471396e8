package io.meshwork.event;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The values of a {@link EventDetails.LoggedGrant} that was read from the log. */
record DecodedGrant(
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
    implements EventDetails.LoggedGrant {
  /** Copies the lists. */
  DecodedGrant {
    permissions = List.copyOf(permissions);
    columns = List.copyOf(columns);
    exceptColumns = List.copyOf(exceptColumns);
  }

  /** Returns the grant as one line. */
  @Override
  public String toString() {
    return DetailsFormatter.format(this);
  }
}
