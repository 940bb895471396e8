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
 * CloudFormation with change sets, as {@code aws cloudformation deploy} uses it. Stacks are made
 * when a change set is executed, before the reply, with the rights of the caller; what fails is
 * rolled back. Moto is not asked: it also takes templates that AWS does not.
 */
public final class StackRules implements ServiceRules {
  private static final int MAX_BODY = 51_200;
  private static final Set<String> EMULATED =
      Set.of(
          "CreateChangeSet",
          "DescribeChangeSet",
          "ExecuteChangeSet",
          "DescribeStacks",
          "DescribeStackEvents",
          "GetTemplateSummary");
  private static final Set<String> PARAMETERS =
      Set.of(
          "Action",
          "Version",
          "StackName",
          "ChangeSetName",
          "ChangeSetType",
          "TemplateBody",
          "Capabilities.member.1",
          "Description");

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
    for (String parameter : form.keySet()) {
      if (!PARAMETERS.contains(parameter)) {
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
          case "CreateChangeSet" -> createChangeSet(arn, form);
          case "DescribeChangeSet" -> describe(changeSet(arn, form));
          case "ExecuteChangeSet" -> execute(arn, changeSet(arn, form), request.scope(), caller);
          case "DescribeStacks" -> describe(arn, stack(arn, name));
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

  private ChangeSet changeSet(String arn, Map<String, String> form) {
    String name = form.getOrDefault("ChangeSetName", "");
    ChangeSet changeSet = state.changeSets().get(arn + " " + name);
    if (changeSet == null) {
      throw new AwsErrorException("ChangeSetNotFound", "ChangeSet [" + name + "] does not exist");
    }
    return changeSet;
  }

  private String createChangeSet(String arn, Map<String, String> form) {
    String body = form.getOrDefault("TemplateBody", "");
    if (body.length() > MAX_BODY) {
      throw StackTemplate.invalid("1 validation error detected: TemplateBody is too long");
    }
    StackTemplate template = StackTemplate.parse(body);
    boolean namesRoles =
        template.resources().values().stream()
            .anyMatch(resource -> resource.type().startsWith("AWS::IAM::"));
    if (namesRoles
        && !"CAPABILITY_NAMED_IAM".equals(form.getOrDefault("Capabilities.member.1", ""))) {
      throw new AwsErrorException(
          "InsufficientCapabilitiesException", "Requires capabilities : [CAPABILITY_NAMED_IAM]");
    }
    Stack stack = state.stacks().get(arn);
    boolean creates = form.getOrDefault("ChangeSetType", "UPDATE").equals("CREATE");
    if (creates && stack != null && !stack.status().equals("REVIEW_IN_PROGRESS")) {
      throw AwsErrorException.alreadyExists(
          "Stack [" + form.get("StackName") + "] already exists and cannot be created again");
    }
    if (!creates && stack == null) {
      throw StackTemplate.invalid("Stack [" + form.get("StackName") + "] does not exist");
    }
    if (!creates && !Objects.requireNonNull(stack).mayChange()) {
      throw StackTemplate.invalid(
          "Stack:" + arn + " is in " + stack.status() + " state and can not be updated.");
    }
    StackTemplate before =
        stack == null ? new StackTemplate(Map.of()) : Objects.requireNonNull(stack).template();
    ChangeSet changeSet = new ChangeSet(template, before, template.changesFrom(before));
    String key = arn + " " + form.getOrDefault("ChangeSetName", "");
    if (state.changeSets().putIfAbsent(key, changeSet) != null) {
      throw AwsErrorException.alreadyExists("The change set already exists");
    }
    if (creates) {
      state.stacks().put(arn, new Stack("REVIEW_IN_PROGRESS", before, List.of()));
    }
    return "<Id>" + key + "</Id><StackId>" + arn + "</StackId>";
  }

  private static String describe(ChangeSet changeSet) {
    StringBuilder changes = new StringBuilder();
    changeSet
        .changes()
        .forEach(
            (id, action) ->
                changes
                    .append("<member><Type>Resource</Type><ResourceChange><Action>")
                    .append(action)
                    .append("</Action><LogicalResourceId>")
                    .append(id)
                    .append("</LogicalResourceId></ResourceChange></member>"));
    String status =
        changeSet.changes().isEmpty()
            ? "<Status>FAILED</Status><StatusReason>The submitted information didn't contain"
                + " changes. Submit different information to create a change set.</StatusReason>"
                + "<ExecutionStatus>UNAVAILABLE</ExecutionStatus>"
            : "<Status>CREATE_COMPLETE</Status><ExecutionStatus>AVAILABLE</ExecutionStatus>";
    return status + "<Changes>" + changes + "</Changes>";
  }

  private String execute(
      String arn, ChangeSet changeSet, AwsRequest.Scope scope, AwsIdentity caller)
      throws IOException {
    if (changeSet.changes().isEmpty()) {
      throw new AwsErrorException(
          "InvalidChangeSetStatus", "The change set cannot be executed: it has no changes");
    }
    FrontCalls calls =
        new FrontCalls(Objects.requireNonNull(front.get()), scope.region(), scope.accessKey());
    StackChanges resources =
        new StackChanges(
            calls,
            roles,
            new OrganizationChanges(
                organizations, state.people(), roles, permissions, caller, scope.region()),
            changeSet.template());
    boolean isNew = changeSet.before().resources().isEmpty();
    List<String> done = new ArrayList<>();
    List<String> failures = new ArrayList<>();
    for (StackResource resource : changeSet.template().inOrder()) {
      String action = changeSet.changes().get(resource.id());
      try {
        if ("Add".equals(action)) {
          resources.create(resource);
          done.add(resource.id());
        } else if ("Modify".equals(action)) {
          resources.change(before(changeSet, resource.id()), resource);
          done.add(resource.id());
        }
      } catch (AwsErrorException e) {
        failures.add(resource.id() + ": " + e.code() + ": " + e.getMessage());
        rollBack(resources, changeSet, done);
        state
            .stacks()
            .put(
                arn,
                new Stack(
                    isNew ? "ROLLBACK_COMPLETE" : "UPDATE_ROLLBACK_COMPLETE",
                    changeSet.before(),
                    failures));
        return "";
      }
    }
    List<StackResource> before = new ArrayList<>(changeSet.before().inOrder());
    Collections.reverse(before);
    for (StackResource removed : before) {
      if ("Remove".equals(changeSet.changes().get(removed.id())) && !removed.retained()) {
        try {
          resources.delete(removed);
        } catch (AwsErrorException e) {
          failures.add(removed.id() + ": " + e.code() + ": " + e.getMessage());
        }
      }
    }
    state
        .stacks()
        .put(
            arn,
            new Stack(
                isNew ? "CREATE_COMPLETE" : "UPDATE_COMPLETE", changeSet.template(), failures));
    return "";
  }

  private static void rollBack(StackChanges resources, ChangeSet changeSet, List<String> done)
      throws IOException {
    for (int i = done.size() - 1; i >= 0; i--) {
      StackResource made =
          Objects.requireNonNull(changeSet.template().resources().get(done.get(i)));
      if ("Modify".equals(changeSet.changes().get(made.id()))) {
        resources.change(made, before(changeSet, made.id()));
      } else if (!made.retained()) {
        resources.delete(made);
      }
    }
  }

  private static StackResource before(ChangeSet changeSet, String id) {
    return Objects.requireNonNull(changeSet.before().resources().get(id));
  }

  private static String describe(String arn, Stack stack) {
    return "<Stacks><member><StackId>"
        + arn
        + "</StackId><StackStatus>"
        + stack.status()
        + "</StackStatus></member></Stacks>";
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
    for (String failure : stack.failures()) {
      events
          .append("<member><ResourceStatusReason>")
          .append(AwsReply.escaped(failure))
          .append("</ResourceStatusReason></member>");
    }
    return "<StackEvents>" + events + "</StackEvents>";
  }
}
