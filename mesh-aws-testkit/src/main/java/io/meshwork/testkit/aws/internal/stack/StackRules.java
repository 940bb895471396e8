package io.meshwork.testkit.aws.internal.stack;

import io.meshwork.testkit.aws.internal.access.AccountOrganizations;
import io.meshwork.testkit.aws.internal.access.AwsErrorException;
import io.meshwork.testkit.aws.internal.access.AwsIdentity;
import io.meshwork.testkit.aws.internal.access.AwsPermissions;
import io.meshwork.testkit.aws.internal.access.AwsReply;
import io.meshwork.testkit.aws.internal.access.AwsRequest;
import io.meshwork.testkit.aws.internal.access.IamAction;
import io.meshwork.testkit.aws.internal.access.IamRoles;
import io.meshwork.testkit.aws.internal.access.NotEmulatedException;
import io.meshwork.testkit.aws.internal.access.ServiceRules;
import io.meshwork.testkit.aws.internal.stack.StackState.ChangeSet;
import io.meshwork.testkit.aws.internal.stack.StackState.Failure;
import io.meshwork.testkit.aws.internal.stack.StackState.Rollback;
import io.meshwork.testkit.aws.internal.stack.StackState.Stack;
import io.meshwork.testkit.aws.internal.stack.StackTemplate.StackResource;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * CloudFormation with change sets, as {@code aws cloudformation deploy} uses it. Stacks are created
 * when a change set is executed, before the reply, with the rights of the caller; what fails is
 * rolled back. Moto is not asked: it also takes templates that AWS does not.
 */
public final class StackRules implements ServiceRules {
  private static final int MAX_BODY = 51_200;
  private static final String FAILED = "FAILED";
  private static final Set<String> EMULATED =
      Set.of(
          "CreateChangeSet",
          "DeleteChangeSet",
          "DescribeChangeSet",
          "ExecuteChangeSet",
          "DescribeStacks",
          "DescribeStackEvents",
          "DetectStackResourceDrift",
          "UpdateTerminationProtection",
          "ContinueUpdateRollback",
          "DeleteStack",
          "GetTemplate",
          "GetTemplateSummary");

  /** What the AWS CLI sends without a value, as it sends an empty list. */
  private static final Set<String> EMPTY_LISTS = Set.of("Parameters", "NotificationARNs", "Tags");

  private static final Set<String> PARAMETERS =
      Set.of(
          "Action",
          "Version",
          "StackName",
          "ChangeSetName",
          "ChangeSetType",
          "TemplateBody",
          "Capabilities.member.1",
          "Description",
          "ImportExistingResources",
          "ClientRequestToken",
          "LogicalResourceId",
          "EnableTerminationProtection",
          "TemplateStage");

  private final StackState state;
  private final IamRoles roles;
  private final AwsPermissions permissions;
  private final AccountOrganizations organizations;
  private final AtomicReference<@Nullable URI> front;

  /**
   * Takes requests.
   *
   * @param front where the requests for resources are sent; set before the first request
   */
  public StackRules(
      StackState state,
      IamRoles roles,
      AwsPermissions permissions,
      AccountOrganizations organizations,
      AtomicReference<@Nullable URI> front) {
    this.state = state;
    this.roles = roles;
    this.permissions = permissions;
    this.organizations = organizations;
    this.front = front;
  }

