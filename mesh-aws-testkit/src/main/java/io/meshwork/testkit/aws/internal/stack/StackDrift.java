package io.meshwork.testkit.aws.internal.stack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.testkit.aws.internal.access.AwsErrorException;
import io.meshwork.testkit.aws.internal.access.AwsReply;
import io.meshwork.testkit.aws.internal.stack.StackTemplate.StackResource;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What differs between a resource and its stack, as CloudFormation detects it: it reads the
 * resource with the rights of the caller, and compares the properties that the template names.
 * Types of messages are not compared here.
 */
final class StackDrift {
  private static final String REMOVE = "REMOVE";
  private static final Pattern MEMBER = Pattern.compile("<member>([^<]*)</member>");

  /** The parts of the settings of a bucket, by the property that has them. */
  private static final Map<String, String> PARTS =
      Map.of(
          "OwnershipControls", "ownershipControls",
          "PublicAccessBlockConfiguration", "publicAccessBlock",
          "VersioningConfiguration", "versioning",
          "BucketEncryption", "encryption",
          "LifecycleConfiguration", "lifecycle");

  /** The error codes of services for a setting that is not configured. */
  private static final Set<String> UNSET =
      Set.of(
          "OwnershipControlsNotFoundError",
          "NoSuchPublicAccessBlockConfiguration",
          "ServerSideEncryptionConfigurationNotFoundError",
          "NoSuchLifecycleConfiguration");

  private final FrontCalls calls;
  private final Map<String, String> differences = new TreeMap<>();

  /** The values of properties that the template does not have, by path. */
  private final Map<String, JsonNode> actual = new TreeMap<>();

  private StackDrift(FrontCalls calls) {
    this.calls = calls;
  }

  /** Returns the result of a detection as XML. */
  static String of(FrontCalls calls, StackTemplate template, String id, String arn)
      throws IOException {
    StackResource resource = template.resources().get(id);
    if (resource == null) {
      throw StackTemplate.invalid("Resource " + id + " does not exist for stack " + arn);
    }
    StackDrift drift = new StackDrift(calls);
    String status;
    try {
      status =
          !drift.compare(resource)
              ? "NOT_CHECKED"
              : drift.differences.isEmpty() ? "IN_SYNC" : "MODIFIED";
    } catch (AwsErrorException e) {
      if (!Imports.ABSENT.contains(e.code())) {
        throw e;
      }
      status = "DELETED";
    }
    StringBuilder all = new StringBuilder();
    drift.differences.forEach(
        (path, type) ->
            all.append("<member><PropertyPath>")
                .append(path)
                .append("</PropertyPath><ActualValue>")
                .append(AwsReply.escaped(String.valueOf(drift.actual.get(path))))
                .append("</ActualValue><DifferenceType>")
                .append(type)
                .append("</DifferenceType></member>"));
    return "<StackResourceDrift><LogicalResourceId>"
        + id
        + "</LogicalResourceId><ResourceType>"
        + resource.type()
        + "</ResourceType><StackResourceDriftStatus>"
        + status
        + "</StackResourceDriftStatus><PropertyDifferences>"
        + all
        + "</PropertyDifferences></StackResourceDrift>";
  }

  private boolean compare(StackResource resource) throws IOException {
    JsonNode properties = resource.properties();
    switch (resource.type()) {
      case StackTemplate.BUCKET -> compareBucket(properties);
      case StackTemplate.BUCKET_POLICY ->
          compare(
              "/PolicyDocument",
              properties.path("PolicyDocument"),
              AwsReply.JSON.readTree(
                  calls.s3("GET", "/" + properties.path("Bucket").asText() + "?policy", "")));
      case StackTemplate.TABLE -> compareTable(properties);
      case StackTemplate.ROLE -> compareRole(properties);
      case StackTemplate.ROLE_POLICY ->
          compare(
              "/PolicyDocument",
              properties.path("PolicyDocument"),
              policy(properties.path("RoleName").asText(), properties.path("PolicyName").asText()));
      case StackTemplate.WORK_GROUP -> compareWorkGroup(properties);
      default -> {
        return false;
      }
    }
    return true;
  }

  private void compare(String path, JsonNode expected, JsonNode actual) {
    if (!expected.equals(actual)) {
      differences.put(path, actual.isMissingNode() ? REMOVE : "NOT_EQUAL");
    }
  }

  private void compareBucket(JsonNode properties) throws IOException {
    String bucket = "/" + properties.path("BucketName").asText();
    for (Map.Entry<String, JsonNode> property : properties.properties()) {
      String part = PARTS.get(property.getKey());
      if (part != null) {
        String actual;
        try {
          actual = calls.s3("GET", bucket + "?" + part, "");
        } catch (AwsErrorException e) {
          if (!UNSET.contains(e.code())) {
            throw e;
          }
          actual = "";
        }
        compareLeaves("/" + property.getKey(), property.getValue(), actual);
      }
    }
  }

