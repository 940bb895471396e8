package io.meshwork.internal.runtime;

import io.meshwork.error.BackendException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.OutcomeUnknownException;
import io.meshwork.meter.Meters;
import io.meshwork.product.ProductName;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every meter of the mesh by name. What the caller's meters throw is logged and hides nothing.
 * Thread-safe.
 */
public final class MeshMeters {
  private static final Logger LOG = LoggerFactory.getLogger(MeshMeters.class);
  private static final String OUTCOME = "outcome";
  private static final double SECONDS_OF_MINUTE = 60;

  private final Meters meters;
  private final InstantSource clock;
  private final Map<Map<String, String>, Newest> newest = new ConcurrentHashMap<>();

  /** Meters over the caller's, with the mesh's clock. */
  public MeshMeters(Meters meters, InstantSource clock) {
    this.meters = meters;
    this.clock = clock;
  }

  /** How something ended. */
  public enum Outcome {
    /** It is done. */
    COMMITTED,
    /** There was nothing left to do, as it had been done before. */
    REPLAYED,
    /** Others were faster. */
    CONFLICT,
    /** The request, the rights or the rows did not allow it. */
    REFUSED,
    /** The registry or the store failed, and nothing was done. */
    FAILED,
    /** Nobody can say yet. */
    UNKNOWN;

    /** The outcome that an exception stands for. */
    public static Outcome of(Throwable thrown) {
      if (thrown instanceof ConflictException) {
        return CONFLICT;
      }
      if (thrown instanceof OutcomeUnknownException) {
        return UNKNOWN;
      }
      return thrown instanceof BackendException ? FAILED : REFUSED;
    }

    private String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The rows of a major version that this process made the present ones. */
  private record Newest(Optional<Instant> at, double score) {}

  /** When something begins. */
  public Instant now() {
    return clock.instant();
  }

  /** A commit to the log of a domain or of one of its products. */
  public void commit(String domain, Outcome outcome, Instant begun) {
    Map<String, String> tags = Map.of("domain", domain, OUTCOME, outcome.text());
    quietly(() -> meters.count("meshwork.commits", tags, 1));
    quietly(() -> meters.time("meshwork.commit", tags, since(begun)));
  }

  /** A publish or a rollback from its begin to its end. */
  public void publish(ProductName product, Outcome outcome, Instant begun) {
    Map<String, String> tags =
        Map.of("domain", product.domain(), "product", product.product(), OUTCOME, outcome.text());
    quietly(() -> meters.time("meshwork.publish", tags, since(begun)));
  }

  /** A publish that was refused because its rows break the contract. */
  public void refusedPublish(ProductName product, int major) {
    Map<String, String> tags =
        Map.of(
            "domain",
            product.domain(),
            "product",
            product.product(),
            "major",
            Integer.toString(major));
    quietly(() -> meters.count("meshwork.publishes_refused", tags, 1));
  }

  /** A read from its begin until its first rows may be asked for. */
  public void read(ProductName product, Instant begun) {
    Map<String, String> tags = Map.of("domain", product.domain(), "product", product.product());
    quietly(() -> meters.time("meshwork.read", tags, since(begun)));
  }

  /**
   * Rows that were published.
   *
   * @param processed rows that came in
   * @param quarantined of these, rows set aside
   * @param score of these rows; empty if no rule was evaluated
   * @param at when they became visible; empty if readers see what they saw before
   */
  public void rows(
      ProductName product,
      int major,
      long processed,
      long quarantined,
      OptionalDouble score,
      Optional<Instant> at) {
    Map<String, String> tags = tags(product, major);
    quietly(() -> meters.count("meshwork.records_processed", tags, processed));
    quietly(() -> meters.count("meshwork.records_quarantined", tags, quarantined));
    if (at.isPresent()) {
      newest(tags, new Newest(at, score.orElse(Double.NaN)));
    }
  }

  /**
   * An earlier state was brought back; how good its rows were is not known here.
   *
   * @param at when the rows that came back became visible first; empty if it is not known
   */
  public void restored(ProductName product, int major, Optional<Instant> at) {
    newest(tags(product, major), new Newest(at, Double.NaN));
  }

  private void newest(Map<String, String> tags, Newest now) {
    if (newest.put(tags, now) == null) {
      quietly(() -> meters.gauge("meshwork.freshness_minutes", tags, () -> freshness(tags)));
      quietly(() -> meters.gauge("meshwork.quality_score", tags, () -> score(tags)));
    }
  }

  private static Map<String, String> tags(ProductName product, int major) {
    return Map.of(
        "domain", product.domain(), "product", product.product(), "major", Integer.toString(major));
  }

  private double freshness(Map<String, String> tags) {
    Newest last = newest.get(tags);
    if (last == null || last.at().isEmpty()) {
      return Double.NaN;
    }
    Duration age = Duration.between(last.at().get(), clock.instant());
    return Math.max(0, age.toMillis() / 1000.0) / SECONDS_OF_MINUTE;
  }

  private double score(Map<String, String> tags) {
    Newest last = newest.get(tags);
    return last == null ? Double.NaN : last.score();
  }

  private Duration since(Instant begun) {
    Duration took = Duration.between(begun, clock.instant());
    return took.isNegative() ? Duration.ZERO : took;
  }

  private static void quietly(Runnable report) {
    try {
      report.run();
    } catch (RuntimeException e) {
      LOG.warn("A meter could not be told: {}", e.getClass().getName());
    }
  }
}