  @Override
  public AwsReply ownReply(AwsRequest request, AwsIdentity caller) throws IOException {
    String operation = request.operation();
    Map<String, String> form = new TreeMap<>(request.form());
    if (!EMULATED.contains(operation)) {
      throw new NotEmulatedException("cloudformation:" + operation + " is not emulated.");
    }
    EMPTY_LISTS.forEach(name -> form.remove(name, ""));
    form.remove("DisableRollback", "false");
    for (String parameter : form.keySet()) {
      if (!PARAMETERS.contains(parameter) && !parameter.startsWith(Imports.TO_IMPORT)) {
        throw new NotEmulatedException(
            "The parameter " + parameter + " of cloudformation:" + operation);
      }
    }
    String region = request.scope().region();
    String name = form.getOrDefault("StackName", "");
    String arn =
        "arn:aws:cloudformation:%s:%s:stack/%s/emulated".formatted(region, caller.account(), name);
    String denial = permissions.denial(caller, IamAction.of("cloudformation:" + operation, arn));
    if (denial != null) {
      return AwsReply.error("cloudformation", 403, "AccessDenied", denial);
    }
    String result =
        switch (operation) {
          case "CreateChangeSet" -> createChangeSet(arn, form, calls(request.scope()));
          case "DeleteChangeSet" -> deleteChangeSet(arn, form);
          case "DescribeChangeSet" -> describe(changeSet(arn, form), key(arn, form));
          case "DetectStackResourceDrift" ->
              StackDrift.of(
                  calls(request.scope()), stack(arn, name).template(), logicalId(form), arn);
          case "GetTemplate" -> template(arn, stack(arn, name));
          case "UpdateTerminationProtection" -> protect(arn, form);
          case "ContinueUpdateRollback" ->
              continueRollback(arn, stack(arn, name), request.scope(), caller);
          case "DeleteStack" -> delete(arn, form, request.scope(), caller);
          case "ExecuteChangeSet" -> execute(arn, form, request.scope(), caller);
          case "DescribeStacks" ->
              name.isEmpty()
                  ? describeAll(region, caller.account())
                  : "<Stacks>" + describe(arn, stack(arn, name)) + "</Stacks>";
          case "GetTemplateSummary" -> summary(stack(arn, name));
          default -> events(stack(arn, name));
        };
    return AwsReply.xml(
        200,
        "<%1$sResponse><%1$sResult>%2$s</%1$sResult></%1$sResponse>".formatted(operation, result));
  }

  @Override
  public AwsReply reply(AwsRequest request, AwsIdentity caller, AwsReply reply) {
    return reply;
  }

  private Stack stack(String arn, String name) {
    Stack stack = state.stacks().get(arn);
    if (stack == null) {
      throw StackTemplate.invalid("Stack with id " + name + " does not exist");
    }
    return stack;
  }

  private FrontCalls calls(AwsRequest.Scope scope) {
    return new FrontCalls(
        Objects.requireNonNull(front.get()), scope.region(), scope.accessKey(), true);
  }

  private static String logicalId(Map<String, String> form) {
    return form.getOrDefault("LogicalResourceId", "");
  }

  /** Returns the ID of a change set, which a request has as its name too. */
  private static String key(String arn, Map<String, String> form) {
    String name = form.getOrDefault("ChangeSetName", "");
    return name.startsWith(arn) ? name : arn + " " + name;
  }

  private ChangeSet changeSet(String arn, Map<String, String> form) {
    ChangeSet changeSet = state.changeSets().get(key(arn, form));
    if (changeSet == null) {
      throw new AwsErrorException(
          "ChangeSetNotFound", "ChangeSet [" + form.get("ChangeSetName") + "] does not exist");
    }
    return changeSet;
  }

  private String deleteChangeSet(String arn, Map<String, String> form) {
    state.changeSets().remove(key(arn, form));
    return "";
  }

  private String protect(String arn, Map<String, String> form) {
    stack(arn, form.getOrDefault("StackName", ""));
    if ("true".equals(form.get("EnableTerminationProtection"))) {
      state.protectedStacks().add(arn);
    } else {
      state.protectedStacks().remove(arn);
    }
    return "<StackId>" + arn + "</StackId>";
  }

  /** A stack that was only reviewed has no template yet. */
  private static String template(String arn, Stack stack) {
    if (stack.body().isEmpty()) {
      throw StackTemplate.invalid("Stack with id " + arn + " does not exist");
    }
    return "<TemplateBody>" + AwsReply.escaped(stack.body()) + "</TemplateBody>";
  }

