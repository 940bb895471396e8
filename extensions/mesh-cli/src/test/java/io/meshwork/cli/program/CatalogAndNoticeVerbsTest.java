package io.meshwork.cli.program;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.meshwork.cli.ExitCode;
import io.meshwork.contract.Contract;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A mesh of several catalogs, and the notices of a rollout and of a request. */
class CatalogAndNoticeVerbsTest {
  private static final String PARCELS = "commerce/parcels";
  private static final String ETL = "commerce/etl";
  private static final String ANALYST = "finance/analyst";

  @TempDir private Path folder;

  private TestShell shell;

  record Parcel(String parcelId, int grams) {}

  record ParcelInKilos(String parcelId, int kilos) {}

  @BeforeEach
  void makeTheMesh() throws IOException {
    shell = new TestShell(folder);
    shell.variables.put("MESH_URL", folder.resolve("mesh").toString());
    assertThat(shell.run("init", "--federated")).as(shell.err()).isZero();
    run(ETL, "domain", "add", "commerce", "--owner", "o@example.org");
    run(ANALYST, "domain", "add", "finance", "--owner", "f@example.org");
    Path contract = folder.resolve("parcels.json");
    Files.writeString(contract, Contract.of(Parcel.class).toJson());
    run(ETL, "product", "define", PARCELS, "--contract", contract.toString());
  }

  private void run(String as, String... command) {
    shell.variables.put("MESH_AS", as);
    assertThat(shell.run(command)).as("%s: %s", String.join(" ", command), shell.err()).isZero();
  }

  @Test
  void eachDomainOfAFederatedMeshPublishesInItsCatalog() throws IOException {
    Path rows = Files.writeString(folder.resolve("rows.csv"), "parcelId,grams\np-1,20\n");

    run(ETL, "publish", PARCELS, rows.toString());

    assertThat(shell.json().get("accepted").asInt()).isEqualTo(1);
    assertThat(folder.resolve("mesh/registry/commerce.db")).exists();
    assertThat(folder.resolve("mesh/registry/finance.db")).exists();
  }

  @Test
  void aMeshIsDividedByTheLinesThatAreNamed() {
    shell.variables.put("MESH_URL", folder.resolve("lines").toString());
    String[] init = {"init", "--line", "retail=commerce,logistics", "--line", "banking=finance"};
    run(ETL, init);
    run(ETL, "domain", "add", "commerce", "--owner", "o@example.org");
    run(ETL, init);

    assertThat(folder.resolve("lines/registry/retail.db")).exists();
    assertThat(shell.run("domain", "add", "hr", "--owner", "h@example.org"))
        .as("no line names it")
        .isEqualTo(ExitCode.WRONG_REQUEST);
    run(ETL, "init");
  }

  @Test
  void aTopologyThatTheMeshDoesNotHaveOrThatNoneHasIsRefused() {
    refuses("its topology is federated: a catalog for each domain, not by line", "--line", "a=b");
    assertThat(shell.err())
        .contains("is fixed when a mesh is created. Omit --federated and --line")
        .doesNotContain("topology(");
    refuses("--federated excludes --line", "--line", "a=b", "--federated");
    shell.variables.put("MESH_URL", folder.resolve("other").toString());
    refuses("--line is a name, '=', and values", "--line", "retail");
    refuses("--line names 'a' twice", "--line", "a=b", "--line", "a=c");
    refuses("domain 'b' is named twice", "--line", "a=b", "--line", "c=b");
    refuses("reserved name", "--line", "mesh=b");
    refuses("domain", "--line", "a=");
    assertThat(folder.resolve("other")).doesNotExist();
    assertThat(shell.run("init")).as(shell.err()).isZero();
    refuses("its topology is central: one catalog for all domains, not federated", "--federated");
  }

