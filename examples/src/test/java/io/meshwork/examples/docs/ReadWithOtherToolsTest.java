package io.meshwork.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the shell and SQL blocks of the page on other tools, with the mesh of the daily load. */
class ReadWithOtherToolsTest {
  private static final Path TEXT =
      Path.of(System.getProperty("basedir", ""))
          .toAbsolutePath()
          .getParent()
          .resolve("docs/read-with-other-tools.md");

  /** The command as a process, because the block pipes what it prints. */
  private static final String MESH =
      "'"
          + Path.of(System.getProperty("java.home"), "bin", "java")
          + "' -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp '"
          + System.getProperty("java.class.path")
          + "' io.meshwork.cli.program.MeshProgram";

  @TempDir private Path folder;

  @Test
  void duckDbReadsTheListedFilesAsDocumented() throws Exception {
    Path mesh = folder.resolve("my-mesh");
    DailyLoad.main(new String[] {mesh.toString()});
    run("mesh() { " + MESH + " \"$@\"; }\n" + block("```sh"));

    List<String> rows = new ArrayList<>();
    try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckDb.createStatement()) {
      statement.execute(Files.readString(folder.resolve("files.sql")));
      try (ResultSet result = statement.executeQuery(block("```sql"))) {
        while (result.next()) {
          rows.add(row(result));
        }
      }
    }

    assertThat(String.join("\n", rows)).isEqualTo(block("```text"));
  }

  private static String row(ResultSet result) throws SQLException {
    return result.getString(1) + " " + result.getString(2) + " " + result.getString(3);
  }

  private void run(String shell) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("bash", "-euo", "pipefail", "-c", shell)
            .directory(folder.toFile())
            .inheritIO()
            .start();
    assertThat(process.waitFor()).isZero();
  }

  /** The only block of the page that starts with this fence. */
  private static String block(String fence) throws IOException {
    List<String> lines = Files.readAllLines(TEXT);
    assertThat(lines).filteredOn(fence::equals).hasSize(1);
    int start = lines.indexOf(fence) + 1;
    int end = start + lines.subList(start, lines.size()).indexOf("```");
    return String.join("\n", lines.subList(start, end));
  }
}
