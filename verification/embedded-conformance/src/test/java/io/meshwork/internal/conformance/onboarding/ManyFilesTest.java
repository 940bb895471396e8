package io.meshwork.internal.conformance.onboarding;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many small files become rows of a product in processes of a limited heap. The first one is killed
 * after a commit, and the second one continues. The files are copies of one.
 */
class ManyFilesTest {
  private static final int ROWS = 5;

  private static final int FILES_PER_FOLDER = 500;

  @TempDir Path folder;

  @Test
  @Timeout(300)
  void someHundredFilesAreRegisteredAfterAProcessWasKilled() throws Exception {
    onboard("-Xmx64m", 300, 100);
  }

  @Test
  @Tag("nightly")
  @Timeout(3_600)
  void twoHundredThousandFilesAreRegisteredAfterAProcessWasKilled() throws Exception {
    onboard("-Xmx512m", 200_000, 25_000);
  }

  private void onboard(String heap, int files, int filesPerCommit) throws Exception {
    Path lake = folder.resolve("lake/readings");
    long before = System.nanoTime();
    write(lake, files);
    print("wrote " + files + " files", before);

    before = System.nanoTime();
    int registered = runUntilACommit(heap, lake, filesPerCommit);
    print("registered " + registered + " until the process was killed", before);
    assertThat(registered).isEqualTo(filesPerCommit);

    before = System.nanoTime();
    List<String> printed = run(heap, lake, filesPerCommit);
    print("registered the others", before);
    // A commit may have ended after the last line that the killed process printed.
    List<String> parts = printed.subList(0, printed.size() - 1);
    int left = Integer.parseInt(parts.get(parts.size() - 1).substring("files ".length()));
    assertThat(left).isBetween(filesPerCommit, files - filesPerCommit);
    assertThat(printed.get(printed.size() - 1))
        .isEqualTo((long) files * ROWS + " " + (long) filesPerCommit * ROWS);

    before = System.nanoTime();
    assertThat(run(heap, lake, filesPerCommit)).containsExactly(printed.get(printed.size() - 1));
    print("returned the receipt", before);

    before = System.nanoTime();
    try (Mesh mesh =
        LocalMesh.builder(folder.resolve("mesh"), Map.of("lake", lake.getParent())).open()) {
      MeshClient plant = mesh.clientAs(Principal.of("plant", "etl"));
      Files.copy(lake.resolve("dt=2026-01-01/f0.parquet"), lake.resolve("dt=2026-01-01/z.parquet"));
      assertThat(plant.onboard("plant/readings").refresh().commit().rowsAccepted()).isEqualTo(ROWS);
      print("refreshed", before);

      before = System.nanoTime();
      assertThat(mesh.doctor().findings()).isEmpty();
      print("examined", before);
    }
    try (Stream<Path> all = Files.walk(folder.resolve("mesh"))) {
      long bytes = 0;
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        bytes += Files.size(file);
      }
      System.out.println(
          "ManyFilesTest: the mesh has "
              + bytes
              + " bytes, of which its registry has "
              + Files.size(folder.resolve("mesh/registry/mesh.db")));
    }
  }

  private static void print(String what, long since) {
    System.out.println(
        "ManyFilesTest: "
            + what
            + " in "
            + Duration.ofNanos(System.nanoTime() - since).toMillis()
            + " ms");
  }

  private static void write(Path lake, int files) throws IOException, SQLException {
    byte[] content = {};
    for (int i = 0; i < files; i++) {
      Path day = lake.resolve("dt=" + LocalDate.of(2026, 1, 1).plusDays(i / FILES_PER_FOLDER));
      if (i % FILES_PER_FOLDER == 0) {
        Files.createDirectories(day);
      }
      Path file = day.resolve("f" + i + ".parquet");
      if (i == 0) {
        try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
            Statement statement = duckDb.createStatement()) {
          statement.execute(
              "COPY (SELECT i AS id, i * 1.5::DOUBLE AS degrees, 's' || i AS sensor FROM range("
                  + ROWS
                  + ") t(i)) TO '"
                  + file
                  + "' (FORMAT parquet)");
        }
        content = Files.readAllBytes(file);
      } else {
        Files.write(file, content);
      }
    }
  }

  /** Kills the process as soon as it printed its first commit, and returns the files of it. */
  private int runUntilACommit(String heap, Path lake, int filesPerCommit) throws Exception {
    Process process = start(heap, lake, filesPerCommit);
    List<String> printed = new ArrayList<>();
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        printed.add(line);
        if (line.startsWith("files ")) {
          process.destroyForcibly().waitFor();
          return Integer.parseInt(line.substring("files ".length()));
        }
      }
    }
    throw new AssertionError("the process ended without a commit: " + printed);
  }

  private List<String> run(String heap, Path lake, int filesPerCommit) throws Exception {
    Process process = start(heap, lake, filesPerCommit);
    List<String> printed =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .toList();
    assertThat(process.waitFor()).as("%s", printed).isZero();
    return printed;
  }

  private Process start(String heap, Path lake, int filesPerCommit) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            heap,
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            LargeOnboarding.class.getName(),
            folder.resolve("mesh").toString(),
            lake.toString(),
            Integer.toString(filesPerCommit))
        .redirectErrorStream(true)
        .start();
  }
}
