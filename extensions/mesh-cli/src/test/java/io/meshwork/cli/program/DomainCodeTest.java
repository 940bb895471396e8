package io.meshwork.cli.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.access.Permission;
import io.meshwork.cli.ExitCode;
import io.meshwork.contract.Contract;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.testkit.ManualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A domain in files: plan, apply, snapshot. */
class DomainCodeTest {
  private static final String CONTRACT =
      """
      {"type": "record", "name": "Order", "fields": [
        {"name": "orderId", "type": "string"}, {"name": "amount", "type": "double"}]}
      """;

  private static final String OPTIONAL =
      "}, {\"name\": \"note\", \"type\": [\"null\", \"string\"], \"default\": null";

  private static final String CODE =
      """
      format: 1
      domain: {name: commerce, owner: orders@example.org}
      tags: {sensitivity: [public, internal]}
      products:
        orders: {contract: orders.avsc, tags: {sensitivity: internal}}
      grants:
        - {on: orders, to: [finance/closing, audit], columns: [orderId], because: Closing}
      """;

  private static final String EVENTS = "orderId,amount\no-1,2026-11-20T08:00:00.123456789Z\n";

  @TempDir private Path folder;

  @SuppressWarnings("NullAway.Init") // JUnit fills it before each test
  private TestShell shell;

  @SuppressWarnings("NullAway.Init") // JUnit fills it before each test
  private Path file;

  @BeforeEach
  void makeAnEmptyMesh() throws IOException {
    shell = new TestShell(folder);
    shell.variables.put("MESH_URL", "file:" + folder.resolve("mesh"));
    shell.variables.put("MESH_AS", "commerce/etl");
    assertThat(shell.run("init")).as(shell.err()).isZero();
    file = folder.resolve("mesh.yaml");
    Files.writeString(folder.resolve("orders.avsc"), CONTRACT);
    Files.writeString(file, CODE);
  }

  @Test
  void aProductHasItsOdpsDocument() throws IOException {
    Files.writeString(
        folder.resolve("orders.odcs.yaml"),
        """
        apiVersion: v3.1.0
        kind: DataContract
        id: c-orders
        version: 1.0.0
        status: active
        schema: [{name: Order, properties: [{name: orderId, logicalType: string}]}]
        """);
    String odps =
        """
        apiVersion: v1.0.0
        kind: DataProduct
        id: p-orders
        status: active
        name: orders
        domain: commerce
        outputPorts: [{name: table, version: 1.0.0, contractId: c-orders}]
        team: {name: desk, members: [{username: desk@example.org, role: owner}]}
        """;
    Path document = Files.writeString(folder.resolve("orders.odps.yaml"), odps);
    Files.writeString(
        file,
        """
        format: 1
        domain: {name: commerce, owner: orders@example.org}
        products:
          orders: {contract: orders.odcs.yaml, odps: orders.odps.yaml}
        """);
    assertThat(shell.run("apply", file.toString())).as(shell.err()).isZero();
    assertThat(shell.run("emit", "odps", "commerce/orders")).isZero();
    assertThat(shell.out()).contains("id: p-orders");
    assertThat(shell.run("describe", "commerce/orders")).isZero();
    assertThat(shell.out()).contains("desk@example.org");
    assertThat(plan("--check")).as(shell.out()).isZero();

    Files.writeString(document, odps + "tenant: north\n");
    assertThat(plan("--check")).as(shell.out()).isEqualTo(ExitCode.FINDINGS);
    assertThat(shell.run("apply", file.toString())).as(shell.err()).isZero();
    assertThat(shell.run("emit", "odps", "commerce/orders")).isZero();
    assertThat(shell.out()).contains("tenant: north");

    Path written = folder.resolve("written");
    assertThat(shell.run("snapshot", "commerce", "--to", written.toString())).isZero();
    assertThat(shell.run("plan", written.resolve("mesh.yaml").toString(), "--check")).isZero();
  }

  @Test
  void anAppliedFileHasAnEmptyPlan() {
    assertThat(plan("--check")).isEqualTo(ExitCode.FINDINGS);
    assertThat(shell.out())
        .contains("+ domain commerce", "+ product commerce/orders", "+ tag sensitivity=internal")
        .contains("+ grant on commerce/orders to finance/closing (orderId)");
    String fingerprint = fingerprint();
    assertThat(apply("--planned", "0")).isEqualTo(ExitCode.CONFLICT);
    assertThat(apply("--planned", fingerprint)).as(shell.err()).isZero();
    assertThat(plan("--check")).as(shell.out()).isZero();
    assertThat(shell.out()).isEqualTo("nothing to change\n");
    assertThat(apply()).isZero();
  }

