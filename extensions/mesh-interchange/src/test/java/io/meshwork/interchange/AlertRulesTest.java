package io.meshwork.interchange;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.discovery.MeshHealth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The alert rules of the documentation. */
class AlertRulesTest {
  private static final Pattern METRIC = Pattern.compile("meshwork_[a-z_]+");
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([^}]*)}}");
  private static final Set<String> LABELS =
      Set.of(
          "$labels.product",
          "$labels.domain",
          "$labels.major",
          "$labels.catalog",
          "$labels.file",
          "$value");

  @Test
  void eachRuleIsCompleteAndNamesMetricsThatExist() throws IOException {
    Set<String> metrics = new TreeSet<>();
    HealthMetrics.of(new MeshHealth(Instant.EPOCH, List.of(), List.of(), List.of()))
        .forEach(metric -> metrics.add(metric.getMetadata().getPrometheusName()));
    Set<String> used = new TreeSet<>();

    for (JsonNode rule : rules()) {
      String expression = rule.path("expr").asText();
      assertThat(rule.path("alert").asText()).matches("Meshwork[A-Za-z0-9]+");
      assertThat(rule.at("/labels/severity").asText()).isIn("info", "warning", "critical");
      assertThat(rule.path("for").asText("1m")).matches("[0-9]+[mhd]");
      assertThat(expression.chars().filter(c -> c == '(').count())
          .isEqualTo(expression.chars().filter(c -> c == ')').count());
      for (Matcher metric = METRIC.matcher(expression); metric.find(); ) {
        used.add(metric.group());
      }
      for (JsonNode text : rule.path("annotations")) {
        for (Matcher value = PLACEHOLDER.matcher(text.asText()); value.find(); ) {
          assertThat(LABELS).contains(value.group(1).strip());
        }
      }
    }

    assertThat(metrics).hasSize(7);
    assertThat(used).as("metrics of the rules").isEqualTo(metrics);
  }

  private static JsonNode rules() throws IOException {
    Path module = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
    String text = Files.readString(module.resolve("../../docs/prometheus-alerts.yaml"));
    JsonNode root =
        OfficialSchemas.JSON.valueToTree(
            new Load(LoadSettings.builder().build()).loadFromString(text));
    JsonNode rules = root.at("/groups/0/rules");
    assertThat(rules).isNotEmpty();
    return rules;
  }
}
