package io.meshwork.conformance.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The suite {@code odcs}. */
class OdcsSuiteTest {
  private static final String HEAD =
      "apiVersion: v3.1.0\nkind: DataContract\nid: x\nversion: 1.0.0\nstatus: active\n";

  @TempDir private Path folder;

  private static Path documents(String name) throws URISyntaxException {
    return Path.of(Objects.requireNonNull(OdcsSuiteTest.class.getResource("odcs/" + name)).toURI());
  }

  @Test
  void validDocumentsPassAndTheirExportsAreKept() throws IOException, URISyntaxException {
    Run run = Run.of("odcs", documents("good"), "--export", folder);

    assertThat(run.output()).containsExactly("5 passed, 0 failed");
    assertThat(run.exitCode()).isZero();
    assertThat(Files.readString(folder.resolve("readings.odcs.yaml")))
        .contains("team:\n  members: [{username: grid@example.org, role: owner")
        .contains("ratio: 1.50")
        .contains("dateIn: 2024-01-31");
    assertThat(folder.resolve("nested/two-objects.yml.1")).exists();
    assertThat(Files.readString(folder.resolve("nested/two-objects.yml.2")))
        .contains("apiVersion: v3.0.2")
        .contains("name: customers")
        .doesNotContain("invoices");
    assertThat(folder.resolve("nested/two-objects.yml")).doesNotExist();
    assertThat(folder.resolve("no-schema.yaml")).exists();
  }

  @Test
  void exportsPassAgain() throws IOException, URISyntaxException {
    Run.of("odcs", documents("good"), "--export", folder);
    for (String part : List.of("1", "2")) {
      Path file = folder.resolve("nested/two-objects.yml." + part);
      Files.move(file, folder.resolve("nested/" + part + ".yaml"));
    }

    assertThat(Run.of("odcs", folder).output()).containsExactly("5 passed, 0 failed");
  }

  @Test
  void badDocumentsFailWithTheirLineAndPath() throws URISyntaxException {
    Run run = Run.of("odcs", documents("bad"));

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.output()).hasSize(10).last().isEqualTo("0 passed, 9 failed");
    assertThat(String.join("\n", run.output()))
        .contains("FAIL empty.yaml: ")
        .contains("line 1, column 1, at the top: the document is empty")
        .contains("line 6, column 1, at id: the key is repeated")
        .contains("line 6, column 7, at name: it has the tag")
        .contains("line 6, column 1, at colour: it is not valid ODCS")
        .contains("line 6, column 17, at slaProperties[0]: it is not valid ODCS")
        .contains("line 9, column 32, at schema[0].properties[0].logicalType")
        .contains("line 1, column 13, at apiVersion: the version 'v4.0.0' is not known")
        .contains("at name: it is not YAML");
  }

  @Test
  void hostileDocumentsFailWithTheirLine() throws IOException {
    StringBuilder bomb = new StringBuilder(HEAD + "customProperties:\n- property: a\n  value:\n");
    bomb.append("    l0: &l0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n");
    for (int i = 1; i < 10; i++) {
      bomb.append("    l").append(i).append(": &l").append(i).append(" [");
      bomb.append(("*l" + (i - 1) + ", ").repeat(10)).append("1]\n");
    }
    StringBuilder block = new StringBuilder(HEAD + "customProperties:\n- property: a\n  value:\n");
    for (int i = 0; i < 3_000; i++) {
      block.append(" ".repeat(4 + i)).append("a:\n");
    }
    List<String> texts =
        List.of(
            bomb.toString(),
            block.toString(),
            HEAD + "name: " + "[".repeat(10_000) + "]".repeat(10_000),
            "{a: ".repeat(10_000),
            "- ".repeat(10_000) + "x",
            HEAD + "name: '" + "x".repeat(6 << 20) + "'");
    for (int i = 0; i < texts.size(); i++) {
      Files.writeString(folder.resolve(i + ".yaml"), texts.get(i));
    }

    Run run = Run.of("odcs", folder);

    assertThat(run.output()).last().isEqualTo("0 passed, 6 failed");
    assertThat(run.output().subList(0, 6)).allMatch(line -> line.contains(": line "), "a line");
  }

  @Test
  void aFolderWithoutDocumentsEndsTheRun() {
    assertThat(Run.of("odcs", folder).exitCode()).isEqualTo(2);
    assertThat(Run.of("odcs", folder.resolve("none")).errors()).contains("is not a folder");
    assertThat(Run.of("odcs", folder, "--export").errors()).contains("--export takes one folder");
  }
}