  @Test
  void whatAContractDemandsAndTheMeshDoesNotEnforceIsToldAtEachDoorAndRefusedStrictly()
      throws IOException {
    String contract =
        """
        apiVersion: v3.2.0
        kind: DataContract
        id: orders
        version: 1.0.0
        schema:
          - name: orders
            properties:
              - name: orderId
                logicalType: string
                quality: [{type: sql, query: SELECT 1, mustBe: 0}]
        """;
    Path odcs = Files.writeString(folder.resolve("orders.yaml"), contract);
    Files.writeString(file, "format: 1\ndomain: {name: commerce, owner: orders@example.org}\n");
    assertThat(apply()).as(shell.err()).isZero();
    Files.writeString(
        file,
        """
        format: 1
        domain: {name: commerce, owner: orders@example.org}
        products: {orders: {contract: orders.yaml}}
        """);
    String[] define = {
      "product", "define", "commerce/orders", "--contract", odcs.toString(), "--plan"
    };
    String[] amend = {"product", "amend", "commerce/orders", "--contract", odcs.toString()};
    List<String[]> doors =
        List.of(
            define,
            new String[] {"plan", file.toString()},
            new String[] {"apply", file.toString()},
            amend);
    for (String[] door : doors) {
      List<String> strict = new ArrayList<>(List.of(door));
      strict.add("--strict");
      assertThat(shell.run(strict.toArray(String[]::new))).isEqualTo(ExitCode.WRONG_REQUEST);
      assertThat(shell.err())
          .contains("line 10", "quality[0]", "it is not enforced: SQL of another engine");
      assertThat(shell.run(door)).as(shell.err()).isZero();
      assertThat(shell.err())
          .contains("orders.yaml, line 10: not enforced: schema[0].properties[0].quality[0]: SQL")
          .contains("The mesh does not enforce 1 check of orders.yaml; --strict refuses");
    }
  }

  @Test
  void aSnapshotHasAnEmptyPlan() throws IOException {
    assertThat(apply()).as(shell.err()).isZero();
    Path copy = folder.resolve("copy");
    assertThat(shell.run("snapshot", "commerce", "--to", copy.toString())).as(shell.err()).isZero();
    assertThat(Files.readString(copy.resolve("mesh.yaml")))
        .contains("finance/closing", "audit")
        .as("nobody named a steward")
        .doesNotContain("steward");
    String code = copy.resolve("mesh.yaml").toString();
    assertThat(shell.run("plan", code, "--check")).as(shell.out() + shell.err()).isZero();
  }

  @Test
  void aSnapshotHasTextsThatReadersOfYaml11TakeForTexts() throws IOException {
    Files.writeString(file, CODE.replace("because: Closing", "because: 0x1F"));
    assertThat(apply()).as(shell.err()).isZero();
    assertThat(shell.run("tag", "commerce", "--define", "no=off,017,12:30:45,2026-11-27"))
        .as(shell.err())
        .isZero();
    String copy = folder.resolve("copy").toString();
    assertThat(shell.run("snapshot", "commerce", "--to", copy)).as(shell.err()).isZero();
    String code = copy + "/mesh.yaml";
    assertThat(Files.readString(Path.of(code)))
        .contains("\"no\":", "\"off\"", "\"017\"", "\"12:30:45\"", "\"2026-11-27\"")
        .contains("\"on\": commerce/orders", "because: \"0x1F\"", "format: 1\n", "open: false")
        .contains("owner: orders@example.org", "    - public\n");
    assertThat(shell.run("plan", code, "--check")).as(shell.out() + shell.err()).isZero();
  }

