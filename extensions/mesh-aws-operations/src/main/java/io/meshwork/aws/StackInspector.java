package io.meshwork.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.aws.AccountSetup.Template;
import io.meshwork.aws.DeployedStack.Changes;
import io.meshwork.aws.internal.AwsFailure;
import io.meshwork.aws.internal.DeniedPermission;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.Finding;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.runtime.Sha256;
import io.meshwork.internal.runtime.Sleeper;
import io.meshwork.operation.Plan;
import io.meshwork.product.Principal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.NullMarked;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudformation.model.ChangeSetType;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Compares stacks with their templates, and creates the change sets that change them.
 *
 * @param deployer the template of the role as which stacks are deployed
 * @param self the role of this process
 * @param steps creates the steps of the plan
 */
@NullMarked
record StackInspector(
    Template deployer,
    Function<Principal, AwsRoleCredentials> roles,
    Principal self,
    StackSteps steps,
    Sleeper sleeper,
    Deadline deadline) {
  private static final int NAME_DIGITS = 16;

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
        denial = DeniedPermission.sentence(role, e);
      }
    }
    return byHand(template, denial);
  }

  /**
   * Executes the change set of a stack; returns how the stack is left, with findings if it failed.
   */
  StackInspection executed(StackInspection inspection) {
    DeployedStack stacks = inspection.stacks().orElseThrow();
    try {
      if (inspection.isNew()) {
        // Before the first change, so that a run that is cut leaves no stack without it.
        stacks.protect();
      }
      Changes changes = inspection.changes().orElseThrow();
      String status = stacks.execute(changes.changeSet());
      if (!isChangeable(status)) {
        return failed(stacks, status);
      }
      List<Finding> findings =
          status.contains("ROLLBACK")
              ? StackFindings.failures(stacks, status)
              : changes.removes() ? StackFindings.undeleted(stacks) : List.of();
      return StackInspection.withoutChangeSet(
          inspection.template(), Optional.empty(), findings, status);
    } catch (AwsServiceException e) {
      return AwsFailure.isDenied(e)
          ? byHand(inspection.template(), DeniedPermission.sentence("this process", e))
          : blocked(inspection.template(), e);
    }
  }

  /** Returns true for the stack that creates the deployer, which an administrator changes. */
  private boolean isOfDeployer(Template template) {
    return template.equals(deployer);
  }

  /** The deployer cannot change its own rights. */
  private List<Principal> actingRoles(Template template) {
    List<Principal> all = new ArrayList<>();
    Principal role = Principal.of(template.account(), AccountRoles.DEPLOYER);
    if (!isOfDeployer(template)) {
      all.add(role);
    }
    if (self.account().equals(template.account()) && !self.equals(role)) {
      all.add(self);
    }
    if (isOfDeployer(template)) {
      all.add(role);
    }
    return all;
  }

  /** The deployer may neither read nor change its own role. */
  private boolean isOwn(Template template, Principal role) {
    return isOfDeployer(template) && role.role().equals(AccountRoles.DEPLOYER);
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
    boolean isLast = status.isPresent() && isOfDeployer(template) && takesAway(stacks);
    StackInspection inspection =
        isOwn(template, role)
            ? unchanged(
                template,
                steps.ofDeployer(stacks, role, isLast, status.isPresent()),
                role + " cannot change its own permissions")
            : changed(stacks, role, status.isPresent(), before, comparesResources);
    return inspection.last(isLast);
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
      changes =
          stacks.change(
              name + "-keep", type, StackSteps.retaining(wanted, DeployedStack.resources(wanted)));
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
        Optional.of(steps.change(stacks, role, changes, isChange, next)),
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
    ((ObjectNode) less.path("Resources")).retain(DeployedStack.BUCKET, DeployedStack.BUCKET_POLICY);
    return less;
  }

  /** Returns what the changes after the first do, which CloudFormation plans only after it. */
  private static String next(JsonNode wanted, JsonNode first) {
    Set<String> rest = new TreeSet<>(DeployedStack.resources(wanted));
    rest.removeAll(DeployedStack.resources(first));
    return rest.isEmpty()
        ? ""
        : "; then creates, or takes over where they exist, " + String.join(", ", rest);
  }

  private static StackInspection unchanged(
      DeployedStack stacks, String before, boolean comparesResources) {
    Template template = stacks.template();
    List<Finding> findings = comparesResources ? StackFindings.drifted(stacks) : List.of();
    return StackInspection.withoutChangeSet(
        template, Optional.empty(), findings, template.stack() + before + findings);
  }

  /** Returns a stack that CloudFormation does not change before an administrator did something. */
  private static StackInspection failed(DeployedStack stacks, String status) {
    Template template = stacks.template();
    return StackInspection.withoutChangeSet(
        template,
        Optional.of(StackSteps.ofFailed(template, status)),
        StackFindings.failures(stacks, status),
        template.stack() + status);
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
        List.of(StackFindings.refused(template, why)),
        template.stack() + before + why);
  }

  /** Returns a stack for its administrator, with the reason. */
  private StackInspection byHand(Template template, String reason) {
    return unchanged(template, steps.byHand(template, reason), reason);
  }

  private static StackInspection unchanged(Template template, Plan.Step step, String reason) {
    return StackInspection.withoutChangeSet(
        template, Optional.of(step), List.of(), template.stack() + reason);
  }

  /** Returns a stack that needs another one, which this process does not change. */
  static StackInspection waiting(Template template, Template needed) {
    return waiting(template, "it trusts the roles of " + needed.subject());
  }

  static StackInspection waiting(Template template, String reason) {
    return StackInspection.withoutChangeSet(
        template,
        Optional.of(
            new Plan.Step(
                StepVerbs.WAIT,
                template.subject(),
                reason + "; run this again after that is deployed",
                "")),
        List.of(),
        template.stack() + "waits");
  }
}