  private String createChangeSet(String arn, Map<String, String> form, FrontCalls calls)
      throws IOException {
    String body = form.getOrDefault("TemplateBody", "");
    if (body.length() > MAX_BODY) {
      throw StackTemplate.invalid("1 validation error detected: TemplateBody is too long");
    }
    StackTemplate template = StackTemplate.parse(body);
    requireCapabilities(template, form);
    Stack stack = state.stacks().get(arn);
    String type = form.getOrDefault("ChangeSetType", "UPDATE");
    boolean isImport = type.equals("IMPORT");
    boolean creates = type.equals("CREATE") || (isImport && stack == null);
    if (creates) {
      requireCreatable(stack, form);
    } else {
      requireChangeable(arn, stack, isImport, form);
    }
    StackTemplate before = stack == null ? new StackTemplate(Map.of()) : stack.template();
    Imports imports = new Imports(calls, state, arn);
    ChangeSet changeSet =
        isImport
            ? imports.named(template, body, before, form)
            : imports.existing(
                template, body, before, "true".equals(form.get("ImportExistingResources")));
    String key = key(arn, form);
    if (state.changeSets().putIfAbsent(key, changeSet) != null) {
      throw AwsErrorException.alreadyExists("The change set already exists");
    }
    state.working().put(key, "CREATE_IN_PROGRESS");
    if (creates) {
      state.stacks().put(arn, new Stack("REVIEW_IN_PROGRESS", before, "", List.of()));
    }
    return "<Id>" + key + "</Id><StackId>" + arn + "</StackId>";
  }

  private static void requireCapabilities(StackTemplate template, Map<String, String> form) {
    boolean namesRoles =
        template.resources().values().stream()
            .anyMatch(resource -> resource.type().startsWith("AWS::IAM::"));
    if (namesRoles
        && !"CAPABILITY_NAMED_IAM".equals(form.getOrDefault("Capabilities.member.1", ""))) {
      throw new AwsErrorException(
          "InsufficientCapabilitiesException", "Requires capabilities : [CAPABILITY_NAMED_IAM]");
    }
  }

  private static void requireCreatable(@Nullable Stack stack, Map<String, String> form) {
    if (stack != null && !isReviewed(stack)) {
      throw AwsErrorException.alreadyExists(
          "Stack [" + form.get("StackName") + "] already exists and cannot be created again");
    }
  }

  private static void requireChangeable(
      String arn, @Nullable Stack stack, boolean isImport, Map<String, String> form) {
    if (stack == null) {
      throw StackTemplate.invalid("Stack [" + form.get("StackName") + "] does not exist");
    }
    if (!stack.mayChange() && !(isImport && isReviewed(stack))) {
      throw StackTemplate.invalid(
          "Stack:" + arn + " is in " + stack.status() + " state and can not be updated.");
    }
  }

  private static boolean isReviewed(Stack stack) {
    return stack.status().equals("REVIEW_IN_PROGRESS");
  }

  private String describe(ChangeSet changeSet, String key) {
    StringBuilder changes = new StringBuilder();
    String working = state.working().remove(key);
    if (working != null) {
      return "<Status>"
          + working
          + "</Status><ExecutionStatus>UNAVAILABLE</ExecutionStatus><Changes/>";
    }
    new TreeMap<>(changeSet.changes())
        .forEach(
            (id, action) ->
                changes
                    .append("<member><Type>Resource</Type><ResourceChange><Action>")
                    .append(action)
                    .append("</Action><LogicalResourceId>")
                    .append(id)
                    .append("</LogicalResourceId></ResourceChange></member>"));
    String status =
        changeSet.refusal().isEmpty()
            ? "<Status>CREATE_COMPLETE</Status><ExecutionStatus>"
                + (changeSet.token().isEmpty() ? "AVAILABLE" : "EXECUTE_COMPLETE")
                + "</ExecutionStatus>"
            : "<Status>FAILED</Status><StatusReason>"
                + AwsReply.escaped(changeSet.refusal())
                + "</StatusReason><ExecutionStatus>UNAVAILABLE</ExecutionStatus>";
    return status + "<Changes>" + changes + "</Changes>";
  }

