package io.meshwork.aws.internal.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.aws.internal.MetricsProvider.MetricsSettings;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.metrics.MetricPoint.Name;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import software.amazon.awssdk.services.cloudwatch.model.DashboardNotFoundErrorException;

/**
 * The dashboard of all domains in the account of the mesh: a graph for each metric, with a line for
 * each domain. What people change in it, the next run changes back; they make their own from it.
 */
final class MeshDashboard {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CHANGED = "The dashboard may be changed.";
  private static final int WIDTH = 12;
  private static final int HEIGHT = 6;

  /** A dashboard has at most 2,500 lines, as AWS documents it. */
  private static final int MAX_DOMAINS = 2_500 / Name.values().length;

  private final MetricsSettings settings;
  private final AccountCalls calls;

  MeshDashboard(MetricsSettings settings, AccountCalls calls) {
    this.settings = settings;
    this.calls = calls;
  }

  int keep(SortedMap<String, String> accounts) {
    if (accounts.isEmpty()) {
      return 0; // CloudWatch accepts no graph without a line
    }
    ObjectNode wanted = body(accounts);
    if (present().filter(wanted::equals).isPresent()) {
      return 0;
    }
    calls.send(
        MeshAction.of(Verb.UPDATE, "the dashboard " + name()),
        "cloudwatch:PutDashboard",
        arn(),
        CHANGED,
        client ->
            client.putDashboard(put -> put.dashboardName(name()).dashboardBody(wanted.toString())));
    return 1;
  }

  private String name() {
    return "mesh-" + settings.mesh();
  }

  private String arn() {
    return settings.names().dashboard(settings.account(), name());
  }

  private Optional<JsonNode> present() {
    return calls
        .send(
            MeshAction.of(Verb.READ, "the dashboard " + name()),
            "cloudwatch:GetDashboard",
            arn(),
            AccountCalls.UNCHANGED,
            client -> {
              try {
                return Optional.of(
                    client.getDashboard(get -> get.dashboardName(name())).dashboardBody());
              } catch (DashboardNotFoundErrorException e) {
                return Optional.<String>empty();
              }
            })
        .flatMap(MeshDashboard::parsed);
  }

  private static Optional<JsonNode> parsed(String body) {
    try {
      return Optional.of(JSON.readTree(body));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private ObjectNode body(SortedMap<String, String> accounts) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ArrayNode widgets = body.putArray("widgets");
    int place = 0;
    for (Name metric : Name.values()) {
      ObjectNode widget =
          widgets
              .addObject()
              .put("type", "metric")
              .put("x", place % 2 * WIDTH)
              .put("y", place / 2 * HEIGHT)
              .put("width", WIDTH)
              .put("height", HEIGHT);
      ObjectNode properties =
          widget
              .putObject("properties")
              .put("title", metric.toString())
              .put("region", settings.names().region())
              .put("view", "timeSeries")
              .put("stat", statistic(metric))
              .put("period", period(metric));
      ArrayNode lines = properties.putArray("metrics");
      accounts.entrySet().stream()
          .limit(MAX_DOMAINS)
          .forEach(domain -> lines.add(line(metric, domain)));
      place++;
    }
    return body;
  }

  private ArrayNode line(Name metric, Map.Entry<String, String> domain) {
    ArrayNode line =
        JsonNodeFactory.instance
            .arrayNode()
            .add(settings.namespace())
            .add(metric.toString())
            .add("Domain")
            .add(domain.getKey());
    ObjectNode look = line.addObject().put("label", domain.getKey());
    if (!domain.getValue().equals(settings.account())) {
      look.put("accountId", domain.getValue());
    }
    return line;
  }

  /** The worst of a domain counts. */
  private static String statistic(Name metric) {
    return switch (metric) {
      case RECORDS_PROCESSED, RECORDS_QUARANTINED -> "Sum";
      case QUALITY_SCORE -> "Minimum";
      case FRESHNESS_MINUTES, PRODUCTS_LATE, NOTICES_PARKED, BYTES_SPARED -> "Maximum";
    };
  }

  private static int period(Name metric) {
    return metric == Name.BYTES_SPARED ? 86_400 : 900;
  }
}
