package io.meshwork.cli.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.cli.ExitCode;
import io.meshwork.cli.MeshCommand;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands read files that were registered where they are. */
class ReadingFromTest {
  private static final String RAW = "commerce/raw";

  @TempDir private Path folder;

  @SuppressWarnings("NullAway.Init") // JUnit fills it before each test
  private TestShell shell;

  @SuppressWarnings("NullAway.Init") // JUnit fills it before each test
  private String lake;

  @BeforeEach
  void registerFiles() throws IOException {
    CommandMesh.in(folder.resolve("mesh"));
    Path outside = Files.createDirectories(folder.resolve("lake"));
    lake = "lake=" + outside;
    try (Mesh mesh = LocalMesh.builder(folder.resolve("mesh"), Map.of("lake", outside)).open()) {
      MeshClient commerce = mesh.clientAs(Principal.of("commerce", "etl"));
      String file = commerce.read(CommandMesh.ORDERS).files().get(0);
      Files.copy(Path.of(file), outside.resolve("orders.parquet"));
      commerce.onboard(RAW).from(outside).commit();
    }
    shell = new TestShell(folder);
    shell.variables.put("MESH_URL", "file:" + folder.resolve("mesh"));
    shell.variables.put("MESH_AS", "commerce/etl");
  }

  @Test
  void aVerbReadsWhatTheOptionNames() {
    assertThat(shell.run("read", RAW)).isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.run("doctor")).isEqualTo(ExitCode.FINDINGS);
    assertThat(shell.run("read", RAW, "--reading-from", lake, "--json")).as(shell.err()).isZero();
    assertThat(shell.json().get("rows")).hasSize(2);
    assertThat(shell.run("doctor", "--reading-from", lake)).as(shell.out()).isZero();
    assertThat(shell.run("doctor", "--reading-from", "lake")).isEqualTo(ExitCode.WRONG_REQUEST);
    String missing = "file:" + folder.resolve("missing");
    assertThat(shell.run("doctor", "--mesh", missing, "--reading-from", lake))
        .isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(folder.resolve("missing")).doesNotExist();
    assertThat(shell.run("doctor", "--mesh", "broken:x", "--reading-from", lake))
        .isEqualTo(ExitCode.WRONG_REQUEST);
  }

  @Test
  void aFolderThatIsNotNamedIsOneReasonAndOneFix() {
    assertThat(shell.run("verify")).isEqualTo(ExitCode.FINDINGS);
    assertThat(shell.out())
        .contains(
            "cannot be found: this process opened the mesh without the data folder 'lake'.",
            "run it with --reading-from NAME=FOLDER")
        .doesNotContain("MESH-", "Cannot read", "it has none");
  }

  @Test
  void anOnboardingWithoutANewFileSaysSo() {
    String[] refresh = {"onboard", RAW, "--refresh", "--reading-from", lake};
    assertThat(shell.run(refresh)).as(shell.err()).isZero();
    assertThat(shell.err()).contains(", and no file is new.").doesNotContain("key");
  }

  @Test
  void aFolderThatDoesNotExistIsNamedAsItWasWritten() throws IOException {
    Path outside = folder.resolve("lake");
    String file = Files.writeString(folder.resolve("lake/notes.txt"), "x").toString();
    String[] relative = {"onboard", "commerce/new", "nowhere", "--reading-from", lake};
    assertThat(shell.run(relative)).isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.err()).contains("--reading-from NAME=FOLDER").doesNotContain("/_");
    for (String wrong : List.of(outside.resolve("nowhere").toString(), file)) {
      String[] onboard = {"onboard", "commerce/new", wrong, "--reading-from", lake};
      assertThat(shell.run(onboard)).isEqualTo(ExitCode.WRONG_REQUEST);
      assertThat(shell.err())
          .contains(Path.of(wrong).getFileName().toString())
          .doesNotContain("/_", "/data/mesh/file");
    }
    String[] named = {"onboard", "commerce/new", "root:lake", "--plan", "--reading-from", lake};
    assertThat(shell.run(named)).as(shell.err()).isZero();
  }

  @Test
  void aLocationThatNoStoreHasIsNamedAsItWasWritten() {
    try (Mesh mesh = LocalMesh.open(folder.resolve("mesh"))) {
      MeshClient commerce = mesh.clientAs(Principal.of("commerce", "etl"));
      assertThatThrownBy(() -> commerce.onboard("commerce/new").from("nowhere").plan())
          .hasMessageContaining("from nowhere: it is not an absolute path")
          .hasMessageNotContaining("/_");
    }
  }

  @Test
  void useKeepsTheFoldersOfTheMeshThatItKeeps() {
    String mesh = shell.variables.remove("MESH_URL");
    assertThat(shell.run("use", mesh, "--reading-from", lake)).as(shell.err()).isZero();
    assertThat(shell.out()).contains("lake=");
    assertThat(shell.run("verify")).as(shell.out()).isZero();
    assertThat(shell.run("verify", "--mesh", mesh)).isEqualTo(ExitCode.FINDINGS);
    assertThat(shell.run("use", mesh)).isZero();
    assertThat(shell.run("verify")).isEqualTo(ExitCode.FINDINGS);
  }

  @Test
  void theOlderFormTakesTheOptionToo() {
    assertThat(older("files", RAW)).isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(older("files", RAW, "--reading-from", lake)).isZero();
    assertThat(older("verify", "--reading-from", lake)).isZero();
    assertThat(older("doctor", "--reading-from", "lake")).isEqualTo(ExitCode.WRONG_REQUEST);
  }

  private int older(String... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = folder.resolve("mesh").toString();
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    PrintStream out = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    return MeshCommand.run(all, out, out);
  }
}
