package io.meshwork.internal.discovery;

import io.meshwork.card.Health;
import io.meshwork.card.ProductCard;
import io.meshwork.contract.QualityReport.QualityEntry;
import io.meshwork.product.MajorVersion;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The health of a product as a caller may know it.
 *
 * @param notifiedOnDemand the list of {@link #notified}
 * @param availabilityOnDemand the list of {@link #availability}
 */
record KnownHealth(
    MajorVersion version,
    Status status,
    List<String> problems,
    Freshness freshness,
    Optional<QualityEntry> quality,
    OptionalLong rows,
    OptionalLong bytes,
    OptionalLong rowsWaiting,
    Optional<Instant> waitingSince,
    Optional<Instant> since,
    Optional<ProductCard.Suspension> suspension,
    String contact,
    boolean isForOwner,
    ListOnDemand<String> notifiedOnDemand,
    Optional<RefusedPublish> lastRefused,
    ListOnDemand<Availability> availabilityOnDemand)
    implements Health {
  static final ListOnDemand<String> NO_CONTACTS = new ListOnDemand<>(List::of);
  static final ListOnDemand<Availability> NO_PROMISE = new ListOnDemand<>(List::of);

  KnownHealth {
    problems = List.copyOf(problems);
  }

  @Override
  public List<String> notified() {
    return notifiedOnDemand.read();
  }

  @Override
  public List<Availability> availability() {
    return availabilityOnDemand.read();
  }

  /**
   * A list that is read from the registry when it is needed first. Thread-safe. Equal only to
   * itself, since its elements are unknown until then, and unreadable once the mesh is closed.
   */
  static final class ListOnDemand<E> {
    private final Supplier<List<E>> source;
    private @Nullable List<E> read;

    ListOnDemand(Supplier<List<E>> source) {
      this.source = source;
    }

    synchronized List<E> read() {
      List<E> all = read;
      if (all == null) {
        all = List.copyOf(source.get());
        read = all;
      }
      return all;
    }

    /** Reads nothing, and is the same before and after. */
    @Override
    public String toString() {
      return "(on demand)";
    }
  }
}
