package io.meshwork.cli.program;

import static io.meshwork.contract.Rule.between;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.cli.ExitCode;
import io.meshwork.contract.Contract;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with a product, in each verb that shows its state. */
class ProblemsInVerbsTest {
  private static final String FEES = "commerce/fees";

  @TempDir private Path folder;

  @SuppressWarnings("NullAway.Init") // JUnit fills it before each test
  private TestShell shell;

  record Fee(long id, long amount) {}

  @BeforeEach
  void makeTheMesh() {
    try (Mesh mesh = LocalMesh.builder(folder.resolve("mesh")).open()) {
      MeshClient commerce = mesh.clientAs(Principal.of("commerce", "etl"));
      commerce.registerDomain("commerce").owner("fees@example.org").commit();
      commerce
          .defineProduct(FEES)
          .contract(
              Contract.of(Fee.class)
                  .require(between("amount", 0, 10).warn().id("usual"), between("id", 0, 99)))
          .commit();
      commerce.publish(FEES).records(List.of(new Fee(1, 5), new Fee(2, 50))).commit();
    }
    shell = new TestShell(folder);
    shell.variables.put("MESH_URL", "file:" + folder.resolve("mesh"));
    shell.variables.put("MESH_AS", "commerce/etl");
  }

  private String ask(String... command) {
    assertThat(shell.run(command)).as(shell.err()).isZero();
    return shell.out();
  }

  private JsonNode json(String schema, String... command) throws IOException {
    String[] all = Arrays.copyOf(command, command.length + 1);
    all[command.length] = "--json";
    ask(all);
    QuestionSchemas.check(schema, shell.json());
    return shell.json();
  }

  @Test
  void aViolatedProductNamesTheRuleInEveryVerb() throws IOException {
    String problem = json("health", "health", FEES).at("/products/0/problems/0").asText();
    assertThat(problem)
        .startsWith("Rule usual, between(amount, 0, 10), is broken since the publish of ")
        .endsWith(": 1 of 2 rows (50.0 %) of the newest publish, which consumers read.");
    for (List<String> verb :
        List.of(
            List.of("health"),
            List.of("health", FEES),
            List.of("describe", FEES),
            List.of("fault", FEES),
            List.of("history", FEES))) {
      assertThat(ask(verb.toArray(String[]::new))).as(verb.toString()).contains(problem);
    }
    assertThat(ask("fault", FEES)).contains("Nothing upstream is late or violated.");
    assertThat(ask("quality", FEES)).contains("1 of 2", "usual in 1 row");
    assertThat(json("describe", "describe", FEES).at("/now/problems/0").asText())
        .isEqualTo(problem);
    assertThat(json("fault", "fault", FEES).at("/origins/0/problems/0").asText())
        .isEqualTo(problem);
    assertThat(json("history", "history", FEES).at("/problems/0").asText()).isEqualTo(problem);
    assertThat(json("domain-show", "domain", "show", "commerce").at("/products/0/problems/0"))
        .hasToString('"' + problem + '"');
    JsonNode broken = json("quality", "quality", FEES).at("/quality/0/brokenRules/0");
    assertThat(broken.get("rule").asText()).isEqualTo("usual");
    assertThat(broken.get("failingRows").asInt()).isEqualTo(1);
  }

  @Test
  void aRejectedPublishIsShownWithItsReasonInEveryVerb() throws IOException {
    Path csv = folder.resolve("bad.csv");
    Files.writeString(csv, "id,amount\n100,1\n3,1\n");
    assertThat(shell.run("publish", FEES, csv.toString(), "--key", "day-2"))
        .isEqualTo(ExitCode.CONTRACT_VIOLATED);

    JsonNode health = json("health", "health", FEES).at("/products/0");
    String reason = health.at("/forOwner/lastRefused/reason").asText();
    assertThat(reason).contains("Rule between.id, between(id, 0, 99), failed in 1 of 2 rows");
    String problem = health.at("/problems/1").asText();
    assertThat(problem)
        .startsWith("The last publish, by commerce/etl at ")
        .contains(", with the key day-2, was rejected. ")
        .endsWith(reason);
    for (String verb : List.of("health", "describe", "history")) {
      assertThat(ask(verb, FEES)).as(verb).containsOnlyOnce(problem).containsOnlyOnce(reason);
    }
    assertThat(ask("health", FEES, "--as", "visitor/reader")).doesNotContain("day-2");
  }
}
