package io.meshwork.examples.awsaccounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.aws.AccountSetup.Template;
import io.meshwork.examples.story.StoryReport;
import io.meshwork.testkit.aws.AwsEmulator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The story prints what it read, and needs each part of each template. */
class AwsAccountsStoryTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SEED = Integer.getInteger("mesh.tests.seed", 0);
  private static final int IN_A_BUILD = 1;

  /** Reads the file of another mesh, so that the refusal of its place can name it. */
  private static final String EXPLAINS_REFUSALS = "FindMesh";

  /** A role in the account of the mesh that no template makes. */
  private static final String READERS = "mesh-market-reader";

  @TempDir private Path folder;

  /**
   * A part that the templates lack: a resource, or a statement of a policy.
   *
   * @param account the account that lacks it
   * @param role the name of the role; empty for another part
   */
  private record Removal(String part, List<Template> templates, String account, String role) {}

  @Test
  void theStoryRunsOnAccountsThatOnlyTemplatesMade() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (AwsEmulator aws = AwsEmulator.start()) {
      AwsAccountsStory.run(
          aws, folder, new StoryReport(new PrintStream(out, true, StandardCharsets.UTF_8)));
    }

    List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
    assertThat(lines)
        .extracting(line -> line.split(":", 2)[0].split(" \\{", 2)[0])
        .containsExactly(
            "STEP linted", "STEP deployed", "STEP published", "STEP linked", "STEP read", "RESULT");
    assertThat(lines.get(5))
        .isEqualTo(
            "RESULT {\"accounts\":5,\"rolesByHand\":0,\"stepsByHand\":6,\"rowsRead\":5,"
                + "\"superfluous\":0}");
    assertThat(folder.resolve("mesh-market-from-626161616161.616161616161.json"))
        .content()
        .contains("AWS::IAM::RolePolicy");
  }

  /** A build removes some parts, by its seed. */
  @Test
  void theStoryFailsWithoutAPart() throws IOException {
    removeEach(IN_A_BUILD);
  }

  @Test
  @Tag("nightly")
  void theStoryFailsWithoutAnyPart() throws IOException {
    removeEach(Integer.MAX_VALUE);
  }

  private void removeEach(int most) throws IOException {
    List<Integer> order = new ArrayList<>();
    try (AwsEmulator aws = AwsEmulator.start()) {
      int parts = removals(AwsAccountsStory.templates(aws, 0, folder)).size();
      assertThat(parts).isGreaterThan(150);
      for (int i = 0; i < parts; i++) {
        order.add(i);
      }
      Collections.shuffle(order, new Random(SEED));
      List<String> superfluous = new ArrayList<>();
      int first = Math.floorMod(System.nanoTime(), 5_000);
      for (int number : order.subList(0, Math.min(most, parts))) {
        int accounts = first + number;
        Path place = folder.resolve("without-" + number);
        Removal removal = removals(AwsAccountsStory.templates(aws, accounts, place)).get(number);
        forget(aws, removal);
        StoryReport report = new StoryReport(new PrintStream(new ByteArrayOutputStream()));
        Throwable failure =
            catchThrowable(
                () -> AwsAccountsStory.run(aws, accounts, removal.templates(), place, report));
        if (failure == null) {
          superfluous.add(removal.part());
        }
      }
      assertThat(superfluous).isEmpty();
    }
  }

  /**
   * A role that was deleted cannot be assumed. The emulator permits one that never was, also that
   * of readers, which a caller uses in place of its own.
   */
  private static void forget(AwsEmulator aws, Removal removal) {
    forget(aws, removal.templates().get(0).account(), READERS);
    if (!removal.role().isEmpty()) {
      forget(aws, removal.account(), removal.role());
    }
  }

  private static void forget(AwsEmulator aws, String account, String role) {
    String both = "{\"Resources\":{" + role("Other", "other") + ",%s}}";
    aws.runAs(account, "administrator");
    aws.deploy("removed", both.formatted(role("Removed", role)));
    aws.deploy("removed", "{\"Resources\":{" + role("Other", "other") + "}}");
  }

  private static String role(String id, String name) {
    return """
           "%s": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "%s",
             "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
               "Principal": {"AWS": ["arn:aws:iam::999999999999:root"]},
               "Action": ["sts:AssumeRole"]}]}}}
           """
        .formatted(id, name);
  }

  /** Returns the templates without each of their parts. */
  private static List<Removal> removals(List<Template> templates) throws IOException {
    List<Removal> removals = new ArrayList<>();
    for (Template template : templates) {
      JsonNode whole = JSON.readTree(template.body());
      for (Map.Entry<String, JsonNode> resource : whole.path("Resources").properties()) {
        String id = resource.getKey();
        ObjectNode less = whole.deepCopy();
        ((ObjectNode) less.path("Resources")).remove(id);
        if (!less.path("Resources").isEmpty()) {
          less.path("Resources").forEach(other -> removeDependency((ObjectNode) other, id));
          String type = resource.getValue().path("Type").asText();
          String role =
              type.equals("AWS::IAM::Role")
                  ? resource.getValue().at("/Properties/RoleName").asText()
                  : "";
          removals.add(removal(templates, template, id, less, role));
        }
        for (String policy : policies(resource.getValue())) {
          String path = "/Resources/" + id + "/Properties/" + policy;
          int statements = whole.at(path).path("Statement").size();
          for (int i = 0; i < statements; i++) {
            ObjectNode without = whole.deepCopy();
            ((ArrayNode) without.at(path).path("Statement")).remove(i);
            String sid = whole.at(path).path("Statement").path(i).path("Sid").asText();
            if (!sid.startsWith(EXPLAINS_REFUSALS)) {
              removals.add(
                  removal(templates, template, id + " " + policy + " " + sid, without, ""));
            }
          }
        }
      }
    }
    return removals;
  }

  private static void removeDependency(ObjectNode resource, String id) {
    JsonNode dependsOn = resource.path("DependsOn");
    for (int i = dependsOn.size() - 1; i >= 0; i--) {
      if (dependsOn.path(i).asText().equals(id)) {
        ((ArrayNode) dependsOn).remove(i);
      }
    }
  }

  /** Returns the paths of the policies of a resource; one with a single statement is its part. */
  private static List<String> policies(JsonNode resource) {
    List<String> policies = new ArrayList<>();
    JsonNode properties = resource.path("Properties");
    for (String document : List.of("AssumeRolePolicyDocument", "PolicyDocument")) {
      if (properties.path(document).path("Statement").size() > 1) {
        policies.add(document);
      }
    }
    for (int i = 0; i < properties.path("Policies").size(); i++) {
      policies.add("Policies/" + i + "/PolicyDocument");
    }
    return policies;
  }

  private static Removal removal(
      List<Template> templates, Template changed, String part, JsonNode body, String role) {
    List<Template> all = new ArrayList<>(templates);
    all.set(
        all.indexOf(changed),
        new Template(changed.stack(), changed.account(), changed.region(), body.toString()));
    return new Removal(changed.fileName() + " " + part, all, changed.account(), role);
  }
}
