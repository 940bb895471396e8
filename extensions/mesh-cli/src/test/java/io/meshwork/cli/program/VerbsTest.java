package io.meshwork.cli.program;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.cli.ExitCode;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Period;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each verb, in this process. */
class VerbsTest {
  private static final String ORDERS = CommandMesh.ORDERS;

  @TempDir private Path folder;

  @SuppressWarnings("NullAway.Init") // JUnit fills it before each test
  private TestShell shell;

  @BeforeEach
  void makeTheMesh() {
    CommandMesh.in(folder.resolve("mesh"));
    shell = new TestShell(folder);
    shell.variables.put("MESH_URL", "file:" + folder.resolve("mesh"));
    shell.variables.put("MESH_AS", "commerce/etl");
  }

  @Test
  void aMessageThatSaysThatThereIsMoreHasItInTheLinesBelow() throws IOException {
    Path file = Files.writeString(folder.resolve("other.csv"), "x,y,z\n1,2,3\n");

    assertThat(shell.run("publish", CommandMesh.ORDERS, file.toString()))
        .isEqualTo(ExitCode.CONTRACT_VIOLATED);

    assertThat(shell.err())
        .contains(" more). Nothing was published.", "\nUNKNOWN_COLUMN y: its column 'y', cell 2")
        .contains("\nINPUT_COLUMN_MISSING orderId: ")
        .doesNotContain("\nUNKNOWN_COLUMN x");
  }