  private void refuses(String why, String... options) {
    List<String> init = new ArrayList<>(List.of("init"));
    init.addAll(List.of(options));
    assertThat(shell.run(init.toArray(String[]::new)))
        .as("%s: %s", init, shell.err())
        .isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.err()).contains(why);
  }

  @Test
  void aFolderTakesNoCatalog() {
    assertThat(shell.run("catalog", "add", "commerce", "--account", "222222222222"))
        .isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.err()).contains("takes a mesh on AWS; a folder gets each catalog");
  }

  @Test
  void aDomainIsAdmittedToAnotherCatalogByWhoGovernsIt() {
    run(ETL, "domain", "admit", "finance", "--catalog", "commerce");

    assertThat(shell.json().get("status").asText()).isEqualTo("admitted");
    assertThat(shell.json().get("catalogs")).hasSize(1);
    assertThat(shell.err()).contains("finance is admitted to ");
    run(ETL, "domain", "admit", "finance", "--catalog", "commerce");
    shell.variables.put("MESH_AS", ETL);
    assertThat(shell.run("domain", "admit", "sales", "--catalog", "commerce"))
        .isEqualTo(ExitCode.WRONG_REQUEST);
  }

  @Test
  void theOwnerSeesInTheHealthOfTheMeshWhichNoticesWait() throws IOException {
    String outbox = folder.resolve("notices").toString();
    run(ETL, "deliver", "--to", outbox);
    assertThat(waiting(ETL)).isEmpty();
    run(ANALYST, "request", PARCELS, "--for", "Weights");
    run(ETL, "approve", PARCELS);
    assertThat(waiting(ETL)).hasSize(1);
    assertThat(waiting(ETL).get(0).get("where").asText()).isEqualTo("notifier outbox");
    assertThat(shell.run("health", "--as", ETL)).isZero();
    assertThat(shell.out()).contains("NOTICE_WAITING notifier outbox: Since ", "mesh deliver");
    run(ETL, "deliver", "--to", outbox);
    assertThat(waiting(ETL)).isEmpty();
  }

  @Test
  void theOwnerSeesInTheHealthOfTheMeshWhichNoticesAreParked() throws IOException {
    int[] status = {204};
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/n",
        exchange -> {
          exchange.sendResponseHeaders(status[0], -1);
          exchange.close();
        });
    server.start();
    try {
      String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/n";
      shell.variables.put(
          "MESH_WEBHOOK_SECRET", "whsec_" + Base64.getEncoder().encodeToString(new byte[32]));
      run(ETL, "deliver", "--to", url);
      run(ANALYST, "request", PARCELS, "--for", "Weights");
      run(ETL, "approve", PARCELS);
      status[0] = 410;
      shell.run("deliver", "--to", url);

      JsonNode parked = waiting(ETL);
      assertThat(parked.findValuesAsText("code")).containsExactly("NOTICE_PARKED");
      assertThat(parked.get(0).get("count").asInt()).isPositive();
      assertThat(parked.get(0).get("fix").asText()).contains("mesh deliver", "--parked");
      run(ETL, "health");
      assertThat(shell.out())
          .contains(
              "NOTICE_PARKED " + parked.get(0).get("where").asText() + ": ",
              parked.get(0).get("what").asText(),
              parked.get(0).get("fix").asText());
      assertThat(waiting(ANALYST)).as("of another domain").isEmpty();

      status[0] = 204;
      run(ETL, "deliver", "--to", url, "--parked");
      assertThat(waiting(ETL)).isEmpty();
      run(ETL, "health");
      assertThat(shell.out()).doesNotContain("NOTICE_PARKED");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void anUnusedNotifierIsForgottenAsPlanned() throws IOException {
    run(ETL, "deliver", "--to", folder.resolve("notices").toString(), "--name", "old");
    run(ANALYST, "request", PARCELS, "--for", "Weights");
    run(ETL, "approve", PARCELS);
    assertThat(waiting(ETL).get(0).get("fix").asText()).contains("mesh forget-notifier old");

    run(ETL, "forget-notifier", "old", "--plan", "--json");

    QuestionSchemas.check("change-plan", shell.json());
    String fingerprint = shell.json().get("fingerprint").asText();
    assertThat(shell.json().get("steps").get(0).get("subject").asText()).isEqualTo("notifier old");
    assertThat(waiting(ETL)).as("a plan changes nothing").hasSize(1);
    assertThat(shell.run("forget-notifier", "old", "--planned", "0" + fingerprint))
        .isEqualTo(ExitCode.CONFLICT);
    run(ETL, "forget-notifier", "old", "--planned", fingerprint);
    assertThat(shell.json().get("status").asText()).isEqualTo("forgotten");
    assertThat(shell.json().get("notifier").asText()).isEqualTo("old");
    assertThat(shell.err()).contains("Notifier 'old' is forgotten.");
    assertThat(waiting(ETL)).isEmpty();
  }

  @Test
  void theNameOfANotifierThatIsForgottenMustBeRight() {
    run(ETL, "deliver", "--to", folder.resolve("notices").toString());

    assertThat(shell.run("forget-notifier", "outbocks")).isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.err()).contains("no notifier of this name", "outbox");
    assertThat(shell.run("forget-notifier", "Out Box")).isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.run("forget-notifier")).isEqualTo(ExitCode.WRONG_REQUEST);
  }

  private JsonNode waiting(String principal) throws IOException {
    run(principal, "health", "--json");
    QuestionSchemas.check("health", shell.json());
    return shell.json().get("findings");
  }

  @Test
  void noticesSayWhatToTypeAndNameNoCall() throws IOException {
    String outbox = folder.resolve("notices").toString();
    run(ETL, "deliver", "--to", outbox);
    run(ANALYST, "request", PARCELS, "--for", "Weights");
    run(ETL, "approve", PARCELS);
    run(ANALYST, "link", PARCELS, "--into", "sources");
    run(ANALYST, "subscribe", PARCELS, "--name", "weights", "--for", "Weights");
    Path next = folder.resolve("next.json");
    Files.writeString(next, Contract.of(ParcelInKilos.class).toJson());
    run(
        ETL,
        "rollout",
        "start",
        PARCELS,
        "--contract",
        next.toString(),
        "--because",
        "Kilos",
        "--without-history");
    run(ETL, "rollout", "activate", PARCELS);
    run(ETL, "rollout", "announce", PARCELS);
    run(ANALYST, "rollout", "answer", PARCELS, "--object", "--because", "Too soon");
    run(ETL, "deliver", "--to", outbox);

    Map<String, String> texts = new HashMap<>();
    try (Stream<Path> files = Files.list(Path.of(outbox))) {
      for (Path file : files.toList()) {
        JsonNode notice = TestShell.JSON.readTree(Files.readString(file));
        texts.put(notice.get("kind").asText(), notice.get("text").asText());
      }
    }
    assertThat(texts.values()).allSatisfy(TestShell::requireNoCall);
    assertThat(texts.get("ROLLOUT_OFFERED"))
        .contains(
            "mesh rollout answer commerce/parcels finance/weights --agree, --counter DATE"
                + " --because TEXT, or --object --because TEXT.");
    assertThat(texts.get("ROLLOUT_ANSWERED"))
        .contains("mesh rollout offer commerce/parcels finance/weights --date DATE");
    assertThat(texts.get("REQUESTED")).contains("mesh requests. Then run mesh approve");
  }

  @Test
  void noticesArePostedToAWebhookWithTheSecretOfTheVariable() throws IOException {
    List<String> ids = Collections.synchronizedList(new ArrayList<>());
    int[] status = {204};
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/n",
        exchange -> {
          ids.add(exchange.getRequestHeaders().getFirst("webhook-id"));
          exchange.sendResponseHeaders(status[0], -1);
          exchange.close();
        });
    server.start();
    try {
      String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/n";
      assertThat(shell.run("deliver", "--to", url)).isEqualTo(ExitCode.WRONG_REQUEST);
      assertThat(shell.err()).contains("MESH_WEBHOOK_SECRET", "openssl rand");
      shell.variables.put(
          "MESH_WEBHOOK_SECRET", "whsec_" + Base64.getEncoder().encodeToString(new byte[32]));
      run(ETL, "deliver", "--to", url);
      ids.clear();
      run(ANALYST, "request", PARCELS, "--for", "Weights");

      run(ETL, "deliver", "--to", url);
      assertThat(shell.err()).contains("1 notice was delivered to the webhook");
      assertThat(ids).hasSize(1);
      String id = ids.get(0).replace(':', '.');
      run(ETL, "deliver", "--to", url, "--redeliver", id);
      assertThat(ids).hasSize(2).allMatch(each -> each.equals(ids.get(0)));
      assertThat(shell.run("deliver", "--to", url, "--redeliver", id, "--parked"))
          .isEqualTo(ExitCode.WRONG_REQUEST);

      status[0] = 503;
      run(ETL, "approve", PARCELS);
      run(ETL, "deliver", "--to", url);
      assertThat(shell.err()).contains("1 failed, and is retried", "it answered 503");
      TestShell.requireNoCall(shell.err());
      ids.clear();
      run(ETL, "deliver", "--to", url, "--name", "own", "--contact", "nobody@example.org");
      assertThat(ids).isEmpty();
      assertThat(shell.json().get("delivered").asInt()).isZero();
      run(ETL, "deliver", "--to", url, "--redeliver", id);
      assertThat(shell.err()).contains("1 failed: run it again");
      assertThat(shell.run("deliver", "--to", "s3://bucket/notices"))
          .isEqualTo(ExitCode.WRONG_REQUEST);
      assertThat(shell.err()).contains("a folder, or a URL of https");
    } finally {
      server.stop(0);
    }
  }
}
