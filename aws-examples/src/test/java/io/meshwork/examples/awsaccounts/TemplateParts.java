package io.meshwork.examples.awsaccounts;

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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Runs a story without parts of its templates: a resource, or a statement of a policy. */
final class TemplateParts {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SEED = Integer.getInteger("mesh.tests.seed", 0);

  /** Reads the file of another mesh, so that the refusal of its place can name it. */
  private static final String EXPLAINS_REFUSALS = "FindMesh";

  /** A role of a registry that no template makes. */
  private static final String READERS = "mesh-market-reader";

  private TemplateParts() {}

  /** A story over accounts that have their number, from 0 to 9999, in their IDs. */
  interface Story {
    /** Returns the templates of the accounts. */
    List<Template> templates(AwsEmulator aws, int number, Path folder);

    /** Runs it with other templates. */
    void run(
        AwsEmulator aws, int number, List<Template> templates, Path folder, StoryReport report);
  }

  /**
   * What is left without a part.
   *
   * @param account the account that lacks it
   * @param role the name of the role; empty for another part
   */
  private record Removal(String part, List<Template> templates, String account, String role) {}

  /** Returns how many parts the templates of a story have. */
  static int count(Story story, AwsEmulator aws, Path folder) throws IOException {
    return removals(story.templates(aws, 0, folder)).size();
  }

  /**
   * Runs a story without each of some parts, which the seed of the build draws, and returns those
   * without which it does the same.
   *
   * @param most how many at most
   */
  static List<String> superfluous(Story story, int most, AwsEmulator aws, Path folder)
      throws IOException {
    List<Integer> order = new ArrayList<>();
    for (int i = count(story, aws, folder) - 1; i >= 0; i--) {
      order.add(i);
    }
    Collections.shuffle(order, new Random(SEED));
    List<String> superfluous = new ArrayList<>();
    int first = Math.floorMod(System.nanoTime(), 5_000);
    for (int number : order.subList(0, Math.min(most, order.size()))) {
      int accounts = first + number;
      Path place = folder.resolve("without-" + number);
      Removal removal = removals(story.templates(aws, accounts, place)).get(number);
      forget(aws, removal);
      StoryReport report = new StoryReport(new PrintStream(new ByteArrayOutputStream()));
      Throwable failure =
          catchThrowable(() -> story.run(aws, accounts, removal.templates(), place, report));
      if (failure == null) {
        superfluous.add(removal.part());
      }
    }
    return superfluous;
  }

  /**
   * A role that was deleted cannot be assumed. The emulator permits one that never was, also that
   * of readers, as which a caller without a registry role acts.
   */
  private static void forget(AwsEmulator aws, Removal removal) {
    removal.templates().forEach(template -> aws.withoutRole(template.account(), READERS));
    if (!removal.role().isEmpty()) {
      aws.withoutRole(removal.account(), removal.role());
    }
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
            removeEmptyPolicies((ObjectNode) without.at("/Resources/" + id + "/Properties"));
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

  /** A role without a policy is a lesser role; one with an empty policy cannot be made. */
  private static void removeEmptyPolicies(ObjectNode properties) {
    JsonNode policies = properties.path("Policies");
    for (int i = policies.size() - 1; i >= 0; i--) {
      if (policies.path(i).at("/PolicyDocument/Statement").isEmpty()) {
        ((ArrayNode) policies).remove(i);
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
