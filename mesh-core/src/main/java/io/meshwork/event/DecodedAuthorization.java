package io.meshwork.event;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The values of a {@link EventDetails.LoggedAuthorization} that was read from the log. */
record DecodedAuthorization(
    String id,
    String on,
    List<String> executors,
    List<String> consumers,
    List<String> permissions,
    boolean grantOption,
    List<String> columns,
    List<String> exceptColumns,
    Optional<String> rowsHash,
    Optional<String> request,
    boolean delegating,
    Optional<String> under,
    Optional<Instant> until,
    String because,
    String authorizedBy)
    implements EventDetails.LoggedAuthorization {
  /** Copies the lists. */
  DecodedAuthorization {
    executors = List.copyOf(executors);
    consumers = List.copyOf(consumers);
    permissions = List.copyOf(permissions);
    columns = List.copyOf(columns);
    exceptColumns = List.copyOf(exceptColumns);
  }

  /** Returns the authorization as one line. */
  @Override
  public String toString() {
    return DetailsFormatter.format(this);
  }
}
