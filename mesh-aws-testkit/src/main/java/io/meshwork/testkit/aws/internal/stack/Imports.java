package io.meshwork.testkit.aws.internal.stack;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.testkit.aws.internal.access.AwsErrorException;
import io.meshwork.testkit.aws.internal.access.AwsReply;
import io.meshwork.testkit.aws.internal.access.IamRoles;
import io.meshwork.testkit.aws.internal.access.NotEmulatedException;
import io.meshwork.testkit.aws.internal.stack.StackState.ChangeSet;
import io.meshwork.testkit.aws.internal.stack.StackTemplate.StackResource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Change sets that take over resources which exist, as AWS documents it. A resource has to be in no
 * other stack, and to stay when a stack is deleted. Its settings are not compared with the template
 * and do not change. By {@code ImportExistingResources}, only types with a custom name that is also
 * their identifier are imported; a bucket policy has none.
 *
 * @param calls reads as the caller
 * @param arn the stack
 */
record Imports(FrontCalls calls, StackState state, String arn) {
  /** The identifying property by type, for resources that are imported on request. */
  private static final Map<String, String> IDENTIFIERS =
      Map.of(
          StackTemplate.BUCKET,
          "BucketName",
          StackTemplate.BUCKET_POLICY,
          "Bucket",
          StackTemplate.TABLE,
          "TableName",
          StackTemplate.ROLE,
          "RoleName",
          StackTemplate.EVENT_BUS,
          "Name",
          StackTemplate.WORK_GROUP,
          "Name");

  /** The error codes of services for a resource that does not exist. */
  static final Set<String> ABSENT =
      Set.of(
          "NoSuchBucket",
          "NoSuchBucketPolicy",
          "NoSuchEntity",
          "ResourceNotFoundException",
          "InvalidRequestException",
          "404");

  /** The resources of an import, each with the property that identifies it. */
  static final String TO_IMPORT = "ResourcesToImport.member.";

  /** Returns the change set of a template, which imports what exists if the caller asks for it. */
  ChangeSet existing(StackTemplate template, String body, StackTemplate before, boolean imports)
      throws IOException {
    Map<String, String> changes = template.changesFrom(before);
    if (changes.isEmpty()) {
      return new ChangeSet(
          template,
          body,
          before,
          changes,
          "The submitted information didn't contain changes. Submit different information to create"
              + " a change set.",
          "",
          false);
    }
    List<String> affected = new ArrayList<>();
    List<String> refusals = new ArrayList<>();
    for (StackResource resource : template.resources().values()) {
      if (imports
          && "Add".equals(changes.get(resource.id()))
          && !resource.type().equals(StackTemplate.BUCKET_POLICY)
          && IDENTIFIERS.containsKey(resource.type())
          && exists(resource)) {
        changes.put(resource.id(), "Import");
        importer(resource)
            .ifPresentOrElse(refusals::add, () -> addUnlessRetained(resource, affected));
      }
    }
    if (!affected.isEmpty()) {
      refusals.add(
          "CloudFormation is attempting to import some resources because they already exist in your"
              + " account. The resources must have the DeletionPolicy attribute set to 'Retain' or"
              + " 'RetainExceptOnCreate' in the template for successful import. The affected"
              + " resources are "
              + String.join(", ", affected));
    }
    return new ChangeSet(template, body, before, changes, String.join(" ", refusals), "", false);
  }

  private static void addUnlessRetained(StackResource resource, List<String> affected) {
    if (!resource.retained()) {
      affected.add(
          resource.id()
              + " ({"
              + IDENTIFIERS.get(resource.type())
              + "="
              + identifier(resource)
              + "})");
    }
  }

  /** Returns the change set of an import whose resources the caller names. */
  ChangeSet named(
      StackTemplate template, String body, StackTemplate before, Map<String, String> form)
      throws IOException {
    Map<String, String> changes = template.changesFrom(before);
    for (int i = 1; form.containsKey(TO_IMPORT + i + ".LogicalResourceId"); i++) {
      String prefix = TO_IMPORT + i + ".";
      String id = form.getOrDefault(prefix + "LogicalResourceId", "");
      StackResource resource = template.resources().get(id);
      if (resource == null || !"Add".equals(changes.get(id))) {
        throw StackTemplate.invalid("Resource " + id + " is not a new resource of the template");
      }
      if (!IDENTIFIERS.containsKey(resource.type())) {
        throw new NotEmulatedException("Importing " + resource.type());
      }
      if (!resource.type().equals(form.get(prefix + "ResourceType"))
          || !identifier(resource).equals(form.get(prefix + "ResourceIdentifier.entry.1.value"))) {
        throw StackTemplate.invalid("The identifier of " + id + " does not match the template");
      }
      if (!resource.retained()) {
        throw StackTemplate.invalid(
            "Resources [" + id + "] to import need a DeletionPolicy attribute");
      }
      if (!exists(resource)) {
        throw StackTemplate.invalid("Resource " + id + " to import does not exist");
      }
      importer(resource)
          .ifPresent(
              refusal -> {
                throw StackTemplate.invalid(refusal);
              });
      changes.put(id, "Import");
    }
    changes.forEach(
        (id, action) -> {
          if (!action.equals("Import")) {
            throw StackTemplate.invalid(
                "As part of the import operation, you cannot modify or add [" + id + "]");
          }
        });
    return new ChangeSet(template, body, before, changes, "", "", true);
  }

  private static String identifier(StackResource resource) {
    return resource.properties().path(IDENTIFIERS.get(resource.type())).asText();
  }

  /** Returns why a resource cannot be imported if another stack of the account has it. */
  private Optional<String> importer(StackResource resource) {
    return state.stacks().entrySet().stream()
        .filter(
            stack ->
                !stack.getKey().equals(arn)
                    && IamRoles.account(stack.getKey()).equals(IamRoles.account(arn)))
        .filter(
            stack ->
                stack.getValue().template().resources().values().stream()
                    .anyMatch(
                        owned ->
                            owned.type().equals(resource.type())
                                && identifier(owned).equals(identifier(resource))))
        .map(
            stack ->
                "Resource "
                    + resource.id()
                    + " already belongs to another CloudFormation stack, "
                    + stack.getKey())
        .findFirst();
  }

  private boolean exists(StackResource resource) throws IOException {
    String name = identifier(resource);
    try {
      switch (resource.type()) {
        case StackTemplate.BUCKET -> calls.s3("GET", "/" + name + "?versioning", "");
        case StackTemplate.BUCKET_POLICY -> calls.s3("GET", "/" + name + "?policy", "");
        case StackTemplate.TABLE -> calls.dynamoDb("DescribeTable", named("TableName", name));
        case StackTemplate.ROLE -> calls.form("iam", "GetRole", Map.of("RoleName", name));
        case StackTemplate.WORK_GROUP ->
            calls.json("athena", "AmazonAthena.GetWorkGroup", named("WorkGroup", name));
        default -> calls.json("events", "AWSEvents.DescribeEventBus", named("Name", name));
      }
      return true;
    } catch (AwsErrorException e) {
      if (ABSENT.contains(e.code())) {
        return false;
      }
      throw e;
    }
  }

  private static ObjectNode named(String property, String name) {
    return AwsReply.JSON.createObjectNode().put(property, name);
  }
}
