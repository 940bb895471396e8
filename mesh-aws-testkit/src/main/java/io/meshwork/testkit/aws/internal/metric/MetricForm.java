package io.meshwork.testkit.aws.internal.metric;

import io.meshwork.testkit.aws.internal.access.AwsErrorException;
import io.meshwork.testkit.aws.internal.access.NotEmulatedException;
import io.meshwork.testkit.aws.internal.metric.MetricState.MetricName;
import io.meshwork.testkit.aws.internal.metric.MetricState.MetricValue;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Reads metrics from the form of a request, and rejects what AWS does. */
final class MetricForm {
  private static final int MAX_DIMENSIONS = 30;
  private static final double LARGEST = Math.pow(2, 360);
  private static final Duration OLDEST = Duration.ofDays(14);
  private static final Duration NEWEST = Duration.ofHours(2);
  private static final Pattern NAMESPACE = Pattern.compile("[A-Za-z0-9._/#:-]{1,255}");
  private static final Pattern TEXT = Pattern.compile("[ -~]{1,255}");
  private static final Set<String> UNITS = Set.of("Count", "None", "Percent", "Bytes");

  private MetricForm() {}

  /** Returns the strings of a list, such as of {@code AlarmNames}. */
  static List<String> list(Map<String, String> form, String name) {
    List<String> all = new ArrayList<>();
    for (int i = 1; form.containsKey(name + ".member." + i); i++) {
      all.add(form.getOrDefault(name + ".member." + i, ""));
    }
    return all;
  }

  /** Returns the metric of an alarm, or of a datum after a prefix. */
  static MetricName metric(Map<String, String> form, String prefix) {
    Map<String, String> dimensions = new TreeMap<>();
    int i = 1;
    for (; form.containsKey(prefix + "Dimensions.member." + i + ".Name"); i++) {
      String member = prefix + "Dimensions.member." + i;
      String name = text(form, member + ".Name");
      if (name.startsWith(":") || dimensions.put(name, text(form, member + ".Value")) != null) {
        throw invalid("The dimension " + name + " is not valid.");
      }
    }
    if (i > MAX_DIMENSIONS + 1) {
      throw invalid("A metric has at most 30 dimensions.");
    }
    String namespace = form.getOrDefault("Namespace", "");
    if (!NAMESPACE.matcher(namespace).matches() || namespace.startsWith("AWS/")) {
      throw invalid("The value for parameter Namespace is not valid.");
    }
    return new MetricName(namespace, text(form, prefix + "MetricName"), dimensions);
  }

  private static String text(Map<String, String> form, String name) {
    String text = form.getOrDefault(name, "");
    if (!TEXT.matcher(text).matches() || text.isBlank()) {
      throw invalid("The parameter " + name + " is required, and has printable ASCII.");
    }
    return text;
  }

  /** Returns the values of a datum after a prefix. */
  static MetricValue value(Map<String, String> form, String prefix, Instant now) {
    if (!UNITS.contains(form.getOrDefault(prefix + "Unit", ""))) {
      throw new NotEmulatedException("The unit " + form.get(prefix + "Unit"));
    }
    Instant at;
    try {
      at = Instant.parse(form.getOrDefault(prefix + "Timestamp", ""));
    } catch (DateTimeException e) {
      throw new NotEmulatedException("A datum without a time");
    }
    if (at.isBefore(now.minus(OLDEST)) || at.isAfter(now.plus(NEWEST))) {
      throw invalid(
          "The parameter " + prefix + "Timestamp must be within two weeks and two hours from now.");
    }
    String set = prefix + "StatisticValues.";
    boolean hasValue = form.containsKey(prefix + "Value");
    if (hasValue == form.containsKey(set + "SampleCount")) {
      throw new AwsErrorException(
          "InvalidParameterCombination", "Exactly one of Value and StatisticValues is required.");
    }
    if (hasValue) {
      double value = number(form, prefix + "Value");
      return new MetricValue(at, 1, value, value, value);
    }
    double samples = number(form, set + "SampleCount");
    double least = number(form, set + "Minimum");
    double greatest = number(form, set + "Maximum");
    if (samples <= 0 || least > greatest) {
      throw invalid("The statistic set is not valid.");
    }
    return new MetricValue(at, samples, number(form, set + "Sum"), least, greatest);
  }

  private static double number(Map<String, String> form, String name) {
    double number;
    try {
      number = Double.parseDouble(form.getOrDefault(name, ""));
    } catch (NumberFormatException e) {
      throw new AwsErrorException("MalformedInput", name + " is not a number.");
    }
    if (Double.isNaN(number) || Math.abs(number) > LARGEST) {
      throw invalid("The value of " + name + " is not accepted.");
    }
    return number;
  }

  static AwsErrorException invalid(String message) {
    return new AwsErrorException("InvalidParameterValue", message);
  }
}
