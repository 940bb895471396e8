package io.meshwork.conformance.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The paths of the files that {@code --keep} stores, for any case IDs. */
class KeptNamesTest {
  @TempDir private Path folder;

  private void cases(String file, String... ids) throws IOException {
    StringBuilder cases = new StringBuilder();
    for (String id : ids) {
      cases
          .append(cases.isEmpty() ? "" : ",")
          .append(
              """
              {"id": "%s",
               "avro": {"type":"record","name":"R","fields":[{"name":"v","type":"int"}]},
               "rows": [{"v": 1}]}
              """
                  .formatted(id));
    }
    Files.writeString(
        Files.createDirectories(folder.resolve("cases")).resolve(file),
        "{\"schema\":\"contract-types/1\",\"cases\":[" + cases + "]}");
  }

  private List<String> kept() throws IOException {
    Run run =
        Run.of(
            "contract-types",
            folder.resolve("cases"),
            "--keep",
            folder.resolve("out").resolve("kept"));
    assertThat(run.errors()).isEmpty();
    assertThat(run.output()).last().asString().endsWith(" passed, 0 failed");
    Path out = folder.resolve("out");
    try (var files = Files.walk(out)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> out.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  @Test
  void aSlashInAnIdCreatesASubfolderAndAllFilesStayInTheFolder() throws IOException {
    cases("a.json", "plain", "list/of/maps", "../../out", "/etc", "a: b*", "tab\\tbed", "..");

    assertThat(kept())
        .containsExactly(
            "kept/%...parquet",
            "kept/%../%../out.parquet",
            "kept/%/etc.parquet",
            "kept/a: b*.parquet",
            "kept/list/of/maps.parquet",
            "kept/plain.parquet",
            "kept/tab%09bed.parquet");
  }

  @Test
  void anIdInTwoFilesIsKeptTwice() throws IOException {
    cases("a.json", "same", "b/same");
    cases("b.json", "same", "other");
    cases("c.json", "same");

    assertThat(kept())
        .containsExactly(
            "kept/b/same.parquet",
            "kept/b~2/same.parquet",
            "kept/c/same.parquet",
            "kept/other.parquet",
            "kept/same.parquet");
  }

  @Test
  void aLongIdIsTruncated() throws IOException {
    cases("a.json", "x".repeat(300), "x".repeat(301));

    assertThat(kept()).hasSize(2).allMatch(name -> name.startsWith("kept/" + "x".repeat(60)));
  }
}
