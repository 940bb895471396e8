package io.meshwork.cli.program;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.cli.ExitCode;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What questions print as JSON has the form that docs/schemas states. */
class DocumentSchemaTest {
  @TempDir private static Path folder;

  private final TestShell shell = new TestShell(folder);

  @BeforeAll
  static void makeTheMesh() {
    CommandMesh.in(folder.resolve("mesh"));
  }

  @Test
  void healthListsProductsWorstFirst() throws IOException {
    JsonNode health = ask("health", "health");
    assertThat(health.findValuesAsText("status"))
        .containsExactly("LATE", "NEVER_PUBLISHED", "NO_PROMISE");
    assertThat(health.get("late").asInt()).isEqualTo(1);
    JsonNode asOwner = ask("health", "health", CommandMesh.ORDERS, "--as", "commerce/etl");
    assertThat(asOwner.at("/products/0/quality/score").asDouble()).isEqualTo(100);
    assertThat(asOwner.at("/products/0/forOwner").isObject()).isTrue();
  }

  @Test
  void searchFindsByWordsAndListsAllWithoutThem() throws IOException {
    assertThat(ask("search", "search", "").findValuesAsText("product"))
        .containsExactly("commerce/cards", CommandMesh.ORDERS, CommandMesh.REVENUE);
    JsonNode found = ask("search", "search", "orders", "shop");
    assertThat(found.get("total").asInt()).isEqualTo(1);
    assertThat(found.at("/products/0/status").asText()).isEqualTo("LATE");
    assertThat(ask("search", "search", "", "--domain", "finance").get("total").asInt())
        .isEqualTo(1);
  }

  @Test
  void describeAnswersFiveQuestionsForEachCaller() throws IOException {
    JsonNode anyone = ask("describe", "describe", CommandMesh.ORDERS);
    assertThat(anyone.at("/who/readableColumns").asInt()).isZero();
    assertThat(anyone.at("/who/ask").asText()).startsWith("mesh request commerce/orders");
    assertThat(anyone.at("/now/rows").isMissingNode()).isTrue();
    assertThat(run("describe", "commerce/cards", "--as", "commerce/etl")).isZero();
    assertThat(shell.out()).containsPattern("(?m)^now      no rows$");
    JsonNode owner = ask("describe", "describe", CommandMesh.ORDERS, "--as", "commerce/etl");
    assertThat(owner.at("/who/readableColumns").asInt()).isEqualTo(3);
    assertThat(owner.at("/now/rows").asInt()).isEqualTo(2);
  }

  @Test
  void healthAndDescribeSayThatReadsAreSuspended() throws IOException {
    asOwner(
        owner ->
            owner.governance().suspendReads(CommandMesh.ORDERS).because("Wrong prices").commit());

    JsonNode health = ask("health", "health", CommandMesh.ORDERS, "--as", "commerce/etl");
    assertThat(health.at("/products/0/suspension/because").asText()).isEqualTo("Wrong prices");
    JsonNode described = ask("describe", "describe", CommandMesh.ORDERS, "--as", "finance/analyst");
    assertThat(described.at("/what/suspensions/0/major").asInt()).isEqualTo(1);
    assertThat(run("health", CommandMesh.ORDERS)).isZero();
    assertThat(shell.out()).contains("suspended since").doesNotContain("Wrong prices");

    asOwner(owner -> owner.governance().resumeReads(CommandMesh.ORDERS).commit());
  }

  private static void asOwner(Consumer<MeshClient> change) {
    try (Mesh mesh = LocalMesh.builder(folder.resolve("mesh")).open()) {
      change.accept(mesh.clientAs(Principal.of("commerce", "etl")));
    }
  }

  @Test
  void lineageHasNodesAndEdges() throws IOException {
    JsonNode lineage = ask("lineage", "lineage", CommandMesh.REVENUE);
    assertThat(lineage.get("nodes")).hasSize(2);
    assertThat(lineage.at("/edges/0/from").asText()).isEqualTo(CommandMesh.ORDERS);
  }

  @Test
  void impactNamesWhatIsDerived() throws IOException {
    JsonNode impact = ask("impact", "impact", CommandMesh.ORDERS, "amount");
    assertThat(impact.findValuesAsText("name")).contains(CommandMesh.REVENUE);
  }

  @Test
  void changesAndFailuresHaveOneForm() throws IOException {
    String[] grant = {
      "grant",
      CommandMesh.ORDERS,
      "--to",
      "finance/bot",
      "--because",
      "Test",
      "--as",
      "commerce/etl"
    };
    assertThat(run(grant)).as(shell.err()).isZero();
    QuestionSchemas.check("change", shell.json());
    grant[7] = "finance/analyst";
    assertThat(run(grant)).isEqualTo(ExitCode.DENIED);
    QuestionSchemas.check("change", shell.json());
    assertThat(run("grant", CommandMesh.ORDERS)).isEqualTo(ExitCode.WRONG_REQUEST);
    QuestionSchemas.check("change", shell.json());
  }

  @Test
  void aSchemaRejectsWhatItDoesNotState() throws IOException {
    ObjectNode health = (ObjectNode) ask("health", "health");
    health.put("more", 1);
    assertThat(QuestionSchemas.errors("health", health)).isNotEmpty();
  }

  private JsonNode ask(String schema, String... arguments) throws IOException {
    String[] all = Arrays.copyOf(arguments, arguments.length + 1);
    all[arguments.length] = "--json";
    assertThat(run(all)).as(shell.err()).isZero();
    QuestionSchemas.check(schema, shell.json());
    return shell.json();
  }

  private int run(String... arguments) {
    shell.variables.put("MESH_URL", "file:" + folder.resolve("mesh"));
    return shell.run(arguments);
  }
}