  /** The settings of S3 have the names of the properties. */
  private void compareLeaves(String path, JsonNode expected, String actual) {
    if (expected.isArray()) {
      for (int i = 0; i < expected.size(); i++) {
        compareLeaves(path + "/" + i, expected.path(i), actual);
      }
    } else if (expected.isObject()) {
      for (Map.Entry<String, JsonNode> field : expected.properties()) {
        compareLeaves(path + "/" + field.getKey(), field.getValue(), actual);
      }
    } else {
      String name = path.substring(path.lastIndexOf('/') + 1);
      String element = name.equals("Id") ? "ID" : name;
      Matcher match = Pattern.compile("<" + element + ">([^<]*)</" + element + ">").matcher(actual);
      String value = match.find() ? match.group(1) : "";
      if (!expected.asText().equals(value)) {
        differences.put(path, value.isEmpty() ? REMOVE : "NOT_EQUAL");
      }
    }
  }

  private void compareTable(JsonNode properties) throws IOException {
    ObjectNode named =
        AwsReply.JSON.createObjectNode().put("TableName", properties.path("TableName").asText());
    JsonNode table = calls.dynamoDb("DescribeTable", named).path("Table");
    compare(
        "/DeletionProtectionEnabled",
        properties.path("DeletionProtectionEnabled"),
        table.path("DeletionProtectionEnabled"));
    compare(
        "/BillingMode",
        properties.path("BillingMode"),
        table.path("BillingModeSummary").path("BillingMode"));
    compare("/KeySchema", properties.path("KeySchema"), table.path("KeySchema"));
    String recovery =
        calls
            .dynamoDb("DescribeContinuousBackups", named)
            .at("/ContinuousBackupsDescription/PointInTimeRecoveryDescription")
            .path("PointInTimeRecoveryStatus")
            .asText();
    String enabled = "/PointInTimeRecoverySpecification/PointInTimeRecoveryEnabled";
    compare(enabled, properties.at(enabled), BooleanNode.valueOf(recovery.equals("ENABLED")));
  }

  private void compareWorkGroup(JsonNode properties) throws IOException {
    ObjectNode named = AwsReply.JSON.createObjectNode();
    named.set("WorkGroup", properties.path("Name"));
    JsonNode group = calls.json("athena", "AmazonAthena.GetWorkGroup", named).path("WorkGroup");
    String path = "/WorkGroupConfiguration";
    for (Map.Entry<String, JsonNode> setting : properties.at(path).properties()) {
      compare(
          path + "/" + setting.getKey(),
          setting.getValue(),
          group.path("Configuration").path(setting.getKey()));
    }
  }

  private void compareRole(JsonNode properties) throws IOException {
    String role = properties.path("RoleName").asText();
    Map<String, String> named = Map.of("RoleName", role);
    compare(
        "/AssumeRolePolicyDocument",
        properties.path("AssumeRolePolicyDocument"),
        document(calls.form("iam", "GetRole", named), "AssumeRolePolicyDocument"));
    Set<String> others = new TreeSet<>();
    Matcher names = MEMBER.matcher(calls.form("iam", "ListRolePolicies", named));
    while (names.find()) {
      others.add(names.group(1));
    }
    int index = 0;
    for (JsonNode policy : properties.path("Policies")) {
      String name = policy.path("PolicyName").asText();
      if (others.remove(name)) {
        compare(
            "/Policies/" + index + "/PolicyDocument",
            policy.path("PolicyDocument"),
            policy(role, name));
      } else {
        differences.put("/Policies/" + index, REMOVE);
      }
      index++;
    }
    for (String policyName : others) {
      ObjectNode policy = AwsReply.JSON.createObjectNode().put("PolicyName", policyName);
      actual.put("/Policies/" + index, policy.set("PolicyDocument", policy(role, policyName)));
      differences.put("/Policies/" + index++, "ADD");
    }
  }

  private JsonNode policy(String role, String name) throws IOException {
    return document(
        calls.form("iam", "GetRolePolicy", Map.of("RoleName", role, "PolicyName", name)),
        "PolicyDocument");
  }

  /** IAM writes documents in the encoding of URLs; moto writes them plainly, with entities. */
  private static JsonNode document(String reply, String element) throws IOException {
    Matcher match =
        Pattern.compile("<" + element + ">(.*?)</" + element + ">", Pattern.DOTALL).matcher(reply);
    String text = match.find() ? match.group(1).strip() : "{}";
    String json =
        text.startsWith("%")
            ? URLDecoder.decode(text, StandardCharsets.UTF_8)
            : text.replace("&quot;", "\"")
                .replace("&#34;", "\"")
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&amp;", "&");
    return AwsReply.JSON.readTree(json);
  }
}
