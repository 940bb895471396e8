package io.meshwork.cli.program;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The schemas in docs/schemas of what the command prints. */
final class QuestionSchemas {
  private static final Path FOLDER = Path.of("..", "..", "docs", "schemas");

  private QuestionSchemas() {}

  /** Returns the names of all. */
  static List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith("cli-"))
          .map(name -> name.replaceFirst("^cli-(.*)-1[.]json$", "$1"))
          .sorted()
          .toList();
    }
  }

  static void check(String name, JsonNode document) throws IOException {
    assertThat(errors(name, document)).as("%s: %s", name, document).isEmpty();
  }

  static List<?> errors(String name, JsonNode document) throws IOException {
    String text = Files.readString(FOLDER.resolve("cli-" + name + "-1.json"));
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
        .getSchema(TestShell.JSON.readTree(text))
        .validate(document);
  }
}
