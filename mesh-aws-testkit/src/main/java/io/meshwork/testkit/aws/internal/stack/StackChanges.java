package io.meshwork.testkit.aws.internal.stack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.testkit.aws.internal.access.AwsErrorException;
import io.meshwork.testkit.aws.internal.access.AwsReply;
import io.meshwork.testkit.aws.internal.access.IamRoles;
import io.meshwork.testkit.aws.internal.access.NotEmulatedException;
import io.meshwork.testkit.aws.internal.stack.StackTemplate.StackResource;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Creates, changes, and deletes the resources of stacks with the requests that AWS documents for
 * their types, as the caller of CloudFormation: a stack without a service role has no more rights.
 *
 * @param calls sends the requests
 * @param roles the roles that exist, which policies may name
 * @param organization the resources of an organization
 * @param template the template of the resources, which may refer to each other
 */
record StackChanges(
    FrontCalls calls, IamRoles roles, OrganizationChanges organization, StackTemplate template) {
  private static final String IAM = "iam";
  private static final String ENCRYPTION = "SSESpecification";

  void create(StackResource resource) throws IOException {
    if (OrganizationChanges.isAbout(resource.type())) {
      organization.put(resource);
      return;
    }
    if (GlueStackChanges.isAbout(resource.type())) {
      new GlueStackChanges(calls).create(resource);
      return;
    }
    JsonNode properties = resource.properties();
    switch (resource.type()) {
      case StackTemplate.BUCKET -> {
        calls.s3("PUT", "/" + text(properties, "BucketName"), location());
        configure(properties);
      }
      case StackTemplate.BUCKET_POLICY -> putBucketPolicy(properties, false);
      case StackTemplate.TABLE -> createTable(properties);
      case StackTemplate.ROLE -> createRole(properties);
      case StackTemplate.WORK_GROUP -> workGroups().create(resource);
      case StackTemplate.ROLE_POLICY -> putPolicy(text(properties, "RoleName"), properties);
      default -> new EventStackChanges(calls, template).create(resource);
    }
  }

  void change(StackResource before, StackResource after) throws IOException {
    JsonNode properties = after.properties();
    switch (after.type()) {
      case StackTemplate.GLUE_DATABASE, StackTemplate.GLUE_TABLE ->
          new GlueStackChanges(calls).change(before, after);
      case StackTemplate.BUCKET -> {
        requireSame("BucketName", before, after);
        configure(properties);
      }
      case StackTemplate.BUCKET_POLICY -> {
        requireSame("Bucket", before, after);
        putBucketPolicy(properties, true);
      }
      case StackTemplate.TABLE -> changeTable(before.properties(), properties);
      case StackTemplate.WORK_GROUP -> workGroups().change(before, after);
      case StackTemplate.ROLE -> {
        requireSame("RoleName", before, after);
        changeRole(before.properties(), properties);
      }
      case StackTemplate.ROLE_POLICY -> {
        requireSame("RoleName", before, after);
        requireSame("PolicyName", before, after);
        putPolicy(text(properties, "RoleName"), properties);
      }
      case StackTemplate.CONTROL_POLICY, StackTemplate.PERMISSION_SET -> {
        requireSame("Name", before, after);
        organization.put(after);
      }
      default -> new EventStackChanges(calls, template).change(before, after);
    }
  }

  /** Deletes a resource that is not retained. */
  void delete(StackResource resource) throws IOException {
    if (OrganizationChanges.isAbout(resource.type())) {
      organization.delete(resource);
      return;
    }
    if (GlueStackChanges.isAbout(resource.type())) {
      new GlueStackChanges(calls).delete(resource);
      return;
    }
    String role = text(resource.properties(), "RoleName");
    switch (resource.type()) {
      case StackTemplate.ROLE -> {
        Map<String, String> named = Map.of("RoleName", role);
        calls.form(IAM, "GetRole", named);
        calls.form(IAM, "ListAttachedRolePolicies", named);
        calls.form(IAM, "ListRolePolicies", named);
        for (JsonNode policy : resource.properties().path("Policies")) {
          deletePolicy(role, policy);
        }
        calls.form(IAM, "DeleteRole", named);
      }
      case StackTemplate.ROLE_POLICY -> deletePolicy(role, resource.properties());
      case StackTemplate.WORK_GROUP -> workGroups().delete(resource);
      default -> new EventStackChanges(calls, template).delete(resource);
    }
  }

  private AthenaStackChanges workGroups() {
    return new AthenaStackChanges(calls, organization.caller().account());
  }

  static void requireSame(String name, StackResource before, StackResource after) {
    if (!before.properties().path(name).equals(after.properties().path(name))
        || !before.type().equals(after.type())) {
      throw new NotEmulatedException("The replacement of " + after.id() + " is not emulated.");
    }
  }

  private void createRole(JsonNode properties) throws IOException {
    String role = text(properties, "RoleName");
    requirePrincipals(properties.path("AssumeRolePolicyDocument"), "MalformedPolicyDocument");
    calls.form(
        IAM,
        "CreateRole",
        Map.of(
            "RoleName",
            role,
            "AssumeRolePolicyDocument",
            properties.path("AssumeRolePolicyDocument").toString()));
    for (JsonNode policy : properties.path("Policies")) {
      putPolicy(role, policy);
    }
    calls.form(IAM, "GetRole", Map.of("RoleName", role));
  }

  private void changeRole(JsonNode before, JsonNode after) throws IOException {
    String role = text(after, "RoleName");
    JsonNode trust = after.path("AssumeRolePolicyDocument");
    calls.form(IAM, "GetRole", Map.of("RoleName", role));
    if (!before.path("AssumeRolePolicyDocument").equals(trust)) {
      requirePrincipals(trust, "MalformedPolicyDocument");
      calls.form(
          IAM,
          "UpdateAssumeRolePolicy",
          Map.of("RoleName", role, "PolicyDocument", trust.toString()));
    }
    Map<String, JsonNode> removed = new LinkedHashMap<>();
    before.path("Policies").forEach(policy -> removed.put(text(policy, "PolicyName"), policy));
    for (JsonNode policy : after.path("Policies")) {
      if (!policy.equals(removed.remove(text(policy, "PolicyName")))) {
        putPolicy(role, policy);
      }
    }
    for (JsonNode policy : removed.values()) {
      deletePolicy(role, policy);
    }
  }

  private void putPolicy(String role, JsonNode policy) throws IOException {
    String name = text(policy, "PolicyName");
    calls.form(
        IAM,
        "PutRolePolicy",
        Map.of(
            "RoleName",
            role,
            "PolicyName",
            name,
            "PolicyDocument",
            policy.path("PolicyDocument").toString()));
    calls.form(IAM, "GetRolePolicy", Map.of("RoleName", role, "PolicyName", name));
  }

  private void deletePolicy(String role, JsonNode policy) throws IOException {
    calls.form(
        IAM,
        "DeleteRolePolicy",
        Map.of("RoleName", role, "PolicyName", text(policy, "PolicyName")));
  }

  private void putBucketPolicy(JsonNode properties, boolean exists) throws IOException {
    String path = "/" + text(properties, "Bucket") + "?policy";
    requirePrincipals(properties.path("PolicyDocument"), "MalformedPolicy");
    try {
      calls.s3("GET", path, "");
      if (!exists) {
        throw AwsErrorException.alreadyExists("The bucket policy already exists on bucket " + path);
      }
    } catch (AwsErrorException e) {
      if (!e.code().equals("NoSuchBucketPolicy")) {
        throw e;
      }
    }
    calls.s3("PUT", path, properties.path("PolicyDocument").toString());
  }

  /** AWS replaces the ARN of a role by its ID, so the role has to exist. */
  private void requirePrincipals(JsonNode policy, String code) {
    for (JsonNode statement : policy.path("Statement")) {
      for (JsonNode arn : statement.path("Principal").path("AWS")) {
        if (arn.asText().contains(":role/") && !roles.exists(arn.asText())) {
          throw new AwsErrorException(
              code, "Invalid principal in policy: \"AWS\":\"" + arn.asText() + "\"");
        }
      }
    }
  }

  private String location() {
    return "<CreateBucketConfiguration><LocationConstraint>"
        + calls.region()
        + "</LocationConstraint></CreateBucketConfiguration>";
  }

  private void configure(JsonNode properties) throws IOException {
    String bucket = "/" + text(properties, "BucketName");
    JsonNode ownership = properties.path("OwnershipControls").path("Rules").path(0);
    calls.s3(
        "PUT",
        bucket + "?ownershipControls",
        element("OwnershipControls", element("Rule", elementOf(ownership, "ObjectOwnership"))));
    JsonNode block = properties.path("PublicAccessBlockConfiguration");
    calls.s3(
        "PUT",
        bucket + "?publicAccessBlock",
        element(
            "PublicAccessBlockConfiguration",
            elementOf(block, "BlockPublicAcls")
                + elementOf(block, "IgnorePublicAcls")
                + elementOf(block, "BlockPublicPolicy")
                + elementOf(block, "RestrictPublicBuckets")));
    calls.s3(
        "PUT",
        bucket + "?versioning",
        element(
            "VersioningConfiguration",
            elementOf(properties.path("VersioningConfiguration"), "Status")));
    JsonNode encryption =
        properties.path("BucketEncryption").path("ServerSideEncryptionConfiguration").path(0);
    JsonNode method = encryption.path("ServerSideEncryptionByDefault");
    calls.s3(
        "PUT",
        bucket + "?encryption",
        element(
            "ServerSideEncryptionConfiguration",
            element(
                "Rule",
                element(
                        "ApplyServerSideEncryptionByDefault",
                        elementOf(method, "SSEAlgorithm")
                            + (method.has("KMSMasterKeyID")
                                ? elementOf(method, "KMSMasterKeyID")
                                : ""))
                    + elementOf(encryption, "BucketKeyEnabled"))));
    JsonNode rule = properties.path("LifecycleConfiguration").path("Rules").path(0);
    calls.s3(
        "PUT",
        bucket + "?lifecycle",
        element(
            "LifecycleConfiguration",
            element(
                "Rule",
                element("ID", text(rule, "Id"))
                    + element("Filter", elementOf(rule, "Prefix"))
                    + elementOf(rule, "Status")
                    + element("Expiration", elementOf(rule, "ExpiredObjectDeleteMarker"))
                    + inner(rule, "AbortIncompleteMultipartUpload", "DaysAfterInitiation")
                    + inner(rule, "NoncurrentVersionExpiration", "NoncurrentDays"))));
  }

  private static String inner(JsonNode node, String outer, String name) {
    return element(outer, elementOf(node.path(outer), name));
  }

  private static String elementOf(JsonNode node, String name) {
    return element(name, text(node, name));
  }

  private static String element(String name, String content) {
    return "<" + name + ">" + content + "</" + name + ">";
  }

  private void createTable(JsonNode properties) throws IOException {
    ObjectNode request = properties.deepCopy();
    request.remove("PointInTimeRecoverySpecification");
    request.remove(ENCRYPTION);
    if (properties.has(ENCRYPTION)) {
      request.set(ENCRYPTION, encryption(properties));
    }
    calls.dynamoDb("CreateTable", request);
    ObjectNode named =
        AwsReply.JSON.createObjectNode().put("TableName", text(properties, "TableName"));
    calls.dynamoDb("DescribeTable", named);
    calls.dynamoDb("DescribeContinuousBackups", named);
    calls.dynamoDb(
        "UpdateContinuousBackups",
        named
            .deepCopy()
            .set(
                "PointInTimeRecoverySpecification",
                properties.path("PointInTimeRecoverySpecification")));
  }

  /** Changes the key of the table, and nothing else. */
  private void changeTable(JsonNode before, JsonNode after) throws IOException {
    if (!withoutKey(before).equals(withoutKey(after))) {
      throw new NotEmulatedException("Changes of a table other than its key");
    }
    ObjectNode named = AwsReply.JSON.createObjectNode().put("TableName", text(after, "TableName"));
    calls.dynamoDb("DescribeTable", named);
    try {
      calls.dynamoDb("UpdateTable", named.deepCopy().set(ENCRYPTION, encryption(after)));
    } catch (AwsErrorException e) {
      // DynamoDB Local does not know the key; the caller needs the permission all the same.
      if (!String.valueOf(e.getMessage()).contains("Nothing to update")) {
        throw e;
      }
    }
  }

  private static JsonNode withoutKey(JsonNode properties) {
    ObjectNode others = properties.deepCopy();
    others.remove(ENCRYPTION);
    return others;
  }

  /** Returns the setting of the key as DynamoDB names it; without one, DynamoDB's own key. */
  private static ObjectNode encryption(JsonNode properties) {
    if (!properties.has(ENCRYPTION)) {
      return AwsReply.JSON.createObjectNode().put("Enabled", false);
    }
    ObjectNode encryption = properties.path(ENCRYPTION).deepCopy();
    JsonNode enabled = encryption.remove("SSEEnabled");
    return encryption.set("Enabled", enabled);
  }

  private static String text(JsonNode node, String name) {
    return node.path(name).asText();
  }
}
