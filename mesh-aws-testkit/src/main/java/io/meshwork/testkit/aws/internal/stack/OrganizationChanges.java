package io.meshwork.testkit.aws.internal.stack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.testkit.aws.internal.access.AccountOrganizations;
import io.meshwork.testkit.aws.internal.access.AwsErrorException;
import io.meshwork.testkit.aws.internal.access.AwsIdentity;
import io.meshwork.testkit.aws.internal.access.AwsPermissions;
import io.meshwork.testkit.aws.internal.access.AwsReply;
import io.meshwork.testkit.aws.internal.access.IamAction;
import io.meshwork.testkit.aws.internal.access.IamPolicy;
import io.meshwork.testkit.aws.internal.access.IamRoles;
import io.meshwork.testkit.aws.internal.stack.StackTemplate.StackResource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Creates, changes, and deletes what a management account has for its organization.
 *
 * @param calls sends the requests for trails
 * @param organizations the organizations
 * @param people who are assigned permission sets
 * @param roles the roles of all accounts
 * @param permissions decides what the caller may do
 * @param caller who deploys
 * @param region where
 */
record OrganizationChanges(
    FrontCalls calls,
    AccountOrganizations organizations,
    IdentityCenter people,
    IamRoles roles,
    AwsPermissions permissions,
    AwsIdentity caller,
    String region) {
  static boolean isAbout(String type) {
    return switch (type) {
      case StackTemplate.UNIT,
          StackTemplate.CONTROL_POLICY,
          StackTemplate.PERMISSION_SET,
          StackTemplate.ASSIGNMENT,
          StackTemplate.TRAIL ->
          true;
      default -> false;
    };
  }

  /** Creates a resource, or changes it to what it says. */
  void put(StackResource resource) throws IOException {
    JsonNode properties = resource.properties();
    String management = caller.account();
    String name = text(properties, "Name");
    switch (resource.type()) {
      case StackTemplate.UNIT -> {
        require("organizations:CreateOrganizationalUnit");
        organizations.addUnit(
            management, StackReferences.unit(properties), name, text(properties, "ParentId"));
      }
      case StackTemplate.CONTROL_POLICY -> {
        require("organizations:CreatePolicy", "organizations:AttachPolicy");
        List<String> targets = new ArrayList<>();
        properties.path("TargetIds").forEach(target -> targets.add(target.asText()));
        organizations.setPolicy(management, name, properties.path("Content").toString(), targets);
      }
      case StackTemplate.PERMISSION_SET -> {
        require("sso:CreatePermissionSet", "sso:PutInlinePolicyToPermissionSet");
        people.put(
            roles,
            StackReferences.permissionSet(properties),
            name,
            region,
            properties.path("InlinePolicy").toString());
      }
      case StackTemplate.ASSIGNMENT -> {
        require("sso:CreateAccountAssignment");
        people.assign(
            roles,
            text(properties, "PermissionSetArn"),
            text(properties, "TargetId"),
            text(properties, "PrincipalId"));
      }
      default -> createTrail(properties);
    }
  }

  void delete(StackResource resource) throws IOException {
    JsonNode properties = resource.properties();
    String name = text(properties, "Name");
    switch (resource.type()) {
      case StackTemplate.UNIT -> {
        require("organizations:DeleteOrganizationalUnit");
        organizations.removeUnit(caller.account(), StackReferences.unit(properties), name);
      }
      case StackTemplate.CONTROL_POLICY -> {
        require("organizations:DetachPolicy", "organizations:DeletePolicy");
        organizations.removePolicy(caller.account(), name);
      }
      case StackTemplate.PERMISSION_SET -> {
        require("sso:DeletePermissionSet");
        people.remove(StackReferences.permissionSet(properties));
      }
      case StackTemplate.ASSIGNMENT -> {
        require("sso:DeleteAccountAssignment");
        people.unassign(
            roles,
            text(properties, "PermissionSetArn"),
            text(properties, "TargetId"),
            text(properties, "PrincipalId"));
      }
      default -> {
        require();
        trail("DeleteTrail", named(properties));
      }
    }
  }

  /** CloudTrail tests whether the policy of the bucket lets it write the logs of all accounts. */
  private void createTrail(JsonNode properties) throws IOException {
    require();
    String bucket = text(properties, "S3BucketName");
    String arn = "arn:aws:s3:::" + bucket;
    String organization = organizations.idOf(caller.account()).orElseThrow();
    String trail =
        "arn:aws:cloudtrail:%s:%s:trail/%s"
            .formatted(region, caller.account(), text(properties, "TrailName"));
    IamPolicy policy = IamPolicy.ofResource(calls.s3("GET", "/" + bucket + "?policy", ""));
    List<IamAction> writes = new ArrayList<>();
    writes.add(IamAction.of("s3:GetBucketAcl", arn));
    for (String owner : List.of(caller.account(), organization)) {
      writes.add(
          IamAction.of("s3:PutObject", arn + "/AWSLogs/" + owner + "/CloudTrail/log.json.gz")
              .with("s3:x-amz-acl", "bucket-owner-full-control"));
    }
    for (IamAction write : writes) {
      if (!policy.allowsService(write.with("aws:SourceArn", trail))) {
        throw new AwsErrorException(
            "InsufficientS3BucketPolicyException",
            "Incorrect S3 bucket policy is detected for bucket: " + bucket);
      }
    }
    ObjectNode request = named(properties).put("S3BucketName", bucket);
    for (String flag :
        List.of(
            "IsOrganizationTrail",
            "IsMultiRegionTrail",
            "IncludeGlobalServiceEvents",
            "EnableLogFileValidation")) {
      request.set(flag, properties.path(flag));
    }
    trail("CreateTrail", request);
    if (properties.path("IsLogging").asBoolean()) {
      trail("StartLogging", named(properties));
    }
  }

  private static ObjectNode named(JsonNode properties) {
    return AwsReply.JSON.createObjectNode().put("Name", text(properties, "TrailName"));
  }

  private void trail(String operation, ObjectNode request) throws IOException {
    calls.json(
        "cloudtrail",
        "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101." + operation,
        request);
  }

  private void require(String... actions) {
    if (!organizations.isManagement(caller.account())) {
      throw AwsErrorException.accessDenied(
          "Only the management account may do this, and " + caller.account() + " is none");
    }
    for (String action : actions) {
      String denial = permissions.denial(caller, IamAction.of(action, null));
      if (denial != null) {
        throw AwsErrorException.accessDenied(denial);
      }
    }
  }

  private static String text(JsonNode node, String name) {
    return node.path(name).asText();
  }
}
