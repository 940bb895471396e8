package io.meshwork.event;

import io.meshwork.product.ProductName;
import io.meshwork.rollout.Rollout;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** The values of a {@link EventDetails.RolloutChange} that was read from the log. */
record DecodedRolloutChange(
    ProductName product,
    int number,
    int from,
    OptionalInt to,
    Rollout.State state,
    Optional<String> because,
    Optional<LocalDate> retireAfter,
    List<String> consumers,
    Optional<EventDetails.ConsumerAnswer> answer,
    boolean toDomainOwner,
    List<String> suggestions)
    implements EventDetails.RolloutChange {
  /** Copies the lists. */
  DecodedRolloutChange {
    consumers = List.copyOf(consumers);
    suggestions = List.copyOf(suggestions);
  }

  /** Returns the change as one line. */
  @Override
  public String toString() {
    return DetailsFormatter.format(this);
  }
}
