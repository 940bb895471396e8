package io.meshwork.spark;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.examples.sparkpublish.SparkPublishStory;
import io.meshwork.examples.story.StoryReport;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledForJreRange;
import org.junit.jupiter.api.io.TempDir;

/** The story of {@code scripts/example spark-publish}, with executors in processes. */
@DisabledForJreRange(
    minVersion = 23,
    disabledReason = "Spark's Hadoop calls Subject.getSubject, which JDK 23 and later reject")
class SparkPublishStoryTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  @Test
  void anyNumberOfTasksPublishesWhatTheSdkPublishesAlsoIfAnExecutorIsKilled() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SparkPublishStory.run(
        folder, new StoryReport(new PrintStream(out, true, StandardCharsets.UTF_8)));

    assertThat(out.toString(StandardCharsets.UTF_8).lines())
        .extracting(line -> line.replaceFirst(":.*", ""))
        .containsExactly(
            "STEP published",
            "STEP quarantined",
            "STEP refused",
            "STEP replaced",
            "STEP two-versions",
            "STEP replayed",
            "STEP killed-executor",
            "STEP doctor",
            "RESULT {\"rows\"");
    assertThat(out.toString(StandardCharsets.UTF_8).lines().toList().get(8))
        .isEqualTo(
            "RESULT {\"rows\":20000,\"rulesEqual\":true,\"measuresEqual\":true,"
                + "\"scoresEqual\":true,\"quarantineEqual\":true,\"filesLeft\":0}");
    for (List<String> question :
        List.of(
            List.of("quality", "%s", "--json"),
            List.of("quarantine", "%s", "--limit", "100000", "--json"),
            List.of("export", "%s", "rows.jsonl", "--json"))) {
      assertThat(answer(question, "commerce/orders-3"))
          .as(String.join(" ", question))
          .isEqualTo(answer(question, "commerce/orders"))
          .isNotEmpty();
    }
    assertThat(Files.readAllLines(exported("commerce/orders-3")))
        .containsExactlyInAnyOrderElementsOf(Files.readAllLines(exported("commerce/orders")))
        .hasSizeGreaterThan(1_000);
  }

  private Path exported(String product) {
    return folder.resolve(product.replace('/', '-') + ".jsonl");
  }

  /**
   * What a command prints of a product, as lines of which each has a field of the document, or an
   * object of a list in it.
   */
  private List<String> answer(List<String> question, String product) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "io.meshwork.cli.program.MeshProgram"));
    question.forEach(
        word ->
            command.add(
                word.equals("rows.jsonl")
                    ? exported(product).toString()
                    : word.replace("%s", product)));
    command.addAll(List.of("--as", "commerce/etl"));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(folder.resolve("err.txt").toFile());
    builder.environment().put("MESH_URL", "file:" + folder.resolve("mesh").toAbsolutePath());
    builder.environment().put("XDG_CONFIG_HOME", folder.resolve("settings").toString());
    Process process = builder.start();
    JsonNode document = JSON.readTree(process.getInputStream());
    assertThat(process.waitFor()).as(Files.readString(folder.resolve("err.txt"))).isZero();
    List<String> lines = new ArrayList<>();
    for (Map.Entry<String, JsonNode> field : document.properties()) {
      if (field.getValue().isArray()) {
        field.getValue().forEach(each -> lines.add(field.getKey() + " " + comparable(each)));
      } else if (!Set.of("product", "file", "snapshotId").contains(field.getKey())) {
        lines.add(field.toString());
      }
    }
    return lines.stream().sorted().toList();
  }

  /** Leaves out what two publishes of the same rows do not have in common. */
  private static JsonNode comparable(JsonNode value) {
    if (value instanceof ObjectNode object) {
      object.remove(List.of("committedAt", "publishId", "publish", "row_number", "quarantined_at"));
      object.findParents("since").forEach(broken -> ((ObjectNode) broken).remove("since"));
      if (object.has("reason")) { // without the place, at its end
        object.put("reason", object.get("reason").asText().replaceFirst(" \\([^()]*\\)$", ""));
      }
    }
    return value;
  }
}