  @Test
  void changesOfAContractAreSentences() throws IOException {
    assertThat(apply()).as(shell.err()).isZero();
    String more =
        CONTRACT.replace(
            "]}",
            ", {\"name\": \"note\", \"type\": [\"null\", \"string\"], \"default\": null}, {\"name\":"
                + " \"place\", \"type\": [\"null\", \"string\"], \"default\": null}]}");
    Files.writeString(folder.resolve("orders.avsc"), more);
    assertThat(plan()).isZero();
    assertThat(shell.out()).contains("note", "place").doesNotContain(".;", ".,");
    assertThat(apply()).as(shell.err()).isZero();
    assertThat(shell.run("changes", "commerce/orders")).isZero();
    assertThat(shell.out()).contains("note", "place").doesNotContain(".;");
    Files.writeString(folder.resolve("orders.avsc"), CONTRACT.replace("double", "string"));
    assertThat(plan()).isZero();
    assertThat(shell.out()).contains("roll it out").doesNotContain(".;", ".)");
  }

  @Test
  void driftIsFoundAndPrunedOnlyIfWanted() {
    assertThat(apply()).as(shell.err()).isZero();
    assertThat(shell.run("grant", "commerce/orders", "--to", "other/bot", "--because", "Test"))
        .as(shell.err())
        .isZero();
    assertThat(shell.run("tag", "commerce/orders", "sensitivity=public")).isZero();
    assertThat(plan("--check")).isEqualTo(ExitCode.FINDINGS);
    assertThat(shell.out())
        .contains("! grant on commerce/orders to other/bot")
        .contains("~ tag sensitivity=internal on commerce/orders");
    assertThat(apply()).isZero();
    assertThat(shell.err()).contains("except for 1 unmanaged");
    assertThat(plan("--check")).as("the unmanaged grant").isEqualTo(ExitCode.FINDINGS);
    assertThat(apply("--prune")).as(shell.err()).isZero();
    assertThat(plan("--check")).as(shell.out()).isZero();
  }

  @Test
  void aProductThatExistsIsOpenedToTheMeshAndClosedAgain() throws IOException {
    assertThat(apply()).as(shell.err()).isZero();
    command("domain", "add", "finance", "--owner", "f@example.org", "--as", "finance/analyst");
    String[] read = {"read", "commerce/orders", "--as", "finance/analyst"};
    assertThat(shell.run(read)).isEqualTo(ExitCode.DENIED);
    String open = CODE.replace("orders.avsc,", "orders.avsc, open: true,");
    Files.writeString(file, open);
    assertThat(plan("--check")).isEqualTo(ExitCode.FINDINGS);
    assertThat(shell.out()).contains("+ commerce/orders is open to the mesh");
    assertThat(apply("--planned", fingerprint())).as(shell.err()).isZero();
    assertThat(plan("--check")).as(shell.out()).isZero();
    assertThat(shell.run(read)).as(shell.err()).isZero();
    Files.writeString(file, CODE);
    assertThat(apply("--prune")).as(shell.err()).isZero();
    assertThat(plan("--check")).as(shell.out()).isZero();
    assertThat(shell.run(read)).isEqualTo(ExitCode.DENIED);
    Files.writeString(folder.resolve("orders.avsc"), CONTRACT.replace("}]}", OPTIONAL + "}]}"));
    Files.writeString(file, open);
    assertThat(apply()).as("also with a new column: " + shell.err()).isZero();
    assertThat(plan("--check")).as(shell.out()).isZero();
    assertThat(shell.run(read)).as(shell.err()).isZero();
  }

  @Test
  void aGrantOnTheWholeDomainIsWrittenFoundAndPruned() throws IOException {
    Files.writeString(file, CODE + "  - {on: commerce, to: [finance/all], because: All}\n");
    assertThat(apply()).as(shell.err()).isZero();
    assertThat(plan("--check")).as(shell.out()).isZero();
    String written = applyASnapshotHereAndToAnEmptyMesh("copy");
    assertThat(written).contains("\"on\": commerce\n    to:\n      - finance/all\n");
    file = folder.resolve("mesh.yaml");
    Files.writeString(file, CODE);
    assertThat(plan("--check")).isEqualTo(ExitCode.FINDINGS);
    assertThat(shell.out()).contains("! grant on commerce to finance/all\n").containsOnlyOnce("! ");
    assertThat(apply("--prune")).as(shell.err()).isZero();
    assertThat(plan("--check")).as(shell.out()).isZero();
  }