  @Test
  void withoutAMeshTheLineToTypeIsPrinted() {
    shell.variables.remove("MESH_URL");
    assertThat(shell.run("search", "x")).isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.err()).contains("mesh use FOLDER");
    assertThat(shell.run("search", "x", "--mesh", "ftp://x")).isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.err()).contains("file:PATH", "aws:REGION/ACCOUNT/NAME");
  }

  @Test
  void aChangeNeedsAnIdentityAndAQuestionDoesNot() {
    shell.variables.remove("MESH_AS");
    assertThat(shell.run("describe", ORDERS)).as(shell.err()).isZero();
    assertThat(shell.out())
        .contains("▲ LATE", "as anonymous/reader", "you read 0 of 3 columns")
        .contains("available 99.5 %");
    assertThat(shell.run("tag", ORDERS, "a=b")).isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.err()).contains("--as ACCOUNT/ROLE");
  }

  @Test
  void anObjectOfADocumentWithSeveralIsDefinedByItsName() throws IOException {
    Path document = folder.resolve("shop.odcs.yaml");
    Files.writeString(
        document,
        """
        apiVersion: v3.2.0
        kind: DataContract
        id: shop
        version: 1.0.0
        status: active
        schema:
          - name: sales
            properties: [{name: id, logicalType: integer, required: true}]
          - name: returns
            properties: [{name: why, logicalType: string}]
        """);
    String[] define = {"product", "define", "commerce/returns", "--contract", document.toString()};

    assertThat(shell.run(define)).isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.err()).contains("'sales', 'returns'", "Name one of them with --object");
    assertThat(shell.run(with(define, "--object", "none"))).isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.err()).contains("has no object 'none'. It has: sales, returns.");
    assertThat(shell.run(with(define, "--object", "returns"))).as(shell.err()).isZero();
    assertThat(shell.run("describe", "commerce/returns")).isZero();
    assertThat(shell.out()).contains("why");
  }

  @Test
  void anAnswerThatCannotBeWrittenIsAFailure() {
    for (String[] command :
        List.of(
            new String[] {"search", ""},
            new String[] {"health", "--json"},
            new String[] {"grant", ORDERS, "--to", "a/b", "--because", "Test", "--plan"},
            new String[] {"help"},
            new String[] {"completion"})) {
      assertThat(shell.runWithoutOutput(command)).as(command[0]).isEqualTo(ExitCode.UNEXPECTED);
      assertThat(shell.err()).contains("Cannot write", "standard output");
    }
  }

  @Test
  void aCheckOfHealthNeedsAnIdentityAndSaysWhatItCannotKnow() throws IOException {
    shell.variables.remove("MESH_AS");
    assertThat(shell.run("health", "--check")).isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.err()).contains("--as ACCOUNT/ROLE");
    assertThat(shell.run("health")).isZero();
    assertThat(shell.run("health", "--check", "--as", "commerce/etl"))
        .isEqualTo(ExitCode.NOT_FRESH);
    assertThat(shell.run("health", CommandMesh.REVENUE, "--check", "--as", "finance/analyst"))
        .as(shell.out())
        .isZero();
  }

  @Test
  void theOwnerSeesWhoIsNotifiedAndTheLastRejectedPublish() throws IOException {
    Path csv = folder.resolve("bad.csv");
    Files.writeString(csv, "orderId,amount,country\no-3,1000,DE\n");
    assertThat(shell.run("publish", ORDERS, csv.toString(), "--key", "day-2"))
        .isEqualTo(ExitCode.CONTRACT_VIOLATED);
    assertThat(shell.run("health", ORDERS)).isZero();
    assertThat(shell.out())
        .contains(
            "orders@example.org is notified",
            "by commerce/etl at ",
            "with the key day-2",
            "between");
    assertThat(shell.run("health", ORDERS, "--as", "finance/analyst")).isZero();
    assertThat(shell.out()).doesNotContain("day-2", "is notified");
  }

  @Test
  void aContractIsProposedForAPackedFile() throws IOException {
    Path packed = folder.resolve("orders.csv.gz");
    try (var out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      out.write("orderId;amount\no-3;1.5\n".getBytes(StandardCharsets.UTF_8));
    }
    assertThat(shell.run("product", "propose", packed.toString())).as(shell.err()).isZero();
    assertThat(shell.out()).contains("orderId", "amount");
    Files.write(packed, Arrays.copyOf(Files.readAllBytes(packed), 15));
    assertThat(shell.run("product", "propose", packed.toString()))
        .isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.err()).contains("orders.csv", "not a complete file of gzip");
    Path lines = folder.resolve("orders.jsonl.gz");
    try (var out = new GZIPOutputStream(Files.newOutputStream(lines))) {
      out.write("{\"orderId\": \"o-3\"}\n".getBytes(StandardCharsets.UTF_8));
    }
    assertThat(shell.run("product", "propose", lines.toString())).as(shell.err()).isZero();
    Path parquet = folder.resolve("orders.parquet.gz");
    Files.copy(lines, parquet);
    assertThat(shell.run("product", "propose", parquet.toString()))
        .isEqualTo(ExitCode.WRONG_REQUEST);
  }

  @Test
  void aSearchFindsWhatAnOdcsDocumentKeepsAndSaysWhere() throws IOException {
    Path document = folder.resolve("revenue.odcs.yaml");
    Files.writeString(
        document,
        """
        apiVersion: v3.2.0
        kind: DataContract
        id: revenue
        version: 1.0.0
        name: revenue
        domain: commerce
        context: Amounts exclude tax.
        schema:
        - name: invoice_lines
          businessName: Billing
          properties:
          - name: amount
            logicalType: number
            physicalType: decimal(18,2)
            synonyms:
            - synonym: netto
        """);
    String[] define = {"product", "define", "commerce/revenue", "--contract", document.toString()};
    assertThat(shell.run(define)).as(shell.err()).isZero();

    assertThat(shell.run("search", "netto", "--as", "finance/analyst")).isZero();
    assertThat(shell.out()).contains("FOUND IN", "commerce/revenue", "synonym \"netto\" of amount");
    assertThat(shell.run("search", "billing", "tax", "revenue")).isZero();
    assertThat(shell.out())
        .contains("name, ", "business name \"Billing\"", "business name \"revenue\"", "context");
  }

  @Test
  void helpIsPrintedForAVerbOfAVerb() {
    assertThat(shell.run("help", "domain", "add")).as(shell.err()).isZero();
    assertThat(shell.out()).contains("mesh domain add", "--owner");
    assertThat(shell.run("help", "publish")).isZero();
    assertThat(shell.out()).contains("--complete-up-to");
  }

  @Test
  void anUnknownVerbIsNamedWithTheNearestOne() {
    assertThat(shell.run("serch", "orders")).isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.err())
        .contains("'serch' is not a verb. Did you mean 'mesh search'?")
        .doesNotContain("Unmatched");
    assertThat(shell.run("frobnicate")).isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.err()).contains("'frobnicate' is not a verb.").doesNotContain("Did you mean");
    assertThat(shell.run("domain", "ad", "x")).isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.err())
        .contains("'ad' is not a verb of 'mesh domain'. Did you mean 'mesh domain add'?");
    assertThat(shell.run("links", "surplus")).isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.err()).contains("'mesh links' has no argument 'surplus'.");
    String[] misspelt = {"serch", "log"};
    assertThat(MeshProgram.isOlderForm(misspelt)).isFalse();
    assertThat(MeshProgram.isOlderForm(new String[] {"my-shop", "log"})).isTrue();
    assertThat(MeshProgram.isOlderForm(new String[] {"serv", "define"})).isTrue();
  }

  @Test
  void aMisspeltVerbOfEachGroupIsNamedWithTheNearestOne() {
    int groups = 0;
    for (String command : EachVerbTest.verbs()) {
      String[] words = command.split(" ");
      if (words.length == 2) {
        groups++;
        String misspelt = words[1].charAt(0) + words[1];
        for (List<String> rest : List.of(List.<String>of(), List.of(ORDERS))) {
          List<String> line = new ArrayList<>(List.of(words[0], misspelt));
          line.addAll(rest);
          assertThat(shell.run(line.toArray(String[]::new)))
              .as("%s", line)
              .isEqualTo(ExitCode.WRONG_REQUEST);
          assertThat(shell.err())
              .contains("'" + misspelt + "' is not a verb of 'mesh " + words[0] + "'.")
              .contains("Did you mean 'mesh " + command + "'?");
        }
      }
    }
    assertThat(groups).isGreaterThan(30);
  }

  @ParameterizedTest
  @CsvSource({
    "lint, contract lint",
    "breaking, contract breaking",
    "defin, product define",
    "anounce, rollout announce",
    "unsub, unsubscribe",
    "cat, read",
    "head, read",
    "get, read",
    "drop, product close"
  })
  void aVerbOfAGroupIsFoundWithoutItsGroupAndAVerbByItsBeginning(String word, String verb) {
    assertThat(shell.run(word)).isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.err()).contains("Did you mean 'mesh " + verb + "'?");
  }

  @Test
  void aShortWordIsNotTakenForAVerbWithOneLetterOfIt() {
    assertThat(shell.run("lsx")).isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.err()).contains("'lsx' is not a verb.").doesNotContain("Did you mean");
  }

  @Test
  void aMisspeltGroupIsNotTakenForTheVerbThatFollows() {
    assertThat(shell.run("rolout", "plan")).isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.err())
        .contains("'rolout' is not a verb. Did you mean 'mesh rollout plan'?")
        .doesNotContain("FILE.yaml");
    assertThat(shell.run("--as", "commerce/etl", "prodct", "--json", "defne", ORDERS))
        .isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.err()).contains("Did you mean 'mesh product define'?");
    assertThat(shell.run("quarantine", "shw")).isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.err()).contains("Did you mean 'mesh quarantine PRODUCT'?");
    assertThat(shell.run("quarantine", "show", ORDERS)).isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.err()).contains("Did you mean 'mesh quarantine " + ORDERS + "'?");
    assertThat(shell.run("domain", "list")).as(shell.err()).isZero();
  }

  @Test
  void anArgumentThatBeginsWithAnAtSignIsNotAFile() throws IOException {
    Path arguments = folder.resolve("arguments");
    Files.writeString(arguments, "orders");
    assertThat(shell.run("search", "@" + arguments)).as(shell.err()).isZero();
    assertThat(shell.out()).doesNotContain(ORDERS);
  }

  @Test
  void useKeepsTheMeshAndThePrincipalWhichOptionsAndVariablesReplace() {
    shell.variables.clear();
    shell.variables.put("XDG_CONFIG_HOME", folder.resolve("settings").toString());
    String mesh = "file:" + folder.resolve("mesh");
    assertThat(shell.run("use", mesh, "--as", "finance/analyst")).as(shell.err()).isZero();
    assertThat(shell.run("describe", ORDERS)).isZero();
    assertThat(shell.out()).contains("as finance/analyst");
    shell.variables.put("MESH_AS", "commerce/etl");
    assertThat(shell.run("describe", ORDERS)).isZero();
    assertThat(shell.out()).contains("as commerce/etl");
    assertThat(shell.run("describe", ORDERS, "--as", "a/b")).isZero();
    assertThat(shell.out()).contains("as a/b");
    String empty = "file:" + folder.resolve("empty");
    assertThat(shell.run("init", empty)).as(shell.err()).isZero();
    shell.variables.put("MESH_URL", empty);
    assertThat(shell.run("search", "")).as(shell.err()).isZero();
    assertThat(shell.out()).as("of the variable").doesNotContain(ORDERS);
    assertThat(shell.run("search", "", "--mesh", mesh)).as(shell.err()).isZero();
    assertThat(shell.out()).as("of the option").contains(ORDERS);
  }

  @Test
  void aUriMeansTheFolderOrFileThatItEncodes() throws IOException {
    String uri = folder.toUri() + "our%20M%C3%BCll%25";
    assertThat(shell.run("init", uri)).as(shell.err()).isZero();
    assertThat(folder.resolve("our Müll%")).isDirectory();
    assertThat(shell.run("search", "", "--mesh", uri)).as(shell.err()).isZero();
    assertThat(shell.run("init", "file:" + folder.resolve("a%20b"))).as(shell.err()).isZero();

    Path rows = folder.resolve("more rows.csv");
    Files.writeString(rows, "orderId,amount,country\no-3,1,DE\n");
    assertThat(shell.run("publish", ORDERS, rows.toUri().toString(), "--key", "uri"))
        .as(shell.err())
        .isZero();
  }

  @Test
  void aFolderOfSettingsThatIsNoPathIsNamed() {
    shell.variables.clear();
    shell.variables.put("XDG_CONFIG_HOME", "gr\0sse");
    assertThat(shell.run("use", "file:" + folder.resolve("mesh"))).isEqualTo(2);
    assertThat(shell.err()).contains("XDG_CONFIG_HOME", "LC_ALL=C.UTF-8").doesNotContain("bug");
  }

  @Test
  void aPublishedFileIsReadAndExported() throws IOException {
    Path csv = folder.resolve("orders.csv");
    Files.writeString(csv, "orderId,amount,country\no-3,1.5,DE\no-4,2,\"F,R\"\n");
    assertThat(shell.run("publish", ORDERS, csv.toString(), "--key", "day-2"))
        .as(shell.err())
        .isZero();
    JsonNode receipt = shell.json();
    assertThat(receipt.get("status").asText()).isEqualTo("published");
    assertThat(receipt.get("rows").asInt()).isEqualTo(2);
    assertThat(shell.run("publish", ORDERS, csv.toString(), "--key", "day-2")).isZero();
    assertThat(shell.json().get("status").asText()).isEqualTo("replayed");

    assertThat(shell.run("read", ORDERS, "--where", "amount < 3", "--json")).isZero();
    assertThat(shell.json().get("rows").findValuesAsText("orderId")).containsExactly("o-3", "o-4");

    Path out = folder.resolve("out.csv");
    assertThat(shell.run("export", ORDERS, out.toString(), "--columns", "orderId,country"))
        .isZero();
    assertThat(Files.readAllLines(out))
        .containsExactlyInAnyOrder("orderId,country", "o-1,DE", "o-2,FR", "o-3,DE", "o-4,\"F,R\"");
    Path lines = folder.resolve("out.jsonl");
    assertThat(shell.run("export", ORDERS, lines.toString(), "--limit", "1")).isZero();
    assertThat(TestShell.JSON.readTree(Files.readString(lines)).get("amount").isNumber()).isTrue();
  }

  @Test
  void aBrokenContractIsReportedByRuleAndLeftForAirflow() throws IOException {
    Files.createDirectories(folder.resolve("xcom"));
    Path csv = folder.resolve("bad.csv");
    Files.writeString(csv, "orderId,amount,country\no-3,1000,DE\n");
    assertThat(shell.run("publish", ORDERS, csv.toString())).isEqualTo(ExitCode.CONTRACT_VIOLATED);
    JsonNode failure = shell.json();
    assertThat(failure.get("exitCode").asInt()).isEqualTo(ExitCode.CONTRACT_VIOLATED);
    assertThat(Files.readString(folder.resolve("xcom/return.json"))).isEqualTo(shell.out());
  }

  @Test
  void aRejectedPublishCountsItsRowsInTheFieldsOfAnAcceptedOne() throws IOException {
    Path good = folder.resolve("good.csv");
    Files.writeString(good, "orderId,amount,country\no-8,10,DE\n");
    assertThat(shell.run("publish", ORDERS, good.toString())).isZero();
    JsonNode accepted = shell.json();
    QuestionSchemas.check("change", accepted);
    Path bad = folder.resolve("bad.csv");
    Files.writeString(bad, "orderId,amount,country\no-9,1000,DE\no-10,20,DE\n");

    for (List<String> door : List.of(List.<String>of(), List.of("--plan"))) {
      List<String> publish = new ArrayList<>(List.of("publish", ORDERS, bad.toString()));
      publish.addAll(door);
      assertThat(shell.run(publish.toArray(String[]::new))).isEqualTo(ExitCode.CONTRACT_VIOLATED);
      JsonNode rejected = shell.json();
      QuestionSchemas.check("change", rejected);
      for (String field : List.of("offered", "accepted", "quarantined", "qualityScore")) {
        assertThat(accepted.get(field).isNumber()).as(field).isTrue();
        assertThat(rejected.get(field).isNumber()).as("%s %s", field, rejected).isTrue();
      }
      assertThat(rejected.get("offered").asInt()).isEqualTo(2);
      assertThat(rejected.get("accepted").asInt()).isZero();
      assertThat(rejected.get("violations").properties())
          .singleElement()
          .satisfies(
              rule -> {
                assertThat(rule.getKey()).contains("between");
                assertThat(rule.getValue().asInt()).isOne();
              });
      assertThat(rejected.at("/findings/0/what").asText()).contains("between");
    }
    assertThat(accepted.get("violations").isObject()).isTrue();
  }

  @Test
  void aPublishThatExistingKeysRejectPlansAndFailsAlike() throws IOException {
    Path keyed = folder.resolve("keyed.json");
    Files.writeString(
        keyed,
        Contract.of(SchemaBuilder.record("Keyed").fields().requiredString("id").endRecord())
            .require(Rule.unique("id").scope(Rule.Scope.TABLE))
            .toJson());
    Path rows = folder.resolve("rows.csv");
    Files.writeString(rows, "id\na\n");
    assertThat(shell.run("product", "define", "commerce/keyed", "--contract", keyed.toString()))
        .as(shell.err())
        .isZero();
    assertThat(shell.run("publish", "commerce/keyed", rows.toString())).isZero();

    assertThat(shell.run("publish", "commerce/keyed", rows.toString(), "--plan"))
        .isEqualTo(ExitCode.CONTRACT_VIOLATED);
    JsonNode planned = shell.json();
    assertThat(shell.run("publish", "commerce/keyed", rows.toString()))
        .isEqualTo(ExitCode.CONTRACT_VIOLATED);
    for (String field : List.of("offered", "accepted", "quarantined", "violations", "findings")) {
      assertThat(planned.get(field)).as(field).isEqualTo(shell.json().get(field));
    }
    assertThat(shell.json().get("accepted").asInt()).isZero();
    assertThat(shell.json().get("violations")).hasSize(1);
  }

  @Test
  void anExportThatFailsLeavesNoFile() {
    Path out = folder.resolve("no.csv");
    String[] denied = {"export", "commerce/cards", out.toString(), "--as", "finance/analyst"};
    assertThat(shell.run(denied)).isEqualTo(ExitCode.DENIED);
    assertThat(shell.json().get("whoCanGrant")).isNotEmpty();
    assertThat(shell.run("export", ORDERS, folder.resolve("no.xlsx").toString()))
        .isEqualTo(ExitCode.WRONG_REQUEST);
    denied[2] = folder.resolve("no.parquet").toString();
    assertThat(shell.run(denied)).isEqualTo(ExitCode.DENIED);
    assertThat(folder).isDirectoryNotContaining(file -> file.toString().contains("no."));
  }

  @Test
  void anEmptySearchListsAllProducts() {
    try (Mesh mesh = LocalMesh.openExisting(folder.resolve("mesh"))) {
      MeshClient commerce = mesh.clientAs(Principal.of("commerce", "etl"));
      for (int i = 0; i < 50; i++) {
        commerce
            .defineProduct("commerce/p" + i)
            .contract(Contract.of(CommandMesh.Revenue.class).noticePeriod(Period.ofMonths(3)))
            .commit();
      }
    }
    assertThat(shell.run("search", "", "--json")).as(shell.err()).isZero();
    assertThat(shell.json().get("products")).hasSize(53);
    assertThat(shell.run("search", "", "--skip", "50", "--json")).isZero();
    assertThat(shell.json().get("products")).hasSize(3);
    assertThat(shell.run("search", "", "--limit", "2")).isZero();
    assertThat(shell.out()).contains("2 of 53");
    assertThat(shell.run("describe", "commerce/p1")).isZero();
    assertThat(shell.out()).contains("notice 3 months");
  }

  @Test
  void anEmptyFolderOfAirflowMeansTheUsualOne() {
    shell.variables.put("MESH_XCOM", "");
    assertThat(shell.run("tag", ORDERS, "none=here")).isNotZero();
    assertThat(Path.of("return.json")).doesNotExist();
  }

  @Test
  void aFolderOfAirflowThatCannotBeAPathChangesNoResult() {
    shell.variables.put("MESH_XCOM", "a\0b");
    shell.variables.put("MESH_AS", "commerce/etl");
    assertThat(shell.run("tag", "commerce", "--define", "team=shop")).as(shell.err()).isZero();
    assertThat(shell.err()).contains("MESH_XCOM cannot be used as a path");
    assertThat(shell.json().get("exitCode")).isNull();
  }

  @Test
  void aFileWhoseNameIsNoPathIsRefused() {
    assertThat(shell.run("publish", ORDERS, "a\0b.csv")).isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.err()).contains("is not a path").doesNotContain("bug");
  }

  @Test
  void aBatchIsAcknowledgedOnce() {
    shell.variables.put("MESH_AS", "finance/analyst");
    String[] subscribe = {"subscribe", ORDERS, "--name", "closing", "--for", "Closing"};
    assertThat(shell.run(subscribe)).as(shell.err()).isZero();
    String file = folder.resolve("batch.parquet").toString();
    assertThat(shell.run("poll", "closing", "--to", file)).as(shell.err()).isZero();
    assertThat(Path.of(file)).content(StandardCharsets.ISO_8859_1).startsWith("PAR1");
    String batch = shell.json().get("batch").asText();
    assertThat(shell.json().get("rows").asInt()).isEqualTo(2);
    file = folder.resolve("batch.jsonl").toString();
    assertThat(shell.run("poll", "closing", "--to", file)).isZero();
    assertThat(shell.json().get("batch").asText()).as("until acknowledged").isEqualTo(batch);
    assertThat(shell.run("ack", "closing", "other")).isEqualTo(ExitCode.CONFLICT);
    assertThat(shell.run("ack", "commerce/orders/closing", batch)).as(shell.err()).isZero();
    assertThat(shell.run("poll", "closing", "--to", file)).isEqualTo(ExitCode.NOTHING_NEW);
    assertThat(shell.run("ack", "closing", batch)).isEqualTo(ExitCode.CONFLICT);
    assertThat(shell.run("wait", "closing", "--at-most", "PT0.001S")).isEqualTo(ExitCode.NOT_FRESH);
    assertThat(shell.run("poll", "nope", "--to", file)).isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.err()).contains("commerce/orders/closing");
  }

  @Test
  void aRequestIsReviewedThenDecided() {
    String[] request = {
      "request", ORDERS, "--for", "Weekly", "--columns", "country", "--as", "finance/bot"
    };
    assertThat(shell.run(request)).as(shell.err()).isZero();
    String first = shell.json().get("request").asText();
    request[5] = "country,amount";
    assertThat(shell.run(request)).isZero();
    String second = shell.json().get("request").asText();
    assertThat(second).isNotEqualTo(first);
    assertThat(shell.run("requests")).isZero();
    assertThat(shell.out()).contains(second, "Weekly");
    assertThat(shell.run("approve", first)).as("an older revision").isEqualTo(ExitCode.CONFLICT);
    assertThat(shell.run("approve", ORDERS, "--plan", "--json")).as(shell.err()).isZero();
    String fingerprint = shell.json().get("fingerprint").asText();
    assertThat(shell.run("approve", second, "--planned", "0")).isEqualTo(ExitCode.CONFLICT);
    assertThat(shell.run("approve", second, "--planned", fingerprint)).as(shell.err()).isZero();
    assertThat(shell.json().get("state").asText()).isEqualTo("APPROVED");
    assertThat(shell.run("read", ORDERS, "--columns", "amount", "--as", "finance/bot")).isZero();
    assertThat(shell.run("deny", second, "--because", "late")).isEqualTo(ExitCode.CONFLICT);
  }

  @Test
  void aMessageThatExplainsItsOnlyFindingIsNotRepeated() {
    assertThat(shell.run("tag", ORDERS, "a=b")).isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.err()).containsOnlyOnce("defines no tag 'a'").containsOnlyOnce("Define a new");
    assertThat(shell.run("read", ORDERS, "--columns", "amuont")).isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.err()).containsOnlyOnce("amuont").containsOnlyOnce("Did you mean 'amount'?");
  }

  @Test
  void grantsAreReviewedListedAndRevoked() {
    String[] grant = {
      "grant", ORDERS, "--to", "finance/bot", "--columns", "country", "--because", "Test"
    };
    String[] plan = {"grant", ORDERS, "--to", "finance/bot", "--because", "Test", "--plan"};
    assertThat(shell.run(plan)).as(shell.err()).isZero();
    assertThat(shell.out()).contains("+ finance/bot SELECT commerce/orders", "fingerprint ");
    assertThat(shell.run(grant)).as(shell.err()).isZero();
    String id = shell.json().at("/grants/0/id").asText();
    assertThat(shell.run("who-can-read", ORDERS)).isZero();
    assertThat(shell.out()).contains("finance/bot", "orderId, amount", "grant " + id);
    String[] few = {"grant", ORDERS, "--to", "hr/bot", "--rows", "country = 'SE'"};
    assertThat(shell.run(with(few, "--because", "Test"))).as(shell.err()).isZero();
    String filtered = shell.json().at("/grants/0/id").asText();
    assertThat(shell.run("who-can-read", ORDERS)).isZero();
    assertThat(shell.out()).contains("country = 'SE' by grant " + filtered);
    assertThat(shell.run("explain", ORDERS, "--who", "hr/bot")).isZero();
    assertThat(shell.out()).contains("rows     country = 'SE' by grant " + filtered);
    assertThat(shell.run("explain", ORDERS, "--who", "finance/bot", "--json")).isZero();
    assertThat(shell.json().get("columns").get(0).asText()).isEqualTo("country");
    assertThat(shell.run("revoke", id)).as(shell.err()).isZero();
    assertThat(shell.run("explain", ORDERS, "--who", "finance/bot")).isZero();
    assertThat(shell.out()).contains("may not read");
  }

  @Test
  void tagsAreDefinedAndSet() {
    assertThat(shell.run("tag", "commerce", "--define", "level=low,high")).as(shell.err()).isZero();
    assertThat(shell.run("tag", ORDERS, "level=low", "--columns", "amount")).isZero();
    assertThat(shell.run("tag", ORDERS, "level=high")).isZero();
    assertThat(shell.run("search", "", "--tag", "level=high", "--json")).isZero();
    assertThat(shell.json().get("total").asInt()).isEqualTo(1);
  }

  @Test
  void rowsAreErasedFromAllFilesAfterAReview() {
    String[] erase = {"erase", ORDERS, "--where", "orderId = 'o-1'", "--because", "request 4711"};
    assertThat(shell.run(erase)).as("without --now").isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.run(with(erase, "--now", "--plan"))).as(shell.err()).isZero();
    assertThat(shell.out()).contains("erase from", "expire", "fingerprint");
    assertThat(shell.run(with(erase, "--now", "--key", "4711"))).as(shell.err()).isZero();
    assertThat(shell.json().at("/counts/rowsErased").asInt()).isEqualTo(1);
    assertThat(shell.json().at("/counts/rowsRead").asInt()).isEqualTo(1);
    assertThat(shell.err()).contains("Erased rows: 1.", "Backups");
  }

  @Test
  void rowsWithTheValuesOfAFileAreReadAndErased() throws IOException {
    Path keys = Files.writeString(folder.resolve("keys.txt"), "o-1\n\nnobody\n");
    String values = "orderId=" + keys;
    assertThat(shell.run("read", ORDERS, "--where-values", values, "--json"))
        .as(shell.err())
        .isZero();
    assertThat(shell.json().at("/rows")).hasSize(1);
    assertThat(shell.run("read", ORDERS, "--where-values", "ORDERID=" + keys, "--json"))
        .as(shell.err())
        .isZero();
    assertThat(shell.json().at("/rows")).hasSize(1);
    assertThat(shell.run("read", ORDERS, "--where-values", "orderId.part=" + keys))
        .isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.err()).contains("in column 'orderId', has no column 'part'");
    assertThat(shell.run("read", ORDERS, "--where-values", values, "--where", "TRUE"))
        .isEqualTo(ExitCode.WRONG_REQUEST);
    Files.writeString(keys, "secret\n");
    assertThat(shell.run("read", ORDERS, "--where-values", "amount=" + keys))
        .isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.err()).contains("Line 1 of ", "amount").doesNotContain("secret");
    Files.writeString(keys, "\n");
    String[] erase = {
      "erase", ORDERS, "--now", "--where-values", values, "--because", "request", "--key", "4711"
    };
    assertThat(shell.run(erase)).isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.err()).contains("has no values");
    Files.writeString(keys, "o\0-\0" + "1\0\n");
    assertThat(shell.run(erase)).as("UTF-16").isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.run(with(erase, "--where-values", values)))
        .as("a second file")
        .isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.err()).contains("Give --where-values once");
    Files.writeString(keys, "\uFEFFo-1\r\n");
    assertThat(shell.run(erase)).as(shell.err()).isZero();
    assertThat(shell.json().at("/counts/rowsErased").asInt()).isEqualTo(1);
    assertThat(shell.run("erase", ORDERS, "--now", "--because", "request"))
        .as("without rows")
        .isEqualTo(ExitCode.WRONG_REQUEST);
  }

  @Test
  void aKeyWithTwoValuesIsRefused() {
    for (String[] command :
        List.of(
            new String[] {"tag", ORDERS, "team=a", "team=b"},
            new String[] {"tag", "commerce", "--define", "team=a", "--define", "team=b"},
            new String[] {"search", "--tag", "team=a", "--tag", "team=b"},
            new String[] {
              "erase",
              ORDERS,
              "--now",
              "--because",
              "x",
              "--where",
              "TRUE",
              "--where-in",
              "2=TRUE",
              "--where-in",
              "02=FALSE"
            },
            new String[] {
              "search", "--reading-from", "lake=" + folder, "--reading-from", "lake=/"
            })) {
      assertThat(shell.run(command))
          .as(List.of(command).toString())
          .isEqualTo(ExitCode.WRONG_REQUEST);
      assertThat(shell.err()).contains(" has two values for ", "Give each key once.");
    }
  }

  private static String[] with(String[] command, String... options) {
    List<String> all = new ArrayList<>(List.of(command));
    all.addAll(List.of(options));
    return all.toArray(String[]::new);
  }

  @Test
  void linksAreMadeListedAndRemoved() {
    shell.variables.put("MESH_AS", "finance/analyst");
    assertThat(shell.run("link", ORDERS, "--into", "sources")).as(shell.err()).isZero();
    String link = shell.json().get("link").asText();
    assertThat(shell.run("links")).isZero();
    assertThat(shell.out()).contains(link, ORDERS);
    assertThat(shell.run("unlink", link)).isZero();
    assertThat(shell.run("unlink", link)).as("repeated").isIn(0, ExitCode.WRONG_REQUEST);
  }

  record OrderInCents(String orderId, long cents) {}

  private MeshClient inCents(Mesh mesh) {
    MeshClient commerce = mesh.clientAs(Principal.of("commerce", "etl"));
    commerce
        .startRollout(ORDERS)
        .contract(Contract.of(OrderInCents.class))
        .withoutHistory()
        .because("Amounts in cents")
        .commit()
        .activate()
        .commit();
    return commerce;
  }

  @Test
  void aSubscriptionToADeprecatedVersionNeedsAReason() {
    shell.variables.put("MESH_AS", "finance/analyst");
    try (Mesh mesh = LocalMesh.openExisting(folder.resolve("mesh"))) {
      inCents(mesh);
    }
    String[] old = {"subscribe", ORDERS, "--name", "old", "--for", "x", "--major", "1"};
    assertThat(shell.run(old)).isEqualTo(ExitCode.CONFLICT);
    assertThat(shell.err()).contains("add --allow-deprecated REASON.");

    assertThat(shell.run(with(old, "--allow-deprecated", "It ends"))).as(shell.err()).isZero();

    assertThat(shell.json().get("major").asInt()).isEqualTo(1);
    assertThat(shell.run("subscribe", ORDERS, "--name", "old", "--major", "2")).isZero();
    assertThat(shell.json().get("major").asInt()).isEqualTo(2);
    assertThat(shell.run("subscribe", ORDERS, "--name", "old", "--major", "1")).isZero();
  }

  @Test
  void aRolloutShowsTheRowsThatOneVersionHasAlone() throws Exception {
    assertThat(shell.run("rollout", ORDERS)).isEqualTo(ExitCode.WRONG_REQUEST);
    try (Mesh mesh = LocalMesh.openExisting(folder.resolve("mesh"))) {
      inCents(mesh)
          .publish(ORDERS)
          .records(List.of(new OrderInCents("o-9", 700)))
          .majorVersion(2)
          .onlyMajorVersion(2)
          .because("A correction")
          .commit();
    }

    assertThat(shell.run("rollout", ORDERS)).isZero();
    assertThat(shell.out())
        .contains("major version 1 -> 2  PARALLEL", "1 row changed in major version 2 alone")
        .contains("A correction");
    assertThat(shell.run("rollout", ORDERS, "--json")).isZero();
    assertThat(shell.json().get("differences"))
        .extracting(each -> each.get("reason").asText())
        .containsExactlyInAnyOrder("CHANGED_ALONE", "WITHOUT_HISTORY");
    QuestionSchemas.check("rollout", shell.json());
  }

  @Test
  void listsAreTablesAndDocuments() {
    for (List<String> question :
        List.of(
            List.of("domain", "list"),
            List.of("domain", "show", "commerce"),
            List.of("changes", ORDERS),
            List.of("consumers", ORDERS),
            List.of("fault", CommandMesh.REVENUE),
            List.of("lineage", ORDERS),
            List.of("impact", ORDERS, "amount"),
            List.of("log", ORDERS),
            List.of("history", ORDERS),
            List.of("quality", ORDERS),
            List.of("failures", ORDERS),
            List.of("quarantine", ORDERS),
            List.of("staged", ORDERS),
            List.of("audit", "--of", ORDERS),
            List.of("audit", "--verify"),
            List.of("links"),
            List.of("requests", "--sent", "--all"),
            List.of("doctor"),
            List.of("verify"),
            List.of("maintain", "--plan"),
            List.of("repair", "--plan"),
            List.of("use"))) {
      assertThat(shell.run(question.toArray(new String[0])))
          .as("%s: %s", question, shell.err())
          .isZero();
      assertThat(shell.out()).as("%s", question).isNotBlank();
      String[] asJson = question.toArray(new String[question.size() + 1]);
      asJson[question.size()] = "--json";
      assertThat(shell.run(asJson)).isZero();
      assertThat(shell.json().get("format").asInt()).isEqualTo(1);
    }
    assertThat(shell.run("fault", CommandMesh.REVENUE)).isZero();
    assertThat(shell.out()).contains(ORDERS, "orders@example.org");
  }

  @Test
  void healthChecksExitByTheWorst() {
    assertThat(shell.run("health", "--check")).isEqualTo(ExitCode.NOT_FRESH);
    assertThat(shell.run("health", CommandMesh.REVENUE, "--check")).isZero();
    assertThat(shell.out()).contains("– NO_PROMISE");
  }

  @Test
  void damageExitsWithTwentyAndAnUnreadableRegistryWithTwentyOne() throws IOException {
    Path mesh = folder.resolve("mesh");
    Path data;
    try (var files = Files.walk(mesh)) {
      data = files.filter(file -> file.toString().endsWith(".parquet")).findFirst().orElseThrow();
    }
    Files.delete(data);
    assertThat(shell.run("verify")).isEqualTo(ExitCode.FINDINGS);
    assertThat(shell.out()).startsWith("FILE_MISSING ");
    assertThat(shell.run("backup", folder.resolve("copy").toString())).isEqualTo(ExitCode.FINDINGS);
    Files.deleteIfExists(mesh.resolve("registry/mesh.db-wal"));
    Files.writeString(mesh.resolve("registry/mesh.db"), "no registry".repeat(1000));
    assertThat(shell.run("doctor")).isEqualTo(ExitCode.NOT_CHECKED);
  }

  @Test
  void contractsAreProposedDefinedAndAmended() throws IOException {
    Path csv = folder.resolve("items.csv");
    Files.writeString(csv, "item,price\na,1.5\nb,2.5\n");
    assertThat(shell.run("product", "propose", csv.toString())).as(shell.err()).isZero();
    Path contract = folder.resolve("items.odcs.yaml");
    String proposed = shell.out();
    assertThat(shell.run("product", "propose", csv.toString(), "--to", contract.toString()))
        .as(shell.err())
        .isZero();
    assertThat(contract).content().isEqualToIgnoringNewLines(proposed);
    Files.writeString(contract, "edited by hand");
    assertThat(shell.run("product", "propose", csv.toString(), "--to", contract.toString()))
        .isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.err()).contains(contract + " exists", "add --overwrite");
    assertThat(contract).content().isEqualTo("edited by hand");
    assertThat(
            shell.run(
                "product", "propose", csv.toString(), "--to", contract.toString(), "--overwrite"))
        .as(shell.err())
        .isZero();
    assertThat(contract).content().isEqualToIgnoringNewLines(proposed);
    Path utf16 = folder.resolve("utf16.json");
    Files.write(utf16, "{}".getBytes(StandardCharsets.UTF_16));
    assertThat(shell.run("product", "define", "commerce/x", "--contract", utf16.toString()))
        .isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.err()).contains("is not UTF-8").doesNotContain("exist?");
    String[] define = {"product", "define", "commerce/items", "--contract", contract.toString()};
    assertThat(shell.run(define)).as(shell.err()).isZero();
    String[] amend = {"product", "amend", "commerce/items", "--contract", contract.toString()};
    String described =
        Files.readString(contract)
            .replace("name: price", "name: price\n        description: In euro");
    Files.writeString(contract, described);
    assertThat(shell.run(amend)).as(shell.err()).isZero();
    assertThat(shell.json().get("contractVersion").asText()).isEqualTo("1.0.1");
    assertThat(shell.run("product", "define", "commerce/x", "--contract", "gone.yaml"))
        .isEqualTo(ExitCode.WRONG_REQUEST);
  }

  @Test
  void aPlanOfABreakingContractIsRefusedAsTheAmendmentIsAndNamesTheConsumers() throws Exception {
    String[] subscribe = {"subscribe", ORDERS, "--name", "ids", "--for", "Closing"};
    assertThat(shell.run(with(subscribe, "--as", "finance/analyst"))).as(shell.err()).isZero();
    Path csv = folder.resolve("less.csv");
    Files.writeString(csv, "orderId,amount\no-3,1.5\n");
    assertThat(shell.run("product", "propose", csv.toString())).as(shell.err()).isZero();
    Path contract = Files.writeString(folder.resolve("less.yaml"), shell.out());
    String[] amend = {"product", "amend", ORDERS, "--contract", contract.toString()};

    int refused = shell.run(amend);

    assertThat(refused).isEqualTo(ExitCode.CONTRACT_VIOLATED);
    assertThat(shell.run(with(amend, "--plan"))).isEqualTo(refused);
    assertThat(shell.out())
        .contains("country was removed", "breaks finance/ids, contact finance@example.org: ")
        .endsWith("refused\n")
        .doesNotContain("nothing to change");
    assertThat(shell.err()).contains("would be refused", "country was removed");
    assertThat(shell.run(with(amend, "--plan", "--json"))).isEqualTo(refused);
    JsonNode plan = shell.json();
    QuestionSchemas.check("change-plan", plan);
    assertThat(plan.get("allowed").asBoolean()).isFalse();
    assertThat(plan.at("/consumers/0/name").asText()).isEqualTo("finance/ids");
    assertThat(plan.at("/consumers/0/breaks").toString()).contains("country was removed");
  }

  @Test
  void misspelledVerbsAndOptionsAreCorrected() {
    assertThat(shell.run("serch", "x")).isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.err()).contains("search");
    assertThat(shell.run("search", "--jsno")).isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.err()).contains("--json");
    assertThat(shell.run("help", "publish")).isZero();
    assertThat(shell.out()).contains("--key");
  }

  @Test
  void theVersionIsThatOfTheJar() {
    assertThat(shell.run("--version")).as(shell.err()).isZero();
    assertThat(shell.out()).startsWith("mesh ").hasLineCount(1);
  }

  @Test
  void completionKnowsVerbsAndOptions() {
    assertThat(shell.run("completion")).isZero();
    assertThat(shell.out()).contains("who-can-read", "--planned").doesNotContain("\\u00");
  }

  @Test
  void bashReadsTheCompletion() throws Exception {
    assertThat(shell.run("completion")).isZero();
    Path script = Files.writeString(folder.resolve("completion.bash"), shell.out());
    String ask =
        ". '"
            + script
            + "'; COMP_WORDS=(mesh prom); COMP_CWORD=1; COMP_LINE='mesh prom'; COMP_POINT=9;"
            + " _complete_mesh mesh prom mesh 2>/dev/null; echo \"${COMPREPLY[@]}\"";
    Process bash = new ProcessBuilder("bash", "-c", ask).redirectErrorStream(true).start();
    String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(bash.waitFor()).as(said).isZero();
    assertThat(said.strip()).isEqualTo("promote");
  }

  @Test
  void onlyATerminalSeesProgress() throws IOException {
    Path csv = folder.resolve("orders.csv");
    Files.writeString(csv, "orderId,amount,country\no-3,1.5,DE\n");
    assertThat(shell.run("publish", ORDERS, csv.toString(), "--key", "one")).isZero();
    assertThat(shell.err()).doesNotContain("\u001B");
    assertThat(shell.onTerminal().run("publish", ORDERS, csv.toString(), "--key", "two")).isZero();
    assertThat(shell.err()).contains("\r\u001B[K");
    assertThat(shell.json().get("status").asText()).isEqualTo("published");
  }

  @Test
  void onlyATerminalSeesColour() {
    assertThat(shell.run("describe", ORDERS)).isZero();
    assertThat(shell.out()).doesNotContain("\u001B");
    assertThat(shell.onTerminal().run("describe", ORDERS)).isZero();
    assertThat(shell.out()).contains("\u001B[33m▲ LATE\u001B[0m");
  }
}
