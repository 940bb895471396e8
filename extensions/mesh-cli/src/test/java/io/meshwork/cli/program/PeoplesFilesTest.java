package io.meshwork.cli.program;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.cli.program.PeoplesFile.PublishedFile;
import io.meshwork.product.Classification;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files as people have them are proposed, defined, and published without an option. */
class PeoplesFilesTest {
  private static final Path FILES = Path.of("src", "test", "resources", "messy");

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bestellungen.csv",
        "orders_us.csv",
        "sensors.tsv",
        "kunden.csv",
        "events.jsonl.gz"
      })
  void aFileGivesWhatIsExpectedOfIt(String name) throws IOException {
    JsonNode expected = TestShell.JSON.readTree(FILES.resolve("expected.json").toFile()).get(name);
    PublishedFile published = PeoplesFile.in(folder).publish(FILES.resolve(name));

    published.hasCounts(
        expected.get("offered").asLong(),
        expected.get("accepted").asLong(),
        expected.get("quarantined").asLong());
    for (Map.Entry<String, JsonNode> kind : expected.get("kinds").properties()) {
      assertThat(published.kind(kind.getKey()))
          .as(kind.getKey())
          .isEqualTo(kind.getValue().asText());
    }
    for (Map.Entry<String, JsonNode> sum : expected.get("sums").properties()) {
      assertThat(published.sum(sum.getKey()))
          .as(sum.getKey())
          .isEqualByComparingTo(new BigDecimal(sum.getValue().asText()));
    }
    for (JsonNode column : expected.path("confidential")) {
      assertThat(published.contract().classificationOf(published.column(column.asText()).name()))
          .as(column.asText())
          .isEqualTo(Classification.CONFIDENTIAL);
      assertThat(published.complaints()).contains("Column " + column.asText() + " is CONFIDENTIAL");
    }
    for (Map.Entry<String, JsonNode> nulls : expected.path("nulls").properties()) {
      assertThat(Collections.frequency(published.values(nulls.getKey()), null))
          .as(nulls.getKey())
          .isEqualTo(nulls.getValue().asInt());
    }
  }

  @Test
  void theOutputSaysHowAFileIsReadAndWhatWasSkipped() throws IOException {
    PeoplesFile files = PeoplesFile.in(folder);
    PublishedFile german = files.publish(FILES.resolve("bestellungen.csv"));
    assertThat(german.receipt().at("/readAs/bestellungen.csv").asText())
        .isEqualTo("';', dd.MM.yyyy, decimal comma");
    assertThat(german.complaints())
        .contains(
            "Read as ';', dd.MM.yyyy, decimal comma.",
            "Skipped 3 lines of 400",
            "has a value in 'Datum' that is not in the form dd.MM.yyyy",
            "bestellungen.csv is read as ';', dd.MM.yyyy, decimal comma.");
    PublishedFile customers = files.publish(FILES.resolve("kunden.csv"));
    assertThat(customers.receipt().at("/readAs/kunden.csv").asText())
        .isEqualTo("windows-1252, 'NULL' is null");
    assertThat(Set.copyOf(customers.values("kunde"))).contains("Zoë Müller", "Jürgen Groß");
    files.run("product", "propose", FILES.resolve("kunden.csv").toString(), "--json");
    QuestionSchemas.check("propose", files.shell().json());
    assertThat(files.shell().json().get("contract").asText()).doesNotContain("Müller");
  }

  @Test
  void aBadRowKeepsItsFileAndLine() throws IOException {
    PeoplesFile files = PeoplesFile.in(folder);
    files.publish(FILES.resolve("orders_us.csv"));
    files.run("quarantine", "sales/p1", "--json");
    List<String> reasons = files.shell().json().findValuesAsText("reason");
    assertThat(reasons).hasSize(2).allMatch(reason -> reason.contains("(orders_us.csv, line "));
  }
}
