package io.meshwork.aws.internal.metrics;

import io.meshwork.aws.internal.MetricsProvider.MetricsSettings;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.metrics.MetricPoint;
import io.meshwork.internal.metrics.MetricPoint.Name;
import io.meshwork.internal.metrics.MetricSubject;
import io.meshwork.internal.metrics.MetricsSink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.function.IntConsumer;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.MetricDatum;
import software.amazon.awssdk.services.cloudwatch.model.StandardUnit;

/** Metrics, alarms, and the dashboard of a mesh in CloudWatch. */
final class CloudWatchSink implements MetricsSink {
  /** What a request has at most, as AWS documents it. */
  private static final int MAX_POINTS = 1_000;

  private static final Duration MAX_AGE = Duration.ofDays(14);

  private final MetricsSettings settings;
  private final AccountCalls calls;

  CloudWatchSink(MetricsSettings settings, AccountCalls calls) {
    this.settings = settings;
    this.calls = calls;
  }

  @Override
  public String name() {
    return "CloudWatch";
  }

  @Override
  public boolean hasProducts() {
    return settings.products();
  }

  @Override
  public int maxPoints() {
    return MAX_POINTS;
  }

  @Override
  public Duration maxAge() {
    return MAX_AGE;
  }

  @Override
  public void send(List<MetricPoint> points) {
    List<MetricDatum> data = points.stream().map(CloudWatchSink::datum).toList();
    calls.send(
        MeshAction.of(Verb.WRITE, "metrics to " + settings.namespace()),
        "cloudwatch:PutMetricData",
        "the namespace " + settings.namespace(),
        "The next run sends the counts again, which may then count twice.",
        client ->
            client.putMetricData(put -> put.namespace(settings.namespace()).metricData(data)));
  }

  private static MetricDatum datum(MetricPoint point) {
    MetricDatum.Builder datum =
        MetricDatum.builder()
            .metricName(point.name().toString())
            .dimensions(dimensions(point.subject()))
            .timestamp(point.at())
            .unit(unit(point.name()));
    return point.samples() == 1
        ? datum.value(point.sum()).build()
        : datum
            .statisticValues(
                set ->
                    set.sampleCount((double) point.samples())
                        .sum(point.sum())
                        .minimum(point.least())
                        .maximum(point.greatest()))
            .build();
  }

  private static StandardUnit unit(Name name) {
    return switch (name) {
      case RECORDS_PROCESSED, RECORDS_QUARANTINED, PRODUCTS_LATE, NOTICES_PARKED ->
          StandardUnit.COUNT;
      case QUALITY_SCORE -> StandardUnit.PERCENT;
      case BYTES_SPARED -> StandardUnit.BYTES;
      case FRESHNESS_MINUTES -> StandardUnit.NONE;
    };
  }

  /** Returns the dimensions of a metric, in the order in which CloudWatch shows them. */
  static List<Dimension> dimensions(MetricSubject subject) {
    List<Dimension> dimensions = new ArrayList<>();
    dimensions.add(dimension("Domain", subject.domain()));
    subject
        .product()
        .ifPresent(
            version -> {
              dimensions.add(dimension("Product", version.product().product()));
              dimensions.add(dimension("Major", Integer.toString(version.major())));
            });
    return dimensions;
  }

  private static Dimension dimension(String name, String value) {
    return Dimension.builder().name(name).value(value).build();
  }

  @Override
  public void watch(
      Collection<String> domains, Collection<MetricSubject> subjects, IntConsumer changed) {
    new LateAlarms(settings, calls).keep(domains, subjects, changed);
  }

  @Override
  public int show(SortedMap<String, String> accounts) {
    return new MeshDashboard(settings, calls).keep(accounts);
  }
}
