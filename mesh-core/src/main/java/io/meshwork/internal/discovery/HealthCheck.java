package io.meshwork.internal.discovery;

import io.meshwork.card.Health;
import io.meshwork.card.Health.Freshness;
import io.meshwork.card.Health.Status;
import io.meshwork.card.ProductCard.Suspension;
import io.meshwork.contract.QualityReport.QualityEntry;
import io.meshwork.internal.index.IndexedProduct;
import io.meshwork.internal.index.ProductActivity;
import io.meshwork.internal.index.ProductActivity.ActivityTimes;
import io.meshwork.internal.index.ProductActivity.WaitingRows;
import io.meshwork.internal.session.DataAge;
import io.meshwork.internal.session.PublishQuality;
import io.meshwork.internal.table.LastUpdate;
import io.meshwork.internal.table.NewestEventTime;
import io.meshwork.product.MajorVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Determines the health of a product as a caller sees it. Immutable.
 *
 * @param product the product
 * @param seesRows true if the caller may read all rows and columns now
 * @param suspension the suspension of its reads; empty if they are possible
 * @param now the time of the question
 */
record HealthCheck(
    IndexedProduct product, boolean seesRows, Optional<Suspension> suspension, Instant now) {
  /** Worst first; equals by name. */
  static final Comparator<Health> WORST_FIRST =
      Comparator.comparing(Health::status)
          .thenComparing(health -> health.freshness().lateBy(), Comparator.reverseOrder())
          .thenComparing(health -> health.product().toString());

  Health health() {
    Freshness freshness = freshness();
    Optional<ProductActivity> visible = product.activity().filter(activity -> seesRows);
    Optional<PublishQuality> quality = visible.flatMap(ProductActivity::quality);
    OptionalLong waiting = waiting(visible);
    Optional<Instant> waitingSince =
        visible.flatMap(ProductActivity::waiting).flatMap(WaitingRows::since);
    Status status = status(freshness, quality, waiting);
    return new KnownHealth(
        new MajorVersion(product.name(), product.indexEntry().major()),
        status,
        HealthProblems.of(status, freshness, quality, waiting, waitingSince, now),
        freshness,
        quality.map(QualityEntry.class::cast),
        visible.stream().mapToLong(ProductActivity::rows).findFirst(),
        visible.stream().mapToLong(ProductActivity::bytes).findFirst(),
        waiting,
        waitingSince,
        since(status, freshness, quality, waitingSince),
        suspension,
        product.owner(),
        false,
        KnownHealth.NO_CONTACTS,
        Optional.empty(),
        KnownHealth.NO_PROMISE);
  }

  private static OptionalLong waiting(Optional<ProductActivity> visible) {
    return visible.flatMap(ProductActivity::waiting).stream()
        .mapToLong(WaitingRows::rows)
        .findFirst();
  }

  private Status status(
      Freshness freshness, Optional<PublishQuality> quality, OptionalLong waiting) {
    if (product.activity().isEmpty()) {
      return Status.UNKNOWN;
    }
    if (freshness.updated().isEmpty()) {
      return Status.NEVER_PUBLISHED;
    }
    if (!freshness.lateBy().isZero()) {
      return Status.LATE;
    }
    if (quality.filter(PublishQuality::isViolated).isPresent()) {
      return Status.VIOLATED;
    }
    // A commit that could not read the quarantine does not say how many rows wait.
    if (waiting.orElseGet(() -> quality.map(PublishQuality::rowsQuarantined).orElse(0L)) > 0) {
      return Status.QUARANTINING;
    }
    return freshness.promised().isPresent() ? Status.FRESH : Status.NO_PROMISE;
  }

  private Optional<Instant> since(
      Status status,
      Freshness freshness,
      Optional<PublishQuality> quality,
      Optional<Instant> waitingSince) {
    return switch (status) {
      case LATE -> Optional.of(now.minus(freshness.lateBy()));
      case VIOLATED -> quality.map(publish -> publish.committedAt());
      case QUARANTINING -> waitingSince.or(() -> quality.map(publish -> publish.committedAt()));
      case NEVER_PUBLISHED -> product.indexEntry().activated();
      case UNKNOWN -> Optional.empty();
      case FRESH, NO_PROMISE -> freshness.updated();
    };
  }

  private Freshness freshness() {
    Optional<Duration> promised =
        product.isRetired() ? Optional.empty() : product.indexEntry().terms().freshWithin();
    Optional<ActivityTimes> activity = product.activity().map(ProductActivity::times);
    // A reader of some rows may learn when a publish happened, not whether it added rows.
    Optional<Instant> updated =
        seesRows
            ? activity.flatMap(ActivityTimes::updated)
            : activity
                .flatMap(ActivityTimes::published)
                .or(() -> activity.flatMap(ActivityTimes::updated));
    Optional<Instant> dataTime =
        activity
            .filter(times -> seesRows)
            .flatMap(times -> times.dataTime(product.indexEntry().terms().eventTime()));
    DataAge age =
        new DataAge(
            updated.map(at -> new LastUpdate(at, Optional.empty())),
            updated.isEmpty() ? Optional.empty() : dataTime,
            activity.flatMap(ActivityTimes::completeUpTo),
            promised);
    // A product that was never published is late from its activation.
    DataAge counted =
        updated.isEmpty() && activity.isPresent()
            ? new DataAge(
                product.indexEntry().activated().map(at -> new LastUpdate(at, Optional.empty())),
                Optional.empty(),
                Optional.empty(),
                promised)
            : age;
    List<ActivityTimes> publishes =
        product.activity().map(ProductActivity::updates).orElse(List.of());
    List<Instant> updates = publishes.stream().flatMap(each -> each.published().stream()).toList();
    FreshnessDays days =
        promised
            .map(limit -> FreshnessDays.of(arrivals(publishes), limit, now))
            .orElse(FreshnessDays.NONE);
    return new Freshness(
        promised,
        updated,
        age.dataTime(),
        age.completeUpTo(),
        age.reference()
            .map(at -> Duration.between(at, now))
            .map(since -> since.isNegative() ? Duration.ZERO : since),
        counted.lateBy(now),
        days.kept(),
        days.observed(),
        updates);
  }

  /** A reader of some rows counts from publishes, whatever they brought. */
  private List<FreshnessDays.Arrival> arrivals(List<ActivityTimes> publishes) {
    return publishes.stream()
        .filter(each -> each.published().isPresent())
        .map(
            each -> {
              Instant at = each.published().get();
              return new FreshnessDays.Arrival(
                  at,
                  seesRows
                      ? NewestEventTime.reference(
                              each.updated(),
                              each.dataTime(product.indexEntry().terms().eventTime()),
                              each.completeUpTo())
                          .orElse(at)
                      : at);
            })
        .toList();
  }
}
