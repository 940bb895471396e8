package io.meshwork.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
  void aSnapshotHasAnEmptyPlan() throws IOException {
    assertThat(apply()).as(shell.err()).isZero();
    Path copy = folder.resolve("copy");
    assertThat(shell.run("snapshot", "commerce", "--to", copy.toString())).as(shell.err()).isZero();
    assertThat(Files.readString(copy.resolve("mesh.yaml"))).contains("finance/closing", "audit");
    String code = copy.resolve("mesh.yaml").toString();
    assertThat(shell.run("plan", code, "--check")).as(shell.out() + shell.err()).isZero();
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
    assertThat(plan("--check")).as("the unmanaged grant").isEqualTo(ExitCode.FINDINGS);
    assertThat(apply("--prune")).as(shell.err()).isZero();
    assertThat(plan("--check")).as(shell.out()).isZero();
  }

  @Test
  void aBreakingContractIsRefusedAndACompatibleOneAmends() throws IOException {
    assertThat(apply()).as(shell.err()).isZero();
    Files.writeString(folder.resolve("orders.avsc"), CONTRACT.replace("double", "string"));
    assertThat(plan()).isZero();
    assertThat(shell.out()).contains("x contract of commerce/orders", "roll it out");
    assertThat(apply()).isEqualTo(ExitCode.WRONG_REQUEST);
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
