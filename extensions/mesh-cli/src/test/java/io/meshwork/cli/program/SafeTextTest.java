package io.meshwork.cli.program;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.Mesh;
import io.meshwork.cli.ExitCode;
import io.meshwork.cli.internal.shell.SafeText;
import io.meshwork.cli.internal.shell.TextTable;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.internal.testkit.SampleMesh.Order;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafeTextTest {
  private static final String HOSTILE = "a\u001B[31mb\u0007\n\u0085\u202Ec\u2066d\u200F\uFEFF";

  @Test
  void controlCharactersArePrintedAsTheirCode() {
    assertThat(SafeText.of(HOSTILE))
        .isEqualTo("a\\u001B[31mb\\u0007\\u000A\\u0085\\u202Ec\\u2066d\\u200F\\uFEFF");
    assertThat(SafeText.of("Grüße, ● 東京")).isEqualTo("Grüße, ● 東京");
  }

  @Test
  void aJsonDocumentMeansTheSame() throws Exception {
    ObjectNode document = VerbAnswer.newDocument().put("text", HOSTILE);
    String printed = SafeText.of(document.toString());
    assertThat(printed.chars()).allMatch(character -> character >= ' ' && character < 0x80);
    assertThat(TestShell.JSON.readTree(printed)).isEqualTo(document);
  }

  @Test
  void aTableKeepsOneLineForARow() {
    List<String> lines = new TextTable("A", "B").row(HOSTILE, 1).row("short", 2).lines("none");
    assertThat(lines).hasSize(3).noneMatch(line -> line.contains("\u001B"));
    assertThat(lines.get(1).indexOf("1")).isPositive();
    assertThat(lines.get(1).length()).isEqualTo(lines.get(2).length());
  }

  @Test
  void rowsReachNoTerminalUnescaped(@TempDir Path folder) {
    TestShell shell = new TestShell(folder);
    CommandMesh.in(folder.resolve("mesh"));
    try (Mesh mesh = LocalMesh.open(folder.resolve("mesh"))) {
      mesh.clientAs(Principal.of("commerce", "etl"))
          .publish(CommandMesh.ORDERS)
          .records(List.of(new Order("o-3", 1, HOSTILE)))
          .commit();
    }
    shell.variables.put("MESH_URL", "file:" + folder.resolve("mesh"));
    shell.variables.put("MESH_AS", "commerce/etl");
    assertThat(shell.run("read", CommandMesh.ORDERS)).as(shell.err()).isZero();
    assertThat(shell.out()).contains("\\u202Ec").doesNotContain("\u202E", "\u001B");
    assertThat(shell.run("describe", "commerce/\u001B[2Jx")).isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.err()).doesNotContain("\u001B");
  }

  @Test
  void aStackTraceReachesNoTerminalUnescaped(@TempDir Path folder) {
    TestShell shell = new TestShell(folder);
    assertThat(shell.run("-v", "search", "x", "--mesh", "gs:" + HOSTILE))
        .isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.err())
        .contains("    at io.meshwork.cli.internal.verb.MeshLocation.", "\\u202Ec")
        .doesNotContain("\u202E", "\u001B", "\u0085");
  }
}
