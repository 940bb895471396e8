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
 * Records every meter of the mesh by name. Exceptions of the caller's meters are logged and do not
 * propagate. Thread-safe.
 */
public final class MeshMeters {
  private static final Logger LOG = LoggerFactory.getLogger(MeshMeters.class);
  private static final String OUTCOME = "outcome";
  private static final double SECONDS_OF_MINUTE = 60;

  private final Meters meters;
  private final InstantSource clock;
  private final Map<Map<String, String>, Newest> newest = new ConcurrentHashMap<>();

  /** Creates meters over the caller's, with the mesh's clock. */
  public MeshMeters(Meters meters, InstantSource clock) {
    this.meters = meters;
    this.clock = clock;
  }

  /** The outcome of an operation. */
  public enum Outcome {
    /** Committed. */
    COMMITTED,
    /** A replay: it was committed before. */
    REPLAYED,
    /** A concurrent commit won. */
    CONFLICT,
    /** Rejected because of the request, the permissions, or the rows. */
    REFUSED,
    /** The registry or the store failed, and nothing was changed. */
    FAILED,
    /** The outcome is not known yet. */
    UNKNOWN;

    /** Returns the outcome for an exception. */
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

  /** The current rows of a major version that this process committed. */
  private record Newest(Optional<Instant> at, double score) {}

  /** Returns the start time of an operation. */
  public Instant now() {
    return clock.instant();
  }

  /** Records a commit to the log of a domain or of one of its products. */
  public void commit(String domain, Outcome outcome, Instant begun) {
    Map<String, String> tags = Map.of("domain", domain, OUTCOME, outcome.text());
    quietly(() -> meters.count("meshwork.commits", tags, 1));
    quietly(() -> meters.time("meshwork.commit", tags, since(begun)));
  }

  /** Records a publish or a rollback, from start to end. */
  public void publish(ProductName product, Outcome outcome, Instant begun) {
    Map<String, String> tags =
        Map.of("domain", product.domain(), "product", product.product(), OUTCOME, outcome.text());
    quietly(() -> meters.time("meshwork.publish", tags, since(begun)));
  }

  /** Records a publish that was rejected because its rows violate the contract. */
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

  /** Records a read, from start until its first rows are available. */
  public void read(ProductName product, Instant begun) {
    Map<String, String> tags = Map.of("domain", product.domain(), "product", product.product());
    quietly(() -> meters.time("meshwork.read", tags, since(begun)));
  }

  /**
   * Records published rows.
   *
   * @param processed number of input rows
   * @param quarantined number of these rows in quarantine
   * @param at when they became visible; empty if readers see no change
   */
  public void rows(
      ProductName product, int major, long processed, long quarantined, Optional<Instant> at) {
    Map<String, String> tags = tags(product, major);
    quietly(() -> meters.count("meshwork.records_processed", tags, processed));
    quietly(() -> meters.count("meshwork.records_quarantined", tags, quarantined));
    at.ifPresent(now -> newest(tags, new Newest(at, score(tags))));
  }

  /**
   * Records the score that the product has from now on.
   *
   * @param score the quality score; empty if no row was offered
   */
  public void score(ProductName product, int major, OptionalDouble score) {
    Map<String, String> tags = tags(product, major);
    Optional<Instant> at = Optional.ofNullable(newest.get(tags)).flatMap(Newest::at);
    newest(tags, new Newest(at, score.orElse(Double.NaN)));
  }

  /**
   * Records a rollback; the quality of the restored rows is unknown here.
   *
   * @param at when the restored rows first became visible; empty if unknown
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
      LOG.warn("A meter failed: {}", e.getClass().getName());
    }
  }
}
