package io.meshwork.event;

import io.meshwork.product.Classification;
import io.meshwork.request.AccessRequest.Method;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The values of a {@link EventDetails.AccessRequest} that was read from the log. */
record DecodedAccessRequest(
    String request,
    String domain,
    int revision,
    List<String> columns,
    Optional<String> rowsHash,
    Optional<Instant> until,
    String purpose,
    Method method,
    Classification risk)
    implements EventDetails.AccessRequest {
  /** Copies the columns. */
  DecodedAccessRequest {
    columns = List.copyOf(columns);
  }

  /** Returns the request as one line. */
  @Override
  public String toString() {
    return DetailsFormatter.format(this);
  }
}
