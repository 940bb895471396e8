package io.meshwork.event;

import io.meshwork.product.ContractVersion;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The values of a {@link EventDetails.AccessCount} that was read from the log. */
record DecodedAccessCount(
    Instant hour,
    String who,
    String action,
    String subject,
    long count,
    Instant first,
    Instant last,
    Optional<ContractVersion> version,
    Optional<String> description,
    Optional<String> missing,
    List<String> columns)
    implements EventDetails.AccessCount {
  /** Copies the columns. */
  DecodedAccessCount {
    columns = List.copyOf(columns);
  }

  /** Returns the count as one line. */
  @Override
  public String toString() {
    return DetailsFormatter.format(this);
  }
}
