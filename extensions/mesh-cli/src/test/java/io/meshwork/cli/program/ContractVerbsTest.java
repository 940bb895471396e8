package io.meshwork.cli.program;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.cli.ExitCode;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Contract files are checked and compared without a mesh. */
class ContractVerbsTest {
  private static final String ORDERS =
      """
      apiVersion: v3.1.0
      kind: DataContract
      id: orders
      version: 1.4.0
      status: active
      name: orders
      schema:
        - name: orders
          properties:
            - name: id
              logicalType: integer
              required: true
            - name: customer
              logicalType: string
              required: true
            - name: amount
              logicalType: number
      """;

  private static final String NOTE =
      """
            - name: note
              logicalType: string
      """;

  private static final String WITHOUT_CUSTOMER =
      ORDERS.replaceFirst("(?m)^ *- name: customer\n.*\n.*\n", "");

  record OrderWithCustomer(long id, String customer) {}

  record OrderWithoutCustomer(long id) {}

  @TempDir private Path folder;

  @SuppressWarnings("NullAway.Init") // JUnit calls writeTheOldContract first
  private TestShell shell;

  @SuppressWarnings("NullAway.Init") // as above
  private String old;

  @BeforeEach
  void writeTheOldContract() throws IOException {
    shell = new TestShell(folder);
    old = write("old.yaml", ORDERS);
  }

  private String write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  private JsonNode json(String schema, int code, String... arguments) throws IOException {
    assertThat(shell.run(arguments)).as(shell.err()).isEqualTo(code);
    QuestionSchemas.check(schema, shell.json());
    return shell.json();
  }

  @Test
  void aRemovedColumnBreaksConsumersAndNeedsTheNextMajorVersion() throws IOException {
    String next = write("new.yaml", WITHOUT_CUSTOMER.replace("1.4.0", "1.5.0"));

    assertThat(shell.run("contract", "breaking", old, next)).isEqualTo(ExitCode.CONTRACT_VIOLATED);

    assertThat(shell.out())
        .startsWith("Consumers of version 1.4.0 can read version 2.0.0: no\n")
        .contains("The version after 1.4.0 is 2.0.0; " + next + " says 1.5.0.")
        .contains(next + ":1: major: customer: customer was removed");
    assertThat(shell.run("contract", "diff", old, next)).isZero();
    JsonNode document =
        json("diff", ExitCode.CONTRACT_VIOLATED, "contract", "breaking", old, next, "--json");
    assertThat(document.get("breaking").asBoolean()).isTrue();
    assertThat(document.get("oldConsumersReadNew").asBoolean()).isFalse();
    assertThat(document.get("newConsumersReadOld").asBoolean()).isTrue();
    assertThat(document.get("nextVersion").asText()).isEqualTo("2.0.0");
    assertThat(document.at("/objects/0/changes/0/code").asText()).isEqualTo("CONSUMER_BREAK");
  }

  @Test
  void aNewOptionalColumnBreaksNobody() throws IOException {
    String next = write("new.yaml", ORDERS + NOTE);

    assertThat(shell.run("contract", "breaking", old, next)).as(shell.err()).isZero();

    assertThat(shell.out())
        .startsWith("Consumers of version 1.4.0 can read version 1.5.0: yes\n")
        .doesNotContain("note is new");
    assertThat(shell.run("contract", "diff", old, next)).isZero();
    assertThat(shell.out()).contains(next + ":18: minor: note: note is new");
    assertThat(shell.run("contract", "diff", old, old)).isZero();
    assertThat(shell.out())
        .isEqualTo("Consumers of version 1.4.0 can read version 1.4.0: yes\nNothing changes.\n");
  }

  @Test
  void aWeakerPromiseIsNamedAndBreaksNoReading() throws IOException {
    Contract promise = Contract.of(OrderWithCustomer.class).freshWithin(Duration.ofHours(1));
    String hourly = write("hourly.json", promise.toJson());
    String daily = write("daily.json", promise.freshWithin(Duration.ofDays(1)).toJson());

    JsonNode document = json("diff", 0, "contract", "breaking", hourly, daily, "--json");

    assertThat(document.get("verdict").asText()).isEqualTo("AMENDMENT");
    assertThat(document.get("breaking").asBoolean()).isFalse();
    assertThat(document.get("weakerPromises")).hasSize(1);
    assertThat(document.get("sentence").asText())
        .isEqualTo("Consumers of " + hourly + " can read " + daily + ": yes");
    assertThat(document.has("nextVersion")).isFalse();
    assertThat(shell.run("contract", "breaking", hourly, daily)).as(shell.err()).isZero();
    assertThat(shell.out())
        .contains("Weaker promises: freshWithin. They break no reading")
        .contains(daily + ":1: amendment: freshWithin: ");
    assertThat(shell.run("contract", "breaking", hourly, daily, "--annotations", "github"))
        .isZero();
    assertThat(shell.out()).startsWith("::warning file=");
    assertThat(shell.run("contract", "breaking", daily, hourly)).as(shell.out()).isZero();
    assertThat(shell.out()).doesNotContain("Weaker promises");
  }

