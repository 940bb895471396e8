package io.meshwork.interchange;

import io.meshwork.card.Health;
import io.meshwork.card.Health.Freshness;
import io.meshwork.discovery.MeshHealth;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Function;

/** The health of a mesh as gauges. */
final class HealthMetrics {
  private static final double MILLIS_A_MINUTE = 60_000;

  private HealthMetrics() {}

  static MetricSnapshots of(MeshHealth mesh) {
    List<Health> products =
        mesh.products().stream()
            .sorted(Comparator.comparing(health -> health.product().toString()))
            .toList();
    return MetricSnapshots.of(
        gauge(
            "meshwork_product_freshness_minutes",
            "Age of the rows in minutes",
            products,
            health -> minutes(health.freshness())),
        gauge(
            "meshwork_product_fresh",
            "1 if the freshness promise is met, 0 if it is broken",
            products,
            HealthMetrics::fresh),
        gauge(
            "meshwork_product_quality_score",
            "Accepted rows of the newest publish in percent of the offered rows",
            products,
            health ->
                health
                    .quality()
                    .map(quality -> quality.qualityScore())
                    .orElse(OptionalDouble.empty())),
        gauge(
            "meshwork_product_rows_waiting",
            "Rows that wait in the quarantine",
            products,
            health -> number(health.rowsWaiting())),
        gauge(
            "meshwork_product_rows",
            "Rows of the newest snapshot",
            products,
            health -> number(health.rows())),
        gauge(
            "meshwork_product_bytes",
            "Size of the data files of the newest snapshot in bytes",
            products,
            health -> number(health.bytes())),
        unreachable(mesh.unreachable()));
  }

  private static GaugeSnapshot gauge(
      String name, String help, List<Health> products, Function<Health, OptionalDouble> value) {
    GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
    for (Health health : products) {
      value.apply(health).ifPresent(number -> gauge.dataPoint(point(labels(health), number)));
    }
    return gauge.build();
  }

  private static GaugeSnapshot unreachable(List<String> catalogs) {
    GaugeSnapshot.Builder gauge =
        GaugeSnapshot.builder()
            .name("meshwork_catalog_unreachable")
            .help("1 for a catalog that could not be read, so that its products are missing");
    catalogs.forEach(catalog -> gauge.dataPoint(point(Labels.of("catalog", catalog), 1)));
    return gauge.build();
  }

  private static GaugeDataPointSnapshot point(Labels labels, double value) {
    return GaugeDataPointSnapshot.builder().labels(labels).value(value).build();
  }

  private static Labels labels(Health health) {
    return Labels.of(
        "product",
        health.product().toString(),
        "domain",
        health.product().domain(),
        "major",
        Integer.toString(health.major()));
  }

  private static OptionalDouble minutes(Freshness freshness) {
    return freshness
        .age()
        .map(age -> OptionalDouble.of(age.toMillis() / MILLIS_A_MINUTE))
        .orElse(OptionalDouble.empty());
  }

  private static OptionalDouble fresh(Health health) {
    return health.freshness().promised().isEmpty() || health.status() == Health.Status.UNKNOWN
        ? OptionalDouble.empty()
        : OptionalDouble.of(health.isLate() ? 0 : 1);
  }

  private static OptionalDouble number(OptionalLong number) {
    return number.isPresent() ? OptionalDouble.of(number.getAsLong()) : OptionalDouble.empty();
  }
}
