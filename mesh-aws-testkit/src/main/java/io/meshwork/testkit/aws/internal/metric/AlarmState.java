package io.meshwork.testkit.aws.internal.metric;

import io.meshwork.testkit.aws.internal.metric.MetricState.MetricName;
import io.meshwork.testkit.aws.internal.metric.MetricState.MetricValue;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Evaluates an alarm as AWS documents it: of a range that is longer than the periods that count,
 * the newest existing data points decide; only if they are too few, missing ones are added.
 */
final class AlarmState {
  /** How many periods more than those that count are read. */
  private static final int MORE = 2;

  private AlarmState() {}

  /**
   * Returns {@code OK} or {@code ALARM}.
   *
   * @param alarm the parameters of the alarm, which were checked
   */
  static String of(
      Map<String, String> alarm, Map<MetricName, List<MetricValue>> metrics, Instant now) {
    int periods = Integer.parseInt(alarm.get("EvaluationPeriods"));
    List<Double> existing = existing(alarm, metrics, now, periods);
    double threshold = Double.parseDouble(alarm.get("Threshold"));
    long breaching =
        existing.stream().limit(periods).filter(value -> value > threshold).count()
            + Math.max(0, periods - existing.size());
    return breaching >= Integer.parseInt(alarm.get("DatapointsToAlarm")) ? "ALARM" : "OK";
  }

  /** Returns the maxima of the periods of the range that have data, newest first. */
  private static List<Double> existing(
      Map<String, String> alarm,
      Map<MetricName, List<MetricValue>> metrics,
      Instant now,
      int periods) {
    List<MetricValue> values = metrics.getOrDefault(MetricForm.metric(alarm, ""), List.of());
    Duration period = Duration.ofSeconds(Long.parseLong(alarm.get("Period")));
    // Evaluated each minute.
    Instant end = now.truncatedTo(ChronoUnit.MINUTES).plus(Duration.ofMinutes(1));
    List<Double> existing = new ArrayList<>();
    for (int i = 0; i < periods + MORE; i++) {
      Instant until = end.minus(period.multipliedBy(i));
      Instant from = until.minus(period);
      OptionalDouble greatest =
          values.stream()
              .filter(value -> !value.at().isBefore(from) && value.at().isBefore(until))
              .mapToDouble(MetricValue::greatest)
              .max();
      greatest.ifPresent(existing::add);
    }
    return existing;
  }
}