  /** Executes a change set once; with the same token, it is the same request. */
  private String execute(
      String arn, Map<String, String> form, AwsRequest.Scope scope, AwsIdentity caller)
      throws IOException {
    ChangeSet changeSet = changeSet(arn, form);
    String token = form.getOrDefault("ClientRequestToken", "none");
    if (changeSet.token().equals(token)) {
      return "";
    }
    if (!changeSet.refusal().isEmpty() || !changeSet.token().isEmpty()) {
      throw new AwsErrorException(
          "InvalidChangeSetStatus",
          "ChangeSet [" + form.get("ChangeSetName") + "] cannot be executed in its current status");
    }
    StackChanges resources = resources(scope, caller, changeSet.template());
    Stack stack =
        run(arn, resources, changeSet, stack(arn, form.getOrDefault("StackName", "")).body());
    // Other change sets of the stack are void.
    state.changeSets().keySet().removeIf(key -> key.startsWith(arn + " "));
    state.changeSets().put(key(arn, form), changeSet.executed(token));
    state.stacks().put(arn, stack);
    state.working().put(arn, operation(changeSet) + "_IN_PROGRESS");
    return "";
  }

  private StackChanges resources(
      AwsRequest.Scope scope, AwsIdentity caller, StackTemplate template) {
    FrontCalls calls = calls(scope);
    return new StackChanges(
        calls,
        roles,
        new OrganizationChanges(
            calls, organizations, state.people(), roles, permissions, caller, scope.region()),
        template);
  }

  /** Deletes a stack with its resources, except retained ones. */
  private String delete(
      String arn, Map<String, String> form, AwsRequest.Scope scope, AwsIdentity caller)
      throws IOException {
    Stack stack = state.stacks().get(arn);
    if (stack == null) {
      return "";
    }
    if (state.protectedStacks().contains(arn)) {
      throw StackTemplate.invalid(
          "Stack ["
              + form.get("StackName")
              + "] cannot be deleted while TerminationProtection is"
              + " enabled");
    }
    StackChanges resources = resources(scope, caller, stack.template());
    List<StackResource> all = new ArrayList<>(stack.template().inOrder());
    Collections.reverse(all);
    for (StackResource resource : all) {
      if (!resource.retained()) {
        resources.delete(resource);
      }
    }
    state.stacks().remove(arn);
    state.rollbacks().remove(arn);
    state.changeSets().keySet().removeIf(key -> key.startsWith(arn + " "));
    return "";
  }

  private String describeAll(String region, String account) {
    String prefix = "arn:aws:cloudformation:%s:%s:stack/".formatted(region, account);
    StringBuilder all = new StringBuilder("<Stacks>");
    new TreeMap<>(state.stacks())
        .forEach(
            (arn, stack) -> {
              if (arn.startsWith(prefix)) {
                all.append(describe(arn, stack));
              }
            });
    return all.append("</Stacks>").toString();
  }

  private static boolean isNew(ChangeSet changeSet) {
    return changeSet.before().resources().isEmpty();
  }

  private static String operation(ChangeSet changeSet) {
    return changeSet.isImport() ? "IMPORT" : isNew(changeSet) ? "CREATE" : "UPDATE";
  }

  private Stack run(String arn, StackChanges resources, ChangeSet changeSet, String bodyBefore)
      throws IOException {
    List<String> done = new ArrayList<>();
    List<Failure> failures = new ArrayList<>();
    for (StackResource resource : changeSet.template().inOrder()) {
      String action = changeSet.changes().getOrDefault(resource.id(), "");
      try {
        switch (action) {
          case "Add" -> {
            resources.create(resource);
            done.add(resource.id());
          }
          case "Modify" -> {
            StackResource before = before(changeSet, resource.id());
            if (!before.properties().equals(resource.properties())) {
              resources.change(before, resource);
            }
            done.add(resource.id());
          }
          default -> {}
        }
      } catch (AwsErrorException e) {
        failures.add(
            failure(resource, action.equals("Add") ? "CREATE_FAILED" : "UPDATE_FAILED", e));
        String result = rollBack(arn, resources, new Rollback(changeSet, done), failures);
        return new Stack(
            (isNew(changeSet) ? "" : "UPDATE_") + "ROLLBACK_" + result,
            isNew(changeSet) && result.equals(FAILED) ? changeSet.template() : changeSet.before(),
            isNew(changeSet) ? changeSet.body() : bodyBefore,
            failures);
      }
    }
    List<StackResource> before = new ArrayList<>(changeSet.before().inOrder());
    Collections.reverse(before);
    for (StackResource removed : before) {
      if ("Remove".equals(changeSet.changes().get(removed.id())) && !removed.retained()) {
        try {
          resources.delete(removed);
        } catch (AwsErrorException e) {
          failures.add(failure(removed, "DELETE_FAILED", e));
        }
      }
    }
    return new Stack(
        operation(changeSet) + "_COMPLETE", changeSet.template(), changeSet.body(), failures);
  }

