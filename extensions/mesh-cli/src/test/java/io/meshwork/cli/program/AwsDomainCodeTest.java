package io.meshwork.cli.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.aws.AwsConfig;
import io.meshwork.aws.AwsMesh;
import io.meshwork.aws.AwsPolicies;
import io.meshwork.aws.AwsRoleKind;
import io.meshwork.cli.ExitCode;
import io.meshwork.product.Principal;
import io.meshwork.testkit.aws.AwsEmulator;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A domain in files on a mesh on AWS, as a role that has exactly the policies that Meshwork prints
 * for a steward and producer of the domain.
 */
class AwsDomainCodeTest {
  private static final String ACCOUNT = "111111111111";
  private static final String CONSUMER = "222222222222/analyst";

  @TempDir private Path folder;

  private final String name = "d" + UUID.randomUUID().toString().substring(0, 8);

  @AutoClose private final AwsEmulator aws = AwsEmulator.start();

  @SuppressWarnings("NullAway.Init") // JUnit fills it before each test
  private TestShell shell;

  @BeforeEach
  void makeTheMesh() throws Exception {
    aws.runAs(ACCOUNT, "admin");
    AwsMesh.make(config());
    shell = new TestShell(folder);
    shell.variables.put(
        "MESH_URL",
        "aws:" + aws.region() + "/" + ACCOUNT + "/" + name + "?endpoint=" + aws.endpoint());
    assertThat(run("domain", "add", "commerce", "--owner", "o@example.org", "--accounts", ACCOUNT))
        .as(shell.err())
        .isZero();
    // Who registers a domain administers it; a program names others.
    try (Mesh mesh = AwsMesh.builder(config()).open()) {
      mesh.client()
          .registerDomain("commerce")
          .administrators(Principal.of(ACCOUNT, "admin"), Principal.of(ACCOUNT, role()))
          .commit();
    }
    aws.runAs("222222222222", "analyst");
    assertThat(
            run(
                "domain",
                "add",
                "finance",
                "--owner",
                "f@example.org",
                "--accounts",
                "222222222222"))
        .as(shell.err())
        .isZero();
    AwsPolicies policies = AwsPolicies.of(config());
    AwsRoleKind[] kinds = {AwsRoleKind.steward("commerce"), AwsRoleKind.producer("commerce")};
    iam("CreateRole", Map.of("RoleName", role(), "AssumeRolePolicyDocument", trust()));
    attach("registry", policies.registry(kinds));
    attach("files", policies.files(ACCOUNT, kinds));
    aws.runAs(ACCOUNT, role());
  }

  private AwsConfig config() {
    return AwsConfig.inRegion(aws.region()).endpoint(aws.endpoint()).mesh(ACCOUNT, name);
  }

  private String role() {
    return "code-" + name;
  }

  private static String trust() {
    return
"""
{"Version":"2012-10-17","Statement":[{"Effect":"Allow",\
"Principal":{"AWS":"arn:aws:iam::%s:root"},"Action":["sts:AssumeRole","sts:TagSession"]}]}"""
        .formatted(ACCOUNT);
  }

  private void attach(String policy, String document) throws Exception {
    iam(
        "PutRolePolicy",
        Map.of("RoleName", role(), "PolicyName", policy, "PolicyDocument", document));
  }

  /** Calls the HTTP API of IAM; the emulator does not verify signatures. */
  private void iam(String action, Map<String, String> parameters) throws Exception {
    Map<String, String> form = new TreeMap<>(parameters);
    form.put("Action", action);
    form.put("Version", "2010-05-08");
    HttpRequest request =
        HttpRequest.newBuilder(aws.endpoint())
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header(
                "Authorization",
                "AWS4-HMAC-SHA256 Credential="
                    + aws.accessKey(ACCOUNT)
                    + "/20261122/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=0")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    form.entrySet().stream()
                        .map(
                            each ->
                                each.getKey()
                                    + "="
                                    + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
                        .collect(Collectors.joining("&"))))
            .build();
    HttpResponse<String> reply = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
  }

  private int run(String... command) {
    return shell.run(command);
  }

  private String write(String file, String text) throws IOException {
    return Files.writeString(folder.resolve(file), text).toString();
  }

  @Test
  void aDomainIsPlannedAppliedAndWrittenByARoleWithThePrintedPolicies() throws IOException {
    String csv = write("orders.csv", "orderId,amount\no-1,1.5\n");
    assertThat(run("product", "propose", csv)).as(shell.err()).isZero();
    write("orders.odcs.yaml", shell.out());
    String file =
        write(
            "mesh.yaml",
            """
            format: 1
            domain: {name: commerce, owner: o@example.org}
            tags: {level: [low, high]}
            products: {orders: {contract: orders.odcs.yaml, tags: {level: low}}}
            grants: [{on: orders, to: [%s], columns: [orderId], because: Closing}]
            """
                .formatted(CONSUMER));

    assertThat(run("plan", file)).as(shell.err()).isZero();
    assertThat(shell.out())
        .contains(
            "+ tag level",
            "+ product commerce/orders",
            "+ grant on commerce/orders to " + CONSUMER);
    String fingerprint = shell.out().lines().toList().get(4).replace("fingerprint ", "");
    assertThat(run("apply", file, "--planned", "0")).isEqualTo(ExitCode.CONFLICT);
    assertThat(run("apply", file, "--planned", fingerprint)).as(shell.err()).isZero();
    assertThat(run("plan", file, "--check")).as(shell.out()).isZero();

    assertThat(run("publish", "commerce/orders", csv)).as(shell.err()).isZero();
    assertThat(run("grant", "commerce/orders", "--to", "222222222222/intern", "--because", "Drift"))
        .as(shell.err())
        .isZero();
    assertThat(run("plan", file, "--check")).isEqualTo(ExitCode.FINDINGS);
    assertThat(shell.out()).contains("! grant on commerce/orders to 222222222222/intern");
    assertThat(run("apply", file, "--prune")).as(shell.err()).isZero();
    assertThat(run("plan", file, "--check")).as(shell.out()).isZero();

    String written = folder.resolve("written").toString();
    assertThat(run("snapshot", "commerce", "--to", written)).as(shell.err()).isZero();
    assertThat(run("plan", written + "/mesh.yaml", "--check")).as(shell.out()).isZero();
    assertThat(run("plan", file, "--as", ACCOUNT + "/other"))
        .as("an identity is compared")
        .isEqualTo(ExitCode.WRONG_REQUEST);
  }

  @Test
  void aRoleOfAnotherDomainPlansAndAppliesNothing() throws IOException {
    String file = write("mesh.yaml", "format: 1\ndomain: {name: commerce, owner: x@example.org}\n");
    aws.runAs("222222222222", "analyst");

    assertThat(run("plan", file)).isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(run("apply", file)).isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.err())
        .contains("222222222222/analyst", "does not act for the domain commerce");
    assertThat(run("domain", "show", "commerce", "--json")).as(shell.err()).isZero();
    assertThat(shell.json().path("owner").asText()).isEqualTo("o@example.org");
  }
}
