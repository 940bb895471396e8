package io.meshwork.cli.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.cli.ExitCode;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verbs that show a mesh in a browser. */
class PortalVerbsTest {
  @TempDir private static Path folder;

  private final TestShell shell = new TestShell(folder);

  @BeforeAll
  static void createMesh() {
    CommandMesh.in(folder.resolve("mesh"));
  }

  @Test
  void theSiteHasAPageForEachProduct() throws IOException {
    Path site = folder.resolve("site");

    assertThat(shell.run("--mesh", mesh(), "portal", site.toString(), "--json")).isZero();

    assertThat(shell.json().path("pages").asInt()).isGreaterThan(3);
    assertThat(Files.readString(site.resolve("product/commerce/orders.html")))
        .contains("data-question=\"promise\"");
    assertThat(shell.run("--mesh", mesh(), "portal", site.toString())).isZero();
    assertThat(shell.out()).contains("Open " + site.resolve("index.html"));
  }

  @Test
  void aFolderWithOtherFilesIsRefused() throws IOException {
    Path other = Files.createDirectory(folder.resolve("other"));
    Files.writeString(other.resolve("thesis.txt"), "mine");

    assertThat(shell.run("--mesh", mesh(), "portal", other.toString()))
        .isEqualTo(ExitCode.WRONG_REQUEST);

    assertThat(shell.err()).contains("not part of a portal");
    assertThat(other.resolve("thesis.txt")).hasContent("mine");
  }

  @Test
  void aSiteNeedsAFolderAndAServerDoesNot() {
    assertThat(shell.run("--mesh", mesh(), "portal")).isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.err()).contains("mesh portal FOLDER", "mesh portal serve");
    assertThat(shell.run("--mesh", mesh(), "portal", "serve", "--help")).isZero();
    assertThat(shell.out()).contains("mesh portal serve", "--allow-actions");
  }

  @Test
  void theServerAnswersAtTheAddressThatIsPrintedUntilItIsInterrupted() throws Exception {
    int[] code = {-1};
    Thread serving = new Thread(() -> code[0] = shell.run("--mesh", mesh(), "portal", "serve"));
    serving.start();
    while (serving.isAlive() && !shell.out().contains("\n")) {
      Thread.onSpinWait();
    }
    URL address = URI.create(shell.out().strip()).toURL();

    HttpURLConnection request = (HttpURLConnection) address.openConnection();
    request.setInstanceFollowRedirects(false);
    assertThat(request.getResponseCode()).isBetween(200, 399);
    HttpURLConnection withoutToken =
        (HttpURLConnection) new URL("http", "127.0.0.1", address.getPort(), "/").openConnection();
    assertThat(withoutToken.getResponseCode()).isGreaterThanOrEqualTo(400);
    serving.interrupt();
    serving.join();

    assertThat(code[0]).isZero();
  }

  @Test
  void aCollectorReadsTheMetricsWithTheTokenOfAFile() throws Exception {
    Path token = folder.resolve("portal.token");
    Thread serving =
        new Thread(() -> shell.run("--mesh", mesh(), "serve", "--token-file", token.toString()));
    serving.start();
    while (serving.isAlive() && !shell.out().contains("\n")) {
      Thread.onSpinWait();
    }
    URI address = URI.create(shell.out().strip());
    HttpURLConnection request =
        (HttpURLConnection) address.resolve("/metrics").toURL().openConnection();
    request.setRequestProperty("Authorization", "Bearer " + Files.readString(token).strip());

    assertThat(address.getQuery()).isEqualTo("token=" + Files.readString(token).strip());
    assertThat(request.getResponseCode()).isEqualTo(200);
    assertThat(new String(request.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .contains("meshwork_product_fresh{", "product=\"commerce/orders\"");
    serving.interrupt();
    serving.join();

    Files.writeString(token, "secret");
    assertThat(shell.run("--mesh", mesh(), "serve", "--token-file", token.toString()))
        .isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(
            shell.run("--mesh", mesh(), "serve", "--token-file", folder.resolve("no/x").toString()))
        .isEqualTo(ExitCode.WRONG_REQUEST);
  }

  @Test
  void actionsNeedTheOptionAndAPerson() throws Exception {
    Thread serving =
        new Thread(
            () -> shell.run("--mesh", mesh(), "--as", "commerce/etl", "serve", "--allow-actions"));
    serving.start();
    while (serving.isAlive() && !shell.out().contains("\n")) {
      Thread.onSpinWait();
    }
    HttpURLConnection request =
        (HttpURLConnection)
            URI.create(shell.out().strip()).resolve("/decide").toURL().openConnection();
    request.setRequestMethod("POST");
    assertThat(request.getResponseCode()).as("without the cookie").isEqualTo(403);
    serving.interrupt();
    serving.join();

    assertThat(shell.run("--mesh", mesh(), "serve", "--allow-actions"))
        .isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.err()).contains("--as");
    Path token = folder.resolve("actions.token");
    assertThat(
            shell.run(
                "--mesh",
                mesh(),
                "--as",
                "commerce/etl",
                "serve",
                "--allow-actions",
                "--token-file",
                token.toString()))
        .isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(token).doesNotExist();
  }

  @Test
  void aPortThatIsNoneIsRefused() {
    assertThat(shell.run("--mesh", mesh(), "serve", "--port", "70000"))
        .isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.err()).contains("--port is a number from 1 to 65535");
  }

  private static String mesh() {
    return "file:" + folder.resolve("mesh");
  }
}
