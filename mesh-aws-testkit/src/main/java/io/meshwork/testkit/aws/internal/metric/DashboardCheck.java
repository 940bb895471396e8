package io.meshwork.testkit.aws.internal.metric;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.testkit.aws.internal.access.AwsErrorException;
import io.meshwork.testkit.aws.internal.access.AwsReply;
import io.meshwork.testkit.aws.internal.access.NotEmulatedException;
import java.util.Iterator;
import java.util.Set;

/** Rejects dashboards that AWS does not accept, or that we do not print. */
final class DashboardCheck {
  private static final int MAX_WIDGETS = 500;
  private static final int MAX_LINES_OF_WIDGET = 500;
  private static final int MAX_LINES = 2_500;
  private static final int GRID = 24;
  private static final Set<String> WIDGET =
      Set.of("type", "x", "y", "width", "height", "properties");
  private static final Set<String> PROPERTIES =
      Set.of("title", "region", "view", "stat", "period", "metrics");
  private static final Set<String> LOOK = Set.of("label", "accountId");

  private DashboardCheck() {}

  static void check(String body) {
    JsonNode json;
    try {
      json = AwsReply.JSON.readTree(body);
    } catch (JsonProcessingException e) {
      throw invalid("The field DashboardBody must be a valid JSON object");
    }
    requireFields(json, Set.of("widgets"));
    JsonNode widgets = json.path("widgets");
    if (!widgets.isArray() || widgets.size() > MAX_WIDGETS) {
      throw invalid("A dashboard has an array of at most 500 widgets");
    }
    int lines = 0;
    for (JsonNode widget : widgets) {
      requireFields(widget, WIDGET);
      if (!widget.path("type").asText().equals("metric")) {
        throw new NotEmulatedException("Widgets other than of metrics.");
      }
      if (widget.path("x").asInt(-1) < 0
          || widget.path("y").asInt(-1) < 0
          || widget.path("height").asInt() < 1
          || widget.path("width").asInt() < 1
          || widget.path("x").asInt() + widget.path("width").asInt() > GRID) {
        throw invalid("A widget is outside of the grid of 24 columns");
      }
      lines += lines(widget.path("properties"));
    }
    if (lines > MAX_LINES) {
      throw invalid("A dashboard has at most 2500 metrics");
    }
  }

  private static int lines(JsonNode properties) {
    requireFields(properties, PROPERTIES);
    JsonNode metrics = properties.path("metrics");
    if (!properties.hasNonNull("region") || !metrics.isArray()) {
      throw invalid("A widget of metrics has a region and metrics");
    }
    if (metrics.size() > MAX_LINES_OF_WIDGET) {
      throw invalid("A widget has at most 500 metrics");
    }
    for (JsonNode line : metrics) {
      int names = line.get(line.size() - 1).isObject() ? line.size() - 1 : line.size();
      if (names < 2 || names % 2 != 0) {
        throw invalid("A metric is [namespace, name, dimension, value, ...]");
      }
      if (names < line.size()) {
        requireFields(line.get(names), LOOK);
      }
    }
    return metrics.size();
  }

  private static void requireFields(JsonNode object, Set<String> fields) {
    Iterator<String> names = object.fieldNames();
    while (names.hasNext()) {
      String name = names.next();
      if (!fields.contains(name)) {
        throw new NotEmulatedException("The field " + name + " of a dashboard.");
      }
    }
  }

  private static AwsErrorException invalid(String message) {
    return new AwsErrorException("InvalidParameterInput", message);
  }
}