  private static Failure failure(StackResource resource, String status, AwsErrorException e) {
    String name = resource.properties().path("RoleName").asText();
    return new Failure(resource.id(), name, status, e.code() + ": " + e.getMessage());
  }

  /** Changes resources back; returns COMPLETE, or FAILED with what is left in the state. */
  private String rollBack(
      String arn, StackChanges resources, Rollback rollback, List<Failure> failures)
      throws IOException {
    ChangeSet changeSet = rollback.changeSet();
    state.rollbacks().remove(arn);
    for (int i = rollback.changed().size() - 1; i >= 0; i--) {
      StackResource resource =
          Objects.requireNonNull(changeSet.template().resources().get(rollback.changed().get(i)));
      try {
        if ("Modify".equals(changeSet.changes().get(resource.id()))) {
          resources.change(resource, before(changeSet, resource.id()));
        } else if (!resource.retained()) {
          resources.delete(resource);
        }
      } catch (AwsErrorException e) {
        failures.add(failure(resource, "UPDATE_FAILED", e));
        state.rollbacks().put(arn, new Rollback(changeSet, rollback.changed().subList(0, i + 1)));
        return FAILED;
      }
    }
    return "COMPLETE";
  }

  private String continueRollback(
      String arn, Stack stack, AwsRequest.Scope scope, AwsIdentity caller) throws IOException {
    Rollback rollback = state.rollbacks().get(arn);
    if (rollback == null || !stack.status().equals("UPDATE_ROLLBACK_FAILED")) {
      throw StackTemplate.invalid(
          "Stack " + arn + " is in " + stack.status() + " state and can not continue a rollback");
    }
    List<Failure> failures = new ArrayList<>();
    StackChanges resources = resources(scope, caller, rollback.changeSet().template());
    String result = rollBack(arn, resources, rollback, failures);
    state
        .stacks()
        .put(arn, new Stack("UPDATE_ROLLBACK_" + result, stack.template(), stack.body(), failures));
    return "";
  }

  private static StackResource before(ChangeSet changeSet, String id) {
    return Objects.requireNonNull(changeSet.before().resources().get(id));
  }

  private String describe(String arn, Stack stack) {
    String working = state.working().remove(arn);
    return "<member><StackId>"
        + arn
        + "</StackId><StackName>"
        + arn.split("/", -1)[1]
        + "</StackName><CreationTime>2026-01-01T00:00:00Z</CreationTime><StackStatus>"
        + (working == null ? stack.status() : working)
        + "</StackStatus><EnableTerminationProtection>"
        + state.protectedStacks().contains(arn)
        + "</EnableTerminationProtection></member>";
  }

  private static String summary(Stack stack) {
    StringBuilder types = new StringBuilder();
    stack.template().resources().values().stream()
        .map(StackResource::type)
        .distinct()
        .forEach(type -> types.append("<member>").append(type).append("</member>"));
    return "<Parameters/><ResourceTypes>" + types + "</ResourceTypes>";
  }

  private static String events(Stack stack) {
    StringBuilder events = new StringBuilder();
    for (Failure failure : stack.failures()) {
      events
          .append("<member><LogicalResourceId>")
          .append(failure.resource())
          .append("</LogicalResourceId><PhysicalResourceId>")
          .append(AwsReply.escaped(failure.name()))
          .append("</PhysicalResourceId><ResourceStatus>")
          .append(failure.status())
          .append("</ResourceStatus>")
          .append("<ResourceStatusReason>")
          .append(AwsReply.escaped(failure.reason()))
          .append("</ResourceStatusReason></member>");
    }
    return "<StackEvents>" + events + "</StackEvents>";
  }
}
