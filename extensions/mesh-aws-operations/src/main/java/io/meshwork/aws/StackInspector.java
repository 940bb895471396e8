package io.meshwork.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.aws.AccountSetup.Template;
import io.meshwork.aws.DeployedStack.Changes;
import io.meshwork.aws.internal.AwsFailure;
import io.meshwork.aws.internal.DeniedPermission;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.runtime.Sha256;
import io.meshwork.internal.runtime.Sleeper;
import io.meshwork.operation.Plan;
import io.meshwork.product.Principal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudformation.model.ChangeSetType;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Compares stacks with their templates, and makes the change sets that change them.
 *
 * @param self the role of this process
 * @param folder where templates are written that this process may not deploy
 */
@NullMarked
record StackInspector(
    OnboardedAccount account,
    Function<Principal, AwsRoleCredentials> roles,
    Principal self,
    Path folder,
    Sleeper sleeper,
    Deadline deadline) {
  private static final int NAME_DIGITS = 16;
  private static final String DELETION_POLICY = "DeletionPolicy";
  private static final String RESOURCES = "Resources";

  /** Verbs of steps, by what their change sets do most. */
  private static final String ADOPT = "adopt";

  private static final String CREATE = "create";
  static final String CHANGE = "change";

  private static final String FIX =
      "Remove the reason. Then run the plan, which says what is to be done by hand before.";

  /** Returns what is to be done with a stack, as the first role that may. */
  StackInspection inspect(Template template, boolean comparesResources) {
    String denial = "no role of the account " + template.account() + " can be assumed";
    for (Principal role : actingRoles(template)) {
      try {
        DeployedStack stacks =
            new DeployedStack(
                template, roles.apply(role).client(role, DeployedStack.SERVICE), sleeper, deadline);
        return inspect(stacks, role, comparesResources && !isOwn(template, role));
      } catch (AccessDeniedException e) {
        denial = e.reason();
      } catch (AwsServiceException e) {
        if (!AwsFailure.isDenied(e)) {
          return blocked(template, e);
        }
        denial = denial(role, e);
      }
    }
    return byHand(template, denial);
  }

  /**
   * Executes the change set of a stack; returns how the stack is left, with findings if it failed.
   */
  StackInspection executed(StackInspection found) {
    DeployedStack stacks = found.stacks().orElseThrow();
    try {
      if (found.isNew()) {
        // Before the first change, so that a run that is cut leaves no stack without it.
        stacks.protect();
      }
      Changes changes = found.changes().orElseThrow();
      String status = stacks.execute(changes.changeSet());
      if (!isChangeable(status)) {
        return failed(stacks, status);
      }
      List<Finding> findings =
          status.contains("ROLLBACK")
              ? failures(stacks, status)
              : changes.removes() ? undeleted(stacks) : List.of();
      return StackInspection.withoutChangeSet(found.template(), Optional.empty(), findings, status);
    } catch (AwsServiceException e) {
      return AwsFailure.isDenied(e)
          ? byHand(found.template(), denial("this process", e))
          : blocked(found.template(), e);
    }
  }

  static String denial(Object role, RuntimeException e) {
    return role
        + " lacks "
        + DeniedPermission.of(e)
            .map(denied -> "the permission " + denied.action())
            .orElse("a permission");
  }

  /** The deployer cannot change its own rights. */
  private List<Principal> actingRoles(Template template) {
    List<Principal> all = new ArrayList<>();
    Principal deployer = Principal.of(template.account(), OnboardedAccount.DEPLOYER);
    if (!account.isOfDeployer(template)) {
      all.add(deployer);
    }
    if (self.account().equals(template.account()) && !self.equals(deployer)) {
      all.add(self);
    }
    if (account.isOfDeployer(template)) {
      all.add(deployer);
    }
    return all;
  }

  /** The deployer may neither read nor change its own role. */
  private boolean isOwn(Template template, Principal role) {
    return account.isOfDeployer(template) && role.role().equals(OnboardedAccount.DEPLOYER);
  }

  private StackInspection inspect(DeployedStack stacks, Principal role, boolean comparesResources) {
    Template template = stacks.template();
    Optional<String> status = stacks.status();
    String before = status.orElse("absent");
    if (status.isPresent()) {
      if (!isChangeable(before)) {
        return failed(stacks, before);
      }
      JsonNode current = stacks.current();
      before += current;
      if (current.equals(stacks.wanted())) {
        return unchanged(stacks, before, comparesResources);
      }
    }
    boolean isLast = status.isPresent() && account.isOfDeployer(template) && takesAway(stacks);
    StackInspection found =
        isOwn(template, role)
            ? byHand(
                template,
                isLast ? "after the other stacks, " : "",
                role + " cannot change its own permissions",
                undo(stacks, status.isPresent(), Set.of()))
            : changed(stacks, role, status.isPresent(), before, comparesResources);
    return found.last(isLast);
  }

  /** Returns true if the deployer has all rights that its template gives it, and others. */
  private static boolean takesAway(DeployedStack stacks) {
    Set<String> current = rights(stacks.current());
    Set<String> wanted = rights(stacks.wanted());
    return current.containsAll(wanted) && !wanted.containsAll(current);
  }

  private static Iterable<JsonNode> each(JsonNode oneOrAll) {
    return oneOrAll.isTextual() ? List.of(oneOrAll) : oneOrAll;
  }

  private static Set<String> rights(JsonNode template) {
    Set<String> rights = new HashSet<>();
    for (JsonNode statement : template.findValues("Statement")) {
      for (JsonNode one : statement) {
        for (JsonNode action : each(one.path("Action"))) {
          for (JsonNode resource : each(one.path("Resource"))) {
            rights.add(action + " " + resource + " " + one.path("Condition"));
          }
        }
      }
    }
    return rights;
  }

  private static boolean isChangeable(String status) {
    return status.endsWith("_COMPLETE") && !status.equals("ROLLBACK_COMPLETE");
  }

  private StackInspection changed(
      DeployedStack stacks,
      Principal role,
      boolean isChange,
      String before,
      boolean comparesResources) {
    Template template = stacks.template();
    JsonNode wanted = stacks.wanted();
    String name =
        "mesh-"
            + Sha256.hex(String.join("\n", template.stack(), template.body(), before))
                .substring(0, NAME_DIGITS);
    ChangeSetType type = isChange ? ChangeSetType.UPDATE : ChangeSetType.CREATE;
    boolean takesPolicy = !isChange && hasPolicy(stacks, role);
    JsonNode first = takesPolicy ? ofBucket(wanted) : wanted;
    Changes changes = stacks.change(name, takesPolicy ? ChangeSetType.IMPORT : type, first);
    String next = next(wanted, first);
    if (DeployedStack.isForUnretained(changes)) {
      // Roles are deleted with their stack, so CloudFormation takes them over only if they were to
      // stay; the next change makes them as the template says.
      changes = stacks.change(name + "-keep", type, retaining(wanted, all(wanted)));
      next = "; then lets them be deleted with the stack, as its template says";
    }
    if (!changes.refusal().isEmpty()) {
      return blocked(template, before, "CloudFormation refuses the change: " + changes.refusal());
    }
    if (changes.actions().isEmpty()) {
      return unchanged(stacks, before, comparesResources);
    }
    return new StackInspection(
        template,
        Optional.of(stacks),
        Optional.of(step(stacks, role, changes, isChange, next)),
        Optional.of(changes),
        !isChange,
        false,
        List.of(),
        template.stack() + before + changes.actions());
  }

  /** A policy is taken over only by an import that names it, with its bucket. */
  private boolean hasPolicy(DeployedStack stacks, Principal role) {
    JsonNode policy = stacks.wanted().at("/Resources/BucketPolicy/Properties/Bucket");
    if (policy.isMissingNode()) {
      return false;
    }
    String bucket = policy.asText();
    try {
      return stacks
              .sent(
                  "S3 did not return the policy of the bucket " + bucket,
                  () -> roles.apply(role).s3(role).getBucketPolicy(get -> get.bucket(bucket)))
              .policy()
          != null;
    } catch (S3Exception e) {
      if (AwsFailure.codeOf(e).startsWith("NoSuchBucket")) {
        return false;
      }
      throw e;
    }
  }

  private static JsonNode ofBucket(JsonNode wanted) {
    ObjectNode less = wanted.deepCopy();
    ((ObjectNode) less.path(RESOURCES)).retain(DeployedStack.BUCKET, DeployedStack.BUCKET_POLICY);
    return less;
  }

  /** Returns what the changes after the first do, which CloudFormation plans only after it. */
  private static String next(JsonNode wanted, JsonNode first) {
    Set<String> rest = new TreeSet<>(all(wanted));
    rest.removeAll(all(first));
    return rest.isEmpty()
        ? ""
        : "; then creates, or takes over where they exist, " + String.join(", ", rest);
  }

  private static Set<String> all(JsonNode template) {
    Set<String> all = new TreeSet<>();
    template.path(RESOURCES).fieldNames().forEachRemaining(all::add);
    return all;
  }

  /** Returns a template with which resources stay if their stack is deleted. */
  private static JsonNode retaining(JsonNode wanted, Set<String> retained) {
    ObjectNode more = wanted.deepCopy();
    for (String id : retained) {
      ObjectNode resource = (ObjectNode) more.path(RESOURCES).path(id);
      if (!resource.has(DELETION_POLICY)) {
        resource.put(DELETION_POLICY, "Retain").put("UpdateReplacePolicy", "Retain");
      }
    }
    return more;
  }

  private Plan.Step step(
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
    if (isFollowed(stacks, changes, isChange)) {
      adopted.addAll(all(stacks.wanted())); // some may be there
    } else {
      adopted.removeIf(id -> !"Import".equals(changes.actions().get(id)));
    }
    return new Plan.Step(
        changes.imports() ? ADOPT : isChange ? CHANGE : CREATE,
        subject(stacks.template()),
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

  /**
   * Returns the commands after which the account is as before, but for what may have been there.
   *
   * @param isChange true if the stack exists
   * @param adopted the resources that it takes over, or may, which stay
   */
  private String undo(DeployedStack stacks, boolean isChange, Set<String> adopted) {
    Template template = stacks.template();
    StackCommands commands = template.commands();
    String keep =
        adopted.isEmpty()
            ? ""
            : deployed(template, "-keep-", retaining(stacks.wanted(), adopted)) + " && ";
    if (isChange) {
      return keep + deployed(template, "-before-", stacks.current());
    }
    return keep + commands.delete();
  }

  /** Returns a step that was made, whose undo leaves out what the next steps do. */
  Plan.Step done(StackInspection found) {
    Plan.Step step = found.step().orElseThrow();
    return isFollowed(found.stacks().orElseThrow(), found.changes().orElseThrow(), !found.isNew())
        ? new Plan.Step(
            step.verb(),
            step.subject(),
            step.detail(),
            "# after the undo of the next steps of this stack: "
                + found.template().commands().delete())
        : step;
  }

  /** Returns true for the first change of a new stack that takes over some of its resources. */
  private static boolean isFollowed(DeployedStack stacks, Changes changes, boolean isChange) {
    return !isChange
        && changes.actions().values().stream().allMatch("Import"::equals)
        && !changes.actions().keySet().containsAll(all(stacks.wanted()));
  }

  /** Writes a template that the next steps do not replace; returns the command that deploys it. */
  private String deployed(Template template, String what, JsonNode body) {
    String text = body.toString();
    try {
      return template
          .commands()
          .deploy(written(template, what + Sha256.hex(text).substring(0, NAME_DIGITS), text));
    } catch (BackendException e) {
      return "# the template for it could not be written: " + e.reason();
    }
  }

  static String subject(Template template) {
    return template.stack() + " in " + template.account();
  }

  private static StackInspection unchanged(
      DeployedStack stacks, String before, boolean comparesResources) {
    Template template = stacks.template();
    List<Finding> findings = new ArrayList<>();
    if (comparesResources) {
      for (String difference : stacks.differences()) {
        findings.add(
            new Finding(
                FindingCode.STACK_DRIFTED,
                Finding.Severity.WARNING,
                subject(template),
                difference + ".",
                0,
                List.of(),
                "Change it back, or create and execute a change set of the stack with the"
                    + " deployment mode REVERT_DRIFT."));
      }
      if (!stacks.isProtected()) {
        findings.add(unprotected(template));
      }
    }
    return StackInspection.withoutChangeSet(
        template, Optional.empty(), findings, template.stack() + before + findings);
  }

  private static Finding unprotected(Template template) {
    return new Finding(
        FindingCode.STACK_DRIFTED,
        Finding.Severity.WARNING,
        subject(template),
        "Its termination protection is off.",
        0,
        List.of(),
        template.commands().protect());
  }

  /** Returns a stack that CloudFormation does not change before an administrator did something. */
  private static StackInspection failed(DeployedStack stacks, String status) {
    Template template = stacks.template();
    String command =
        status.equals("UPDATE_ROLLBACK_FAILED")
            ? template.commands().continueRollback()
            : template.commands().delete();
    return StackInspection.withoutChangeSet(
        template,
        Optional.of(
            new Plan.Step(
                StackInspection.BY_HAND,
                subject(template),
                "its status is " + status + "; as an administrator: " + command,
                "")),
        failures(stacks, status),
        template.stack() + status);
  }

  /** Returns what stays although the template no longer has it. */
  private static List<Finding> undeleted(DeployedStack stacks) {
    List<Finding> findings = new ArrayList<>();
    stacks
        .failures()
        .forEach(
            (resource, reason) ->
                findings.add(
                    new Finding(
                        FindingCode.STACK_FAILED,
                        Finding.Severity.WARNING,
                        subject(stacks.template()),
                        resource
                            + " is no longer in the template, and could not be deleted: "
                            + reason,
                        0,
                        List.of(),
                        "Delete it as an administrator. The stack no longer has it.")));
    return findings;
  }

  /** Returns why a stack failed, an error for each resource. */
  private static List<Finding> failures(DeployedStack stacks, String status) {
    List<Finding> findings = new ArrayList<>();
    String subject = subject(stacks.template());
    stacks
        .failures()
        .forEach(
            (resource, reason) ->
                findings.add(
                    Finding.error(
                        FindingCode.STACK_FAILED,
                        subject,
                        resource + " failed, and the stack is " + status + ": " + reason,
                        FIX)));
    if (findings.isEmpty()) {
      findings.add(
          Finding.error(
              FindingCode.STACK_FAILED,
              subject,
              "The stack is " + status + ", and no event says why.",
              FIX));
    }
    return findings;
  }

  private static StackInspection blocked(Template template, AwsServiceException e) {
    return blocked(
        template,
        "",
        service(e) + " rejects a request, " + AwsFailure.describe(e) + ": " + AwsFailure.textOf(e));
  }

  private static String service(AwsServiceException e) {
    return e.awsErrorDetails() == null ? "AWS" : e.awsErrorDetails().serviceName();
  }

  private static StackInspection blocked(Template template, String before, String why) {
    return StackInspection.withoutChangeSet(
        template,
        Optional.empty(),
        List.of(Finding.error(FindingCode.STACK_FAILED, subject(template), why, FIX)),
        template.stack() + before + why);
  }

  /** Returns a stack for its administrator, with the reason. */
  private StackInspection byHand(Template template, String reason) {
    return byHand(template, "", reason, "# if it made the stack: " + template.commands().delete());
  }

  private StackInspection byHand(Template template, String when, String reason, String undo) {
    return StackInspection.withoutChangeSet(
        template,
        Optional.of(
            new Plan.Step(
                StackInspection.BY_HAND,
                subject(template),
                "deploy it as an administrator, "
                    + when
                    + "because "
                    + reason
                    + ": "
                    + template.commands().deploy(written(template, "", template.body())),
                undo)),
        List.of(),
        template.stack() + reason);
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

  /** Returns a stack that needs another one, which this process does not change. */
  static StackInspection waiting(Template template, Template needed) {
    return waiting(template, "it trusts the roles of " + subject(needed));
  }

  /** Returns a stack that waits for a reason. */
  static StackInspection waiting(Template template, String reason) {
    return StackInspection.withoutChangeSet(
        template,
        Optional.of(
            new Plan.Step(
                StackInspection.WAIT,
                subject(template),
                reason + "; run this again after that is deployed",
                "")),
        List.of(),
        template.stack() + "waits");
  }
}
