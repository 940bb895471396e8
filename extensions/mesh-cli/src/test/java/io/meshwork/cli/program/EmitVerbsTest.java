package io.meshwork.cli.program;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.meshwork.cli.ExitCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verbs that show a mesh to other tools. */
class EmitVerbsTest {
  private static final String[] LINEAGE = {
    "openlineage", "finance", "--namespace", "meshwork://shop"
  };

  @TempDir private static Path folder;

  private final TestShell shell = new TestShell(folder);

  @BeforeAll
  static void createMesh() {
    CommandMesh.in(folder.resolve("mesh"));
  }

  @Test
  void lineageIsPrintedOnceWithTheCursorThatItPrints() throws IOException {
    assertThat(emit("finance/analyst", LINEAGE)).isZero();
    List<String> lines = shell.out().lines().toList();
    assertThat(lines).hasSize(2);
    assertThat(TestShell.JSON.readTree(lines.get(0)).path("eventType").asText()).isEqualTo("START");
    assertThat(shell.err()).contains("--after finance/revenue=");

    assertThat(emit("finance/analyst", with("--json"))).isZero();
    String cursor = shell.json().path("cursor").asText();
    assertThat(shell.json().path("lines")).hasSize(2);

    assertThat(emit("finance/analyst", with("--after", cursor))).isEqualTo(ExitCode.NOTHING_NEW);
    assertThat(shell.out()).isEmpty();
  }

  @Test
  void aCursorIsPrintedOnlyAfterTheLines() {
    List<String> all =
        new ArrayList<>(
            List.of("--mesh", "file:" + folder.resolve("mesh"), "--as", "finance/analyst", "emit"));
    all.addAll(List.of(LINEAGE));
    assertThat(shell.runWithoutOutput(all.toArray(new String[0]))).isEqualTo(ExitCode.UNEXPECTED);
    assertThat(shell.err()).contains("standard output").doesNotContain("--after");
  }

  @Test
  void lineageIsPostedOnceWithACursorInAFile() throws IOException {
    List<String> received = Collections.synchronizedList(new ArrayList<>());
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          received.add(
              exchange.getRequestHeaders().getFirst("Authorization")
                  + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(201, -1);
          exchange.close();
        });
    server.start();
    try {
      shell.variables.put("OPENLINEAGE_API_KEY", "key");
      String url = "http://localhost:" + server.getAddress().getPort() + "/api/v1/lineage";
      String file = folder.resolve("cursor.txt").toString();

      assertThat(emit("finance/analyst", with("--post", url, "--cursor", file))).isZero();
      assertThat(shell.json().path("status").asText()).isEqualTo("posted");
      assertThat(emit("finance/analyst", with("--post", url, "--cursor", file)))
          .isEqualTo(ExitCode.NOTHING_NEW);

      assertThat(received).hasSize(2).allMatch(line -> line.startsWith("Bearer key{"));
      assertThat(Path.of(file)).content().startsWith("finance/revenue=");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void lineageNeedsTheDomainItselfAndAReceiverThatWorks() {
    assertThat(emit("commerce/etl", LINEAGE)).isEqualTo(ExitCode.DENIED);
    assertThat(emit("finance/analyst", with("--post", "file:///x")))
        .isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.json().path("status").asText()).isEqualTo("failed");
    assertThat(emit("finance/analyst", with("--cursor", "x"))).isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(emit("finance/analyst", with("--after", "x"))).isEqualTo(ExitCode.WRONG_REQUEST);
  }

  @Test
  void metricsArePrintedOrReplaceAFile() {
    assertThat(emit("commerce/etl", "prometheus")).isZero();
    assertThat(shell.out())
        .contains(
            "meshwork_product_fresh{domain=\"commerce\",major=\"1\",product=\"commerce/orders\"} 0.0")
        .contains(
            "meshwork_product_rows{domain=\"commerce\",major=\"1\",product=\"commerce/orders\"} 2.0");

    Path file = folder.resolve("meshwork.prom");
    assertThat(emit("commerce/etl", "prometheus", "--to", file.toString())).isZero();
    assertThat(file)
        .content()
        .startsWith("# Asked as commerce/etl,")
        .contains("meshwork_product_bytes");
    assertThat(emit("commerce/etl", "prometheus", "--to", folder.resolve("no/x.prom").toString()))
        .isEqualTo(ExitCode.CONFLICT);
  }