  @Test
  void aProductWithNanosecondsIsDefinedByItsTableFormatAndMadeFromFiles() throws IOException {
    assertThat(apply()).as(shell.err()).isZero();
    String nanos = "{\"type\": \"long\", \"logicalType\": \"timestamp-nanos\"}";
    Path contract = folder.resolve("events.avsc");
    Files.writeString(contract, CONTRACT.replace("\"double\"", nanos));
    String[] define = {"product", "define", "commerce/events", "--contract", contract.toString()};
    assertThat(shell.run(define)).isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.err()).contains("define the product with --table-format 3. ");
    command(
        "product", "define", "commerce/events", "--contract", contract + "", "--table-format=3");
    Path rows = Files.writeString(folder.resolve("events.csv"), EVENTS);
    command("publish", "commerce/events", rows.toString());
    command("export", "commerce/events", "-", "--format", "csv");
    assertThat(shell.out()).isEqualToNormalizingNewlines(EVENTS);
    assertThat(applyASnapshotHereAndToAnEmptyMesh("copy")).contains("  events:\n    contract");
    Path copy = folder.resolve("copy/mesh.yaml");
    Files.writeString(copy, Files.readString(copy).replace("open: false", "open: true"));
    file = copy;
    assertThat(apply()).as(shell.err()).isZero();
    assertThat(plan("--check")).as(shell.out()).isZero();
  }

  @Test
  void aDefinitionOfATagThatIsNotInTheFileIsNoDifference() {
    assertThat(apply()).as(shell.err()).isZero();
    assertThat(shell.run("tag", "commerce", "--define", "drift=a,b")).as(shell.err()).isZero();
    assertThat(plan("--check")).as(shell.out()).isZero();
    assertThat(shell.err()).contains("Tag drift is not in the file");
    assertThat(apply("--prune")).as(shell.err()).isZero();
    assertThat(shell.err()).doesNotContain("unmanaged");
  }

  @Test
  void anotherGrantToTheSameRecipientIsFoundAndPruned() throws IOException {
    Files.writeString(
        file, CODE + "  - {on: orders, to: [finance/c], rows: ' AMOUNT  > 3 ', because: Test}\n");
    assertThat(apply()).as(shell.err()).isZero();
    assertThat(plan("--check")).as(shell.out()).isZero();
    assertThat(shell.run("grant", "commerce/orders", "--to", "finance/c", "--because", "By hand"))
        .as(shell.err())
        .isZero();
    assertThat(plan("--check")).as(shell.out()).isEqualTo(ExitCode.FINDINGS);
    assertThat(shell.out()).contains("! grant on commerce/orders to finance/c\n");
    Files.writeString(
        file, CODE + "  - {on: orders, to: [finance/c], rows: ' AMOUNT  > 3 ', because: New}\n");
    assertThat(plan()).isZero();
    assertThat(shell.out())
        .contains("~ grant on", "! grant on commerce/orders to finance/c\n")
        .containsOnlyOnce("! ");
    assertThat(apply("--prune")).as(shell.err()).isZero();
    assertThat(plan("--check")).as(shell.out()).isZero();
  }

  @Test
  void aSnapshotCanBeAppliedToAnEmptyMesh() throws IOException {
    Files.writeString(
        file, CODE.replace("{contract: orders.avsc,", "{contract: orders.avsc, owner: o@x.org,"));
    assertThat(apply()).as(shell.err()).isZero();
    Path copy = folder.resolve("copy");
    assertThat(shell.run("snapshot", "commerce", "--to", copy.toString())).as(shell.err()).isZero();
    file = copy.resolve("mesh.yaml");
    assertThat(Files.readString(file)).contains("owner: o@x.org").doesNotContain("description");
    shell.variables.put("MESH_URL", "file:" + folder.resolve("other"));
    assertThat(shell.run("init")).as(shell.err()).isZero();
    assertThat(apply()).as(shell.err()).isZero();
    assertThat(plan("--check")).as(shell.out()).isZero();
    assertThat(shell.run("describe", "commerce/orders", "--json")).isZero();
    assertThat(shell.out()).contains("o@x.org");
  }

  @Test
  void aSnapshotDuringARolloutHasAnEmptyPlanAndCanBeAppliedToAnEmptyMesh() throws IOException {
    String card = ", {\"name\": \"card\", \"type\": [\"null\", \"string\"], \"default\": null}]}";
    Files.writeString(folder.resolve("orders.avsc"), CONTRACT.replace("]}", card));
    String next = CONTRACT.replace("amount", "total").replace("]}", card.replace("card", "note"));
    String contract = Files.writeString(folder.resolve("next.avsc"), next).toString();
    String orders = "commerce/orders";
    Files.writeString(
        file,
        CODE
            + """
              - {on: orders, to: [finance/a], columns: [orderId, amount], because: Test}
              - {on: orders, to: [finance/b], except: [amount], because: Test}
              - {on: orders, to: [finance/c], except: [Card], because: Test}
              - {on: orders, to: [finance/d], columns: [orderId, card], because: Test}
              - {on: orders, to: [finance/e], columns: [card], because: Test}
              - {on: orders, to: [finance/f], rows: amount > 3, because: Test}
              - {on: orders, to: [finance/g], rows: "Card = 'x' and orderId = 'card'", because: Test}
              - {on: orders, to: [finance/h], rows: "orderId = 'card'", because: Test}
            """);
    assertThat(apply()).as(shell.err()).isZero();
    command(
        "rollout",
        "start",
        orders,
        "--contract",
        contract,
        "--rename",
        "amount=total",
        "--because",
        "T");
    command("grant", orders, "--to", "finance/i", "--columns", "note", "--because", "T");
    String ofTheOld =
        applyASnapshotHereAndToAnEmptyMesh(
            "prepared", "is left out: it needs note, which no major version has here");
    assertThat(ofTheOld)
        .contains("finance/e", "finance/g", "amount > 3")
        .doesNotContain("note", "total", "finance/i");
    command("rollout", "back-fill", orders);
    command("rollout", "activate", orders);
    assertThat(applyASnapshotHereAndToAnEmptyMesh("active", "finance/i")).isEqualTo(ofTheOld);
    command("rollout", "make-current", orders);
    assertThat(applyASnapshotHereAndToAnEmptyMesh("current", "finance/e", "finance/g"))
        .contains("finance/b\n    except:\n      - total\n", "finance/c\n    because")
        .contains("finance/d\n    columns:\n      - orderId\n    because")
        .contains("total > 3", "finance/h", "finance/i")
        .doesNotContain("- card", "amount", "finance/e", "finance/g");
  }

  @Test
  void aSnapshotAfterARolloutLeavesOutTheColumnsThatAreGone() throws IOException {
    String card = ", {\"name\": \"card\", \"type\": [\"null\", \"string\"], \"default\": null}]}";
    Files.writeString(folder.resolve("orders.avsc"), CONTRACT.replace("]}", card));
    Files.writeString(
        file,
        CODE
            + """
              - {on: orders, to: [finance/a], columns: [orderId, card], because: Test}
              - {on: orders, to: [finance/b], columns: [card], because: Test}
              - {on: orders, to: [finance/c], except: [card], because: Test}
              - {on: orders, to: [finance/d], rows: card = 'x', because: Test}
            """);
    assertThat(apply()).as(shell.err()).isZero();
    ManualClock clock = ManualClock.at(Instant.now());
    try (Mesh mesh = openAt(clock)) {
      MeshClient client = mesh.clientAs(Principal.of("commerce", "etl"));
      client
          .startRollout("commerce/orders")
          .contract(Contract.of(new Schema.Parser().parse(CONTRACT)))
          .because("Cards are private")
          .commit();
      MajorRollout rollout = client.rollout("commerce/orders");
      rollout.backFill().commit();
      rollout.announce().commit();
      rollout.activate().commit();
      rollout.makeCurrent().commit();
      rollout.close().commit();
      clock.advance(Duration.ofDays(200));
      rollout.retire().commit();
    }
    assertThat(applyASnapshotHereAndToAnEmptyMesh("retired", "finance/b", "finance/d"))
        .contains("finance/a\n    columns:\n      - orderId\n    because", "finance/c\n    because")
        .doesNotContain("dropped", "finance/b", "finance/d");
  }

  private Mesh openAt(ManualClock clock) {
    return LocalMesh.builder(folder.resolve("mesh"))
        .clock(clock)
        .testing()
        .sleeper(clock::advance)
        .open();
  }

  private void command(String... arguments) {
    assertThat(shell.run(arguments)).as(shell.err()).isZero();
  }

  /** Returns the snapshot of the mesh that was empty. */
  private String applyASnapshotHereAndToAnEmptyMesh(String name, String... notes)
      throws IOException {
    String here = shell.variables.get("MESH_URL");
    Path copy = folder.resolve(name);
    command("snapshot", "commerce", "--to", copy.toString());
    file = copy.resolve("mesh.yaml");
    assertThat(plan("--check")).as(shell.out() + shell.err()).isZero();
    assertThat(apply("--prune")).as(shell.err()).isZero();
    assertThat(shell.json().get("steps")).as(shell.err()).isEmpty();
    shell.variables.put("MESH_URL", here + "-" + name);
    assertThat(shell.run("init")).as(shell.err()).isZero();
    assertThat(apply()).as(shell.err()).isZero();
    for (String note : notes) {
      assertThat(shell.err()).contains(note);
    }
    assertThat(plan("--check")).as(shell.out() + shell.err()).isZero();
    command("snapshot", "commerce", "--to", copy + "-2");
    shell.variables.put("MESH_URL", here);
    return Files.readString(Path.of(copy + "-2", "mesh.yaml"));
  }

  @Test
  void aBlankTextOfADomainCountsAsAbsent() throws IOException {
    Files.writeString(
        file, CODE.replace("owner: orders@example.org", "owner: a@x.org, description: ' '"));
    assertThat(apply()).as(shell.err()).isZero();
    assertThat(plan("--check")).as(shell.out()).isZero();
  }

  @Test
  void aBreakingContractIsRefusedAndACompatibleOneAmends() throws IOException {
    assertThat(apply()).as(shell.err()).isZero();
    Files.writeString(folder.resolve("orders.avsc"), CONTRACT.replace("double", "string"));
    assertThat(plan()).isZero();
    assertThat(shell.out()).contains("x contract of commerce/orders", "roll it out");
    assertThat(apply()).isEqualTo(ExitCode.CONTRACT_VIOLATED);
    assertThat(shell.err()).contains("Nothing was changed");
    String more =
        CONTRACT.replace(
            "]}",
            ", {\"name\": \"note\", \"type\": [\"null\", \"string\"]," + " \"default\": null}]}");
    Files.writeString(folder.resolve("orders.avsc"), more);
    assertThat(plan()).isZero();
    assertThat(shell.out()).contains("~ contract of commerce/orders", "version 1.1.0");
    assertThat(apply()).as(shell.err()).isZero();
    assertThat(plan("--check")).as(shell.out()).isZero();
  }

  @Test
  void anUnknownKeyIsReportedWithItsPlace() throws IOException {
    Files.writeString(file, CODE.replace("because: Closing", "reason: Closing"));
    assertThat(plan()).isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.err()).contains("mesh.yaml:7:68: the key 'reason' is unknown", "because");
    Files.writeString(file, "format: 2\n");
    assertThat(plan()).isEqualTo(ExitCode.WRONG_REQUEST);
    Files.writeString(file, "format: [1\n");
    assertThat(plan()).isEqualTo(ExitCode.WRONG_REQUEST);
  }

  @Test
  void aCallerOfAnotherDomainIsRefused() throws IOException {
    assertThat(apply()).as(shell.err()).isZero();
    String finance = "finance/analyst";
    assertThat(shell.run("domain", "add", "finance", "--owner", "f@example.org", "--as", finance))
        .as(shell.err())
        .isZero();
    String copy = folder.resolve("copy").toString();
    for (String as : List.of(finance, "guest/reader")) {
      assertThat(plan("--as", as)).isEqualTo(ExitCode.WRONG_REQUEST);
      assertThat(apply("--prune", "--as", as)).isEqualTo(ExitCode.WRONG_REQUEST);
      assertThat(shell.err()).contains(as + " does not act for the domain commerce");
      assertThat(shell.run("snapshot", "commerce", "--to", copy, "--as", as))
          .isEqualTo(ExitCode.WRONG_REQUEST);
    }
    assertThat(folder.resolve("copy")).doesNotExist();
    assertThat(plan("--check")).as("nothing was pruned: " + shell.out()).isZero();
    Files.writeString(file, "format: 1\ndomain: {name: other, owner: o@example.org}\n");
    assertThat(plan()).as("a new domain").isEqualTo(ExitCode.WRONG_REQUEST);
  }

  @Test
  void aGrantOfOtherPermissionsIsNeitherWrittenNorPruned() throws IOException {
    assertThat(apply()).as(shell.err()).isZero();
    try (Mesh mesh = LocalMesh.openExisting(folder.resolve("mesh"))) {
      mesh.clientAs(Principal.of("commerce", "etl"))
          .grant("commerce/orders")
          .to(Principal.of("finance", "auditor"))
          .permissions(Permission.DESCRIBE)
          .because("Only what it is")
          .commit();
    }
    Path copy = folder.resolve("copy");
    assertThat(shell.run("snapshot", "commerce", "--to", copy.toString())).as(shell.err()).isZero();
    assertThat(Files.readString(copy.resolve("mesh.yaml"))).doesNotContain("finance/auditor");
    assertThat(plan("--check")).as(shell.out()).isZero();
    Files.writeString(file, CODE + "  - {on: orders, to: [finance/auditor], because: All}\n");
    assertThat(plan()).isZero();
    assertThat(shell.out()).contains("+ grant on commerce/orders to finance/auditor");
    assertThat(apply()).as(shell.err()).isZero();
    assertThat(plan("--check")).as(shell.out()).isZero();
  }

  @Test
  void theCaseOfColumnsAndTheSpacesOfAFilterMakeNoDifference() throws IOException {
    Files.writeString(
        file,
        CODE
            + """
              - {on: orders, to: [finance/a], columns: [AMOUNT, orderid], because: Test}
              - {on: orders, to: [finance/b], except: [Amount], because: Test}
              - {on: orders, to: [finance/c], rows: ' AMOUNT  > 3 ', because: Test}
            """);
    assertThat(apply()).as(shell.err()).isZero();
    assertThat(plan("--check")).as(shell.out()).isZero();
    assertThat(apply("--prune")).as(shell.err()).isZero();
    assertThat(shell.json().get("steps")).as(shell.err()).isEmpty();
  }

  @Test
  void aTagThatTheFileDefinesAndUsesCanBePlanned() throws IOException {
    assertThat(apply()).as(shell.err()).isZero();
    Files.writeString(
        file,
        CODE.replace("[public, internal]}", "[public, internal, secret], team: [a]}")
            .replace("{sensitivity: internal}", "{sensitivity: secret, team: a}"));
    assertThat(plan()).as(shell.err()).isZero();
    assertThat(shell.out())
        .contains("~ tag sensitivity=secret on", "+ tag team=a on", "+ tag team with the values a");
    assertThat(apply("--planned", fingerprint())).as(shell.err()).isZero();
    assertThat(plan("--check")).as(shell.out()).isZero();
  }

  @Test
  void tagsAreTheSameInCapitalsAndIfTheDomainHasThem() throws IOException {
    Files.writeString(
        file,
        CODE.replace("sensitivity: [public, internal]", "Sensitivity: [Public, Internal]")
            .replace("{sensitivity: internal}", "{Sensitivity: INTERNAL}"));
    assertThat(apply()).as(shell.err()).isZero();
    assertThat(plan("--check")).as(shell.out()).isZero();
    assertThat(shell.run("tag", "commerce", "sensitivity=internal")).as(shell.err()).isZero();
    assertThat(plan("--check")).as(shell.out()).isZero();
  }

  @Test
  void whatAGrantCannotSayIsReportedWithItsPlace() throws IOException {
    Files.writeString(file, CODE.replace("[finance/closing, audit]", "[mesh]"));
    assertThat(plan()).isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.err()).contains("mesh.yaml:7:", "'open: true'");
    Files.writeString(file, CODE.replace("orders.avsc", "\"a\\0b\""));
    assertThat(plan()).isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.err()).contains("mesh.yaml:5:", "a path cannot have this text");
  }

  @Test
  void aLinkToAWholeDomainIsOneLinkInFilesAndIsNotPruned() throws IOException {
    assertThat(apply()).as(shell.err()).isZero();
    shell.variables.put("MESH_AS", "finance/etl");
    Files.writeString(
        file,
        """
        format: 1
        domain: {name: finance, owner: finance@example.org}
        links:
          - {to: commerce, database: shop}
          - {to: commerce/orders, database: sources}
        """);
    assertThat(apply()).as(shell.err()).isZero();

    assertThat(plan("--check")).as(shell.out()).isZero();
    assertThat(apply("--prune")).as(shell.err()).isZero();
    assertThat(shell.json().get("steps")).as(shell.err()).isEmpty();
    Path copy = folder.resolve("copy");
    assertThat(shell.run("snapshot", "finance", "--to", copy.toString())).as(shell.err()).isZero();
    assertThat(Files.readString(copy.resolve("mesh.yaml")))
        .contains("- to: commerce\n    database: shop\n  - to: commerce/orders")
        .doesNotContain("database: shop\n    table");
    file = copy.resolve("mesh.yaml");
    assertThat(plan("--check")).as(shell.out()).isZero();

    Files.writeString(file, "format: 1\ndomain: {name: finance, owner: finance@example.org}\n");
    assertThat(plan()).isZero();
    assertThat(shell.out())
        .startsWith("! link shop\n! link sources.orders\n")
        .doesNotContain("shop.orders");
    assertThat(apply("--prune")).as(shell.err()).isZero();
    assertThat(plan("--check")).as(shell.out()).isZero();
  }

  @Test
  void aLinkToAWholeDomainTakesTheDatabaseOfPrunedLinksAndGivesItBack() throws IOException {
    assertThat(apply()).as(shell.err()).isZero();
    shell.variables.put("MESH_AS", "finance/etl");
    String domain = "format: 1\ndomain: {name: finance, owner: finance@example.org}\nlinks:\n";
    for (String target : List.of("commerce/orders", "commerce", "commerce/orders")) {
      Files.writeString(file, domain + "  - {to: " + target + ", database: shop}\n");

      assertThat(apply("--prune")).as(shell.err()).isZero();

      assertThat(plan("--check")).as(shell.out()).isZero();
    }
  }

  @Test
  void aLinkWithoutATableHasTheNameThatTheMeshGivesIt() throws IOException {
    Files.writeString(
        file,
        CODE.replace("products:", "products:\n  day-totals: {contract: orders.avsc}")
            + "links:\n  - {to: commerce/day-totals, database: own}\n");
    assertThat(apply()).as(shell.err()).isZero();

    assertThat(plan("--check")).as(shell.out()).isZero();
    assertThat(apply("--prune")).as(shell.err()).isZero();
    assertThat(shell.json().get("steps")).as(shell.err()).isEmpty();
  }

  @Test
  void aFixedLinkThatAFileLetsFollowRolloutsIsChanged() throws IOException {
    String link = "links:\n  - {to: commerce/orders, database: own";
    Files.writeString(file, CODE + link + "}\n");
    assertThat(apply()).as(shell.err()).isZero();

    Files.writeString(file, CODE + link + ", following: true}\n");

    assertThat(plan()).isZero();
    assertThat(shell.out()).contains("~ link own.orders to follow rollouts");
    assertThat(apply()).as(shell.err()).isZero();
    assertThat(plan("--check")).as(shell.out()).isZero();
    assertThat(shell.run("links", "--json")).isZero();
    assertThat(shell.json().get("links").findValuesAsText("following")).containsExactly("true");
  }

  @Test
  void aLinkThatFollowsRolloutsIsWrittenAndMadeAsOne() throws IOException {
    Files.writeString(
        file,
        CODE
            + """
            links:
              - {to: commerce/orders, database: own, table: fixed, following: false}
              - {to: commerce/orders, database: own, following: true}
            """);
    assertThat(apply()).as(shell.err()).isZero();

    assertThat(shell.run("links", "--json")).isZero();
    assertThat(shell.json().get("links").findValuesAsText("following"))
        .containsExactly("false", "true");
    Path copy = folder.resolve("copy");
    assertThat(shell.run("snapshot", "commerce", "--to", copy.toString())).as(shell.err()).isZero();
    assertThat(Files.readString(copy.resolve("mesh.yaml")))
        .contains("    table: fixed\n  - to")
        .contains("    table: orders\n    following: true\n");
    file = copy.resolve("mesh.yaml");
    assertThat(plan("--check")).as(shell.out()).isZero();
  }

  private String fingerprint() {
    assertThat(plan("--json")).isZero();
    return shell.json().get("fingerprint").asText();
  }

  private int plan(String... options) {
    return run("plan", options);
  }

  private int apply(String... options) {
    return run("apply", options);
  }

  private int run(String verb, String... options) {
    String[] all = new String[options.length + 2];
    all[0] = verb;
    all[1] = file.toString();
    System.arraycopy(options, 0, all, 2, options.length);
    return shell.run(all);
  }
}
