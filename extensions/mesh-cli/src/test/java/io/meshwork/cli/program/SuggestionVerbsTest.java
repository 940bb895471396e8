package io.meshwork.cli.program;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.meshwork.cli.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Suggestions from a terminal. */
class SuggestionVerbsTest {
  private static final String ORDERS = CommandMesh.ORDERS;
  private static final Path SCHEMA =
      Path.of("..", "..", "docs", "schemas", "cli-suggestions-1.json");

  @TempDir private Path folder;

  @SuppressWarnings("NullAway.Init") // JUnit fills it before each test
  private TestShell shell;

  @BeforeEach
  void makeTheMesh() {
    CommandMesh.in(folder.resolve("mesh"));
    shell = new TestShell(folder);
    shell.variables.put("MESH_URL", "file:" + folder.resolve("mesh"));
    shell.variables.put("MESH_AS", "commerce/etl");
  }

  private String suggest(String... more) {
    String[] all = new String[more.length + 3];
    all[0] = "suggest";
    all[1] = ORDERS;
    System.arraycopy(more, 0, all, 2, more.length);
    all[all.length - 1] = "--as=finance/bot";
    assertThat(shell.run(all)).as(shell.err()).isZero();
    return shell.json().get("suggestion").asText();
  }

  @Test
  void aSuggestionIsListedAnsweredAndDelivered() throws IOException {
    String id = suggest("Add the currency", "--kind", "new-column", "--column", "currency");
    assertThat(shell.run("suggestions")).isZero();
    assertThat(shell.out()).contains(id, "Add the currency", "NEW_COLUMN", "finance/bot");
    assertThat(shell.run("answer", ORDERS, "--accept", "--because", "Soon"))
        .as(shell.err())
        .isZero();
    assertThat(shell.json().get("state").asText()).isEqualTo("ACCEPTED");
    assertThat(shell.run("answer", id, "--accept", "--in-version", "1.0.0"))
        .as(shell.err())
        .isZero();
    assertThat(shell.err()).contains("DELIVERED in 1.0.0");
    assertThat(shell.run("answer", id, "--decline", "--because", "No"))
        .isEqualTo(ExitCode.CONFLICT);
    String[] sent = {"suggestions", ORDERS, "--sent", "--all", "--as", "finance/bot", "--json"};
    assertThat(shell.run(sent)).isZero();
    JsonNode document = shell.json();
    assertThat(document.at("/suggestions/0/deliveredIn").asText()).isEqualTo("1.0.0");
    assertThat(
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(TestShell.JSON.readTree(Files.readString(SCHEMA)))
                .validate(document))
        .as("%s", document)
        .isEmpty();
  }

  @Test
  void aSuggestionIsDeclinedWithAReasonOrWithdrawn() {
    String first = suggest("Deliver at six", "--kind", "freshness");
    String second = suggest("Explain the column", "--column", "amount");
    assertThat(shell.run("answer", ORDERS, "--accept")).isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.err()).contains("2 suggestions");
    assertThat(shell.run("answer", first, "--decline")).isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.run("answer", first)).isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.run("answer", first, "--decline", "--because", "Too early")).isZero();
    assertThat(shell.run("answer", second, "--accept", "--as", "finance/bot"))
        .isEqualTo(ExitCode.DENIED);
    assertThat(shell.run("withdraw", second, "--as", "finance/bot")).as(shell.err()).isZero();
    assertThat(shell.run("suggestions")).isZero();
    assertThat(shell.out()).contains("No suggestions.");
    assertThat(shell.run("suggest", ORDERS, "Text", "--kind", "wish", "--as", "finance/bot"))
        .isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.err()).contains("new-column, freshness, quality");
  }
}
