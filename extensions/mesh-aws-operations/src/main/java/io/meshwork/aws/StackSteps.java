package io.meshwork.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.aws.AccountSetup.Template;
import io.meshwork.aws.DeployedStack.Changes;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.runtime.Sha256;
import io.meshwork.operation.Plan;
import io.meshwork.product.Principal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;

/**
 * The steps of a plan that change stacks: what a change set does, or the command for an
 * administrator, and the commands that undo it.
 *
 * @param folder where the templates that commands deploy are written
 */
@NullMarked
record StackSteps(Path folder) {
  private static final int NAME_DIGITS = 16;
  private static final String DELETION_POLICY = "DeletionPolicy";
  private static final String RESOURCES = "Resources";

  /**
   * Returns the step of a change set.
   *
   * @param role the role that executes it
   * @param isChange true if the stack exists
   * @param next what the changes after it do, after a semicolon; empty if there are none
   */
  Plan.Step change(
      DeployedStack stacks, Principal role, Changes changes, boolean isChange, String next) {
    String does =
        changes.actions().entrySet().stream()
            .collect(
                Collectors.groupingBy(
                    Map.Entry::getValue,
                    TreeMap::new,
                    Collectors.mapping(Map.Entry::getKey, Collectors.joining(", "))))
            .entrySet()
            .stream()
            .map(action -> verb(action.getKey()) + " " + action.getValue())
            .collect(Collectors.joining("; "));
    Set<String> adopted = new TreeSet<>(changes.actions().keySet());
    if (!isChange && stacks.isFollowed(changes)) {
      adopted.addAll(DeployedStack.resources(stacks.wanted())); // some may be there
    } else {
      adopted.removeIf(id -> !"Import".equals(changes.actions().get(id)));
    }
    return new Plan.Step(
        changes.imports() ? StepVerbs.ADOPT : isChange ? StepVerbs.CHANGE : StepVerbs.CREATE,
        stacks.template().subject(),
        "as " + role + ", with " + changes.changeSet() + ": " + does + next,
        undo(stacks, isChange, adopted));
  }

  private static String verb(String action) {
    return switch (action) {
      case "Add" -> "creates";
      case "Import" -> "takes over, as it is,";
      case "Modify" -> "changes";
      case "Remove" -> "removes";
      default -> action;
    };
  }

  /** Returns the step of an administrator, for a template that no role of this process deploys. */
  Plan.Step byHand(Template template, String reason) {
    return byHand(
        template, "because " + reason, "# if it made the stack: " + template.commands().delete());
  }

  /**
   * Returns the step of an administrator for the rights of the deployer.
   *
   * @param isLast true if the other stacks are changed before
   * @param isChange true if the stack exists
   */
  Plan.Step ofDeployer(DeployedStack stacks, Principal deployer, boolean isLast, boolean isChange) {
    return byHand(
        stacks.template(),
        (isLast ? "after the other stacks, " : "")
            + "because "
            + deployer
            + " cannot change its own permissions",
        undo(stacks, isChange, Set.of()));
  }

  private Plan.Step byHand(Template template, String why, String undo) {
    String deploy = template.commands().deploy(written(template, "", template.body()));
    return new Plan.Step(
        StepVerbs.BY_HAND,
        template.subject(),
        "deploy it as an administrator, " + why + ": " + deploy,
        undo);
  }

  /** Returns the step of an administrator for a stack that CloudFormation does not change. */
  static Plan.Step ofFailed(Template template, String status) {
    String command =
        status.equals("UPDATE_ROLLBACK_FAILED")
            ? template.commands().continueRollback()
            : template.commands().delete();
    return new Plan.Step(
        StepVerbs.BY_HAND,
        template.subject(),
        "its status is " + status + "; as an administrator: " + command,
        "");
  }

  /** Returns a template with which resources stay if their stack is deleted. */
  static JsonNode retaining(JsonNode wanted, Set<String> retained) {
    ObjectNode more = wanted.deepCopy();
    for (String id : retained) {
      ObjectNode resource = (ObjectNode) more.path(RESOURCES).path(id);
      if (!resource.has(DELETION_POLICY)) {
        resource.put(DELETION_POLICY, "Retain").put("UpdateReplacePolicy", "Retain");
      }
    }
    return more;
  }

  /**
   * Returns the commands after which the account is as before, but for what may have been there.
   *
   * @param isChange true if the stack exists
   * @param adopted the resources that it takes over, or may, which stay
   */
  private String undo(DeployedStack stacks, boolean isChange, Set<String> adopted) {
    Template template = stacks.template();
    Optional<JsonNode> before = isChange ? Optional.of(stacks.current()) : Optional.empty();
    try {
      String keep =
          adopted.isEmpty()
              ? ""
              : deployed(template, "-keep-", retaining(stacks.wanted(), adopted)) + " && ";
      return keep
          + before
              .map(current -> deployed(template, "-before-", current))
              .orElseGet(template.commands()::delete);
    } catch (BackendException e) {
      return "# the templates for it could not be written: " + e.reason();
    }
  }

  /** Writes a template that the next steps do not replace; returns the command that deploys it. */
  private String deployed(Template template, String what, JsonNode body) {
    String text = body.toString();
    String suffix = what + Sha256.hex(text).substring(0, NAME_DIGITS);
    return template.commands().deploy(written(template, suffix, text));
  }

  /**
   * Writes a template for its command.
   *
   * @param suffix what the name of the file ends with
   * @return the file
   */
  private String written(Template template, String suffix, String body) {
    Path target = folder.toAbsolutePath().normalize();
    Path file = target.resolve(template.fileName().replaceFirst("\\.json$", suffix + ".json"));
    try {
      Files.createDirectories(target);
      Files.writeString(file, body);
    } catch (IOException e) {
      throw Failure.of(MeshAction.of(Verb.WRITE, "the template " + file))
          .because(e.toString())
          .state(DeployedStack.DONE_STAYS)
          .fix("Name a folder in which this process may write: templatesTo(..).")
          .cause(e)
          .lasting(ErrorCode.BACKEND_FAILED);
    }
    return file.toString();
  }
}