  @Test
  void aProductAndTheCatalogArePrintedAsYaml() {
    assertThat(emit("finance/analyst", "odps", "finance/revenue")).isZero();
    assertThat(shell.out()).startsWith("apiVersion: ").contains("name: commerce/orders");
    assertThat(emit("finance/analyst", "odps", "finance/revenues")).isEqualTo(2);
    assertThat(emit("finance/analyst", "odps", "finance/revenue", "--odps-version", "1.0.0"))
        .isZero();
    assertThat(shell.out()).startsWith("apiVersion: v1.0.0");
    for (String version : List.of("3.1.0", "3.2.0")) {
      assertThat(emit("finance/analyst", "odcs", "finance/revenue", "--odcs-version", version))
          .isZero();
      assertThat(shell.out())
          .startsWith("apiVersion: v" + version)
          .contains("name: finance/revenue", "status: active");
    }

    assertThat(emit("finance/analyst", "backstage", "--json")).isZero();
    assertThat(shell.json().path("backstage").asText())
        .contains("kind: Group", "kind: Domain", "kind: System", "kind: Resource");
  }

  @Test
  void aDocumentIsPrintedAsItWasDefined() throws IOException {
    String document =
        """
        apiVersion: v3.1.0
        kind: DataContract
        id: 53581432-6c55-4ba2-a65f-72344a91553a
        name: Fees
        version: "3.4.0"
        status: proposed
        schema:
          - name: fees
            logicalType: object
            properties:
              - name: fee
                logicalType: integer
        """;
    Path file = Files.writeString(folder.resolve("fees.yaml"), document);
    Path own = folder.resolve("own");
    run(own, 0, "init file:" + own);
    run(own, 0, "domain add finance --owner f@example.org");
    run(own, 0, "product define finance/fees --contract " + file);
    run(own, 0, "emit odcs finance/fees");
    assertThat(shell.out()).isEqualToNormalizingNewlines(document);
  }

  @Test
  void aProductIsDefinedWithItsOdpsDocumentWhichAmendmentsKeep() throws IOException {
    Path contract =
        Files.writeString(
            folder.resolve("fees.odcs.yaml"),
            """
            apiVersion: v3.1.0
            kind: DataContract
            id: c-fees
            version: 1.0.0
            status: active
            schema: [{name: fees, properties: [{name: fee, logicalType: integer}]}]
            """);
    Path product =
        Files.writeString(
            folder.resolve("fees.odps.yaml"),
            """
            apiVersion: v1.1.0
            kind: DataProduct
            id: p-fees
            name: fees
            domain: finance
            inputPorts: [{name: bills, version: 1.0.0, contractId: c-bills}]
            outputPorts: [{name: table, version: 2.0.0, contractId: c-fees}]
            team: {name: desk, members: [{username: desk@example.org, role: owner}]}
            tenant: north
            """);
    Path other = Files.writeString(folder.resolve("other.odps.yaml"), other(product));
    Path own = folder.resolve("products");
    run(own, 0, "init file:" + own);
    run(own, 0, "domain add finance --owner f@example.org");
    String define = "product define finance/fees --contract " + contract;
    run(own, 2, define + " --strict --odps " + other);
    assertThat(shell.err()).contains("no output port names the contract 'c-fees'");
    run(own, 0, define + " --strict --odps " + product);
    assertThat(shell.err()).contains("fees.odps.yaml, line 6: preserved, not used: inputPorts[0]");
    run(own, 0, "describe finance/fees");
    assertThat(shell.out()).contains("desk@example.org");
    run(
        own,
        0,
        "product amend finance/fees --on-violation quarantine --because more --contract "
            + contract);
    run(own, 0, "emit odps finance/fees");
    assertThat(shell.out()).contains("id: p-fees", "tenant: north", "contractId: c-bills");
    run(own, 0, "emit odcs finance/fees");
    assertThat(shell.out()).doesNotContain("p-fees");
  }

  private static String other(Path product) throws IOException {
    return Files.readString(product).replace("c-fees", "c-other");
  }

  private void run(Path mesh, int exitCode, String command) {
    List<String> all = new ArrayList<>(List.of(command.split(" ", -1)));
    all.addAll(List.of("--mesh", "file:" + mesh, "--as", "finance/analyst"));
    assertThat(shell.run(all.toArray(new String[0]))).as(shell.err()).isEqualTo(exitCode);
  }

  private static String[] with(String... options) {
    List<String> all = new ArrayList<>(List.of(LINEAGE));
    all.addAll(List.of(options));
    return all.toArray(new String[0]);
  }

  private int emit(String principal, String... arguments) {
    List<String> all =
        new ArrayList<>(
            List.of("--mesh", "file:" + folder.resolve("mesh"), "--as", principal, "emit"));
    all.addAll(List.of(arguments));
    return shell.run(all.toArray(new String[0]));
  }
}