  @Test
  void aWeakerRuleLetsRowsInThatConsumersDoNotExpect() throws IOException {
    Contract strict = Contract.of(OrderWithCustomer.class).require(Rule.between("id", 0, 100));
    String narrow = write("narrow.json", strict.toJson());
    String wide = write("wide.json", Contract.of(OrderWithCustomer.class).toJson());

    assertThat(shell.run("contract", "breaking", narrow, wide))
        .isEqualTo(ExitCode.CONTRACT_VIOLATED);

    assertThat(shell.out()).contains(": no\n", "between.id");
  }

  @Test
  void odcsAsJsonIsAContractForEveryVerb() throws IOException {
    String json =
        write(
            "orders.json",
            """
            {"apiVersion": "v3.1.0", "kind": "DataContract", "id": "orders", "version": "1.0.0",
             "status": "active", "schema": [{"name": "orders", "logicalType": "object", "properties": [
             {"name": "id", "logicalType": "integer", "required": true}]}]}
            """);
    shell.variables.put("MESH_URL", "file:" + folder.resolve("mesh"));
    shell.variables.put("MESH_AS", "commerce/etl");
    assertThat(shell.run("init")).isZero();
    assertThat(shell.run("domain", "add", "commerce", "--owner", "o@example.org")).isZero();

    assertThat(shell.run("contract", "lint", json)).as(shell.out()).isZero();
    assertThat(shell.run("product", "define", "commerce/orders", "--contract", json, "--strict"))
        .as(shell.err())
        .isZero();
    String csv = write("orders.csv", "id\n1\n");
    assertThat(shell.run("product", "define", "commerce/more", "--contract", csv))
        .isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.err()).contains("its name ends with none of .yaml");
  }

  @Test
  void lintAndDefineSayTheSameOfWhatIsKeptAndNotUsed() throws IOException {
    String file =
        write(
            "kept.yaml",
            ORDERS
                + """
                    quality:
                      - type: text
                slaProperties:
                  - property: latency
                    value: 26
                    unit: h
                """);
    shell.variables.put("MESH_URL", "file:" + folder.resolve("mesh"));
    shell.variables.put("MESH_AS", "commerce/etl");
    assertThat(shell.run("init")).isZero();
    assertThat(shell.run("domain", "add", "commerce", "--owner", "o@example.org")).isZero();

    assertThat(shell.run("contract", "lint", file)).as(shell.err()).isZero();
    assertThat(shell.out())
        .contains("is preserved, not used: a check without a description")
        .doesNotContain("no fault");
    assertThat(shell.run("product", "define", "commerce/orders", "--contract", file))
        .as(shell.err())
        .isZero();
    assertThat(shell.err()).contains("preserved, not used", "a check without a description");
    assertThat(shell.run("describe", "commerce/orders")).isZero();
    assertThat(shell.out()).contains("fresh within 26 h (no day is known yet)");
  }

  @Test
  void filesOfAllKindsAreCompared() throws IOException {
    String json = write("order.json", Contract.of(OrderWithCustomer.class).toJson());
    String avro = write("order.avsc", Contract.of(OrderWithCustomer.class).schema().toString());
    String less = write("less.avsc", Contract.of(OrderWithoutCustomer.class).schema().toString());

    assertThat(shell.run("contract", "breaking", json, avro)).as(shell.out()).isZero();
    assertThat(shell.run("contract", "breaking", avro, less)).isEqualTo(ExitCode.CONTRACT_VIOLATED);
    assertThat(shell.run("contract", "breaking", json, folder.resolve("none.json").toString()))
        .isEqualTo(ExitCode.WRONG_REQUEST);
  }

  @Test
  void theObjectsOfADocumentAreComparedByTheirNames() throws IOException {
    String second = ORDERS.substring(ORDERS.indexOf("  - name: orders"));
    String two = write("two.yaml", ORDERS + second.replace("name: orders", "name: returns"));
    String other =
        write("other.yaml", WITHOUT_CUSTOMER + second.replace("name: orders", "name: refunds"));

    JsonNode document =
        json("diff", ExitCode.CONTRACT_VIOLATED, "contract", "breaking", two, other, "--json");

    assertThat(document.get("objects").findValuesAsText("object"))
        .containsExactly("orders", "refunds", "returns");
    assertThat(document.at("/objects/1/added").asBoolean()).isTrue();
    assertThat(document.at("/objects/2/removed").asBoolean()).isTrue();
    assertThat(shell.run("contract", "breaking", two, other)).isEqualTo(ExitCode.CONTRACT_VIOLATED);
    assertThat(shell.out())
        .contains("major: orders.customer: customer was removed")
        .contains("major: returns: the object was removed")
        .doesNotContain("refunds");
  }

  @Test
  void eachFaultOfADocumentHasItsLine() throws IOException {
    String bad =
        write(
            "bad.yaml",
            ORDERS.replace("integer", "integre").replace("name: orders\ns", "nam: orders\ns"));
    String malformed = write("bad.json", "{\"schema\": 1,\n\"rules\"");

    assertThat(shell.run("contract", "lint", bad, old, malformed)).isEqualTo(ExitCode.FINDINGS);

    assertThat(shell.out())
        .contains(bad + ":6: error: nam: ")
        .contains(bad + ":11: error: schema[0].properties[0].logicalType: ")
        .contains(bad + ": 2 errors, 0 warnings, 0 notes.")
        .contains(old + ": no fault.")
        .contains(malformed + ":2: error: it is malformed");
    JsonNode document =
        json("lint", ExitCode.FINDINGS, "contract", "lint", bad, old, malformed, "--json");
    assertThat(document.get("valid").asBoolean()).isFalse();
    assertThat(
            StreamSupport.stream(document.get("files").spliterator(), false)
                .map(file -> file.get("findings").size()))
        .containsExactly(2, 0, 1);
    String csv = write("orders.csv", "id,customer\n1,a\n");
    assertThat(shell.run("contract", "lint", csv)).isEqualTo(ExitCode.FINDINGS);
  }

  @Test
  void whatWouldNotBeEnforcedIsAWarningAndStrictlyAnError() throws IOException {
    String sql =
        write(
            "sql.yaml",
            ORDERS
                + """
                    quality:
                      - type: sql
                        query: SELECT count(*) FROM {object}
                        mustBe: 0
                """);
    String zone =
        write("zone.yaml", ORDERS.replace("logicalType: number", "logicalType: timestamp"));

    assertThat(shell.run("contract", "lint", sql, zone)).as(shell.err()).isZero();
    assertThat(shell.out())
        .contains(sql + ":19: warning: schema[0].quality[0]: is not enforced: ")
        .contains(zone + ":17: note: schema[0].properties[2].logicalType: ")
        .contains("read as an instant in UTC");
    assertThat(shell.run("contract", "lint", sql, "--strict")).isEqualTo(ExitCode.FINDINGS);
    assertThat(shell.out()).contains(":19: error: schema[0].quality[0]: is not enforced: ");
    assertThat(shell.run("contract", "lint", zone, "--strict")).isEqualTo(ExitCode.FINDINGS);
    assertThat(shell.out()).contains(":16: error: schema[0].properties[2]: neither timezone");
  }

  @Test
  void annotationsOfGitHubAreWorkflowCommandsAndTheWordsAreOnStandardError() throws IOException {
    String next =
        write("100%,new.yaml", ORDERS.replace("logicalType: number", "logicalType: string") + NOTE);

    assertThat(shell.run("contract", "breaking", old, next, "--annotations", "github"))
        .isEqualTo(ExitCode.CONTRACT_VIOLATED);

    List<String> commands = shell.out().lines().toList();
    assertThat(commands)
        .hasSize(2)
        .allMatch(line -> line.contains("/100%25%2Cnew.yaml,line=16,title="));
    assertThat(commands.get(0))
        .startsWith("::error file=")
        .contains("title=CONSUMER_BREAK::amount: amount became string");
    assertThat(commands.get(1)).startsWith("::warning file=").contains("HISTORY_UNREADABLE");
    assertThat(shell.err()).contains("can read version 2.0.0: no");
    assertThat(shell.run("contract", "diff", old, next, "--annotations", "github")).isZero();
    assertThat(shell.out()).contains("::notice file=", "note is new");
    assertThat(shell.run("contract", "diff", old, next, "--annotations", "github", "--json"))
        .isEqualTo(ExitCode.WRONG_REQUEST);
  }

  @Test
  void annotationsOfGitLabAreOneReportOfCodeQuality() throws IOException {
    String bad = write("bad.yaml", ORDERS.replace("integer", "x").replace("number", "y"));

    assertThat(shell.run("contract", "lint", bad, "--annotations", "gitlab"))
        .isEqualTo(ExitCode.FINDINGS);

    JsonNode report = shell.json();
    assertThat(report).hasSize(2);
    assertThat(report.findValuesAsText("fingerprint")).doesNotHaveDuplicates().hasSize(2);
    assertThat(report.at("/0/severity").asText()).isEqualTo("major");
    assertThat(report.at("/0/check_name").asText()).isEqualTo("DOCUMENT_INVALID");
    assertThat(report.at("/0/location/path").asText()).isEqualTo(bad);
    assertThat(report.at("/0/location/lines/begin").asInt()).isEqualTo(11);
    assertThat(shell.run("contract", "lint", old, "--annotations", "gitlab")).isZero();
    assertThat(shell.out()).isEqualTo("[]\n");
  }
}
