package io.meshwork.testkit.aws.internal.stack;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.testkit.aws.internal.access.AwsErrorException;
import io.meshwork.testkit.aws.internal.access.AwsReply;
import io.meshwork.testkit.aws.internal.access.NotEmulatedException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A template of the types and properties that the emulator knows. Any other is rejected: on AWS, a
 * property that is misspelt fails the stack.
 *
 * @param resources the resources by logical ID, in the order of the template
 */
record StackTemplate(Map<String, StackResource> resources) {
  static final String BUCKET = "AWS::S3::Bucket";
  static final String BUCKET_POLICY = "AWS::S3::BucketPolicy";
  static final String TABLE = "AWS::DynamoDB::Table";
  static final String ROLE = "AWS::IAM::Role";
  static final String ROLE_POLICY = "AWS::IAM::RolePolicy";
  static final String UNIT = "AWS::Organizations::OrganizationalUnit";
  static final String CONTROL_POLICY = "AWS::Organizations::Policy";
  static final String PERMISSION_SET = "AWS::SSO::PermissionSet";
  static final String ASSIGNMENT = "AWS::SSO::Assignment";
  static final String TRAIL = "AWS::CloudTrail::Trail";
  static final String GLUE_DATABASE = "AWS::Glue::Database";
  static final String GLUE_TABLE = "AWS::Glue::Table";
  static final String EVENT_BUS = "AWS::Events::EventBus";
  static final String RULE = "AWS::Events::Rule";
  static final String QUEUE = "AWS::SQS::Queue";
  static final String QUEUE_POLICY = "AWS::SQS::QueuePolicy";
  static final String TOPIC = "AWS::SNS::Topic";
  static final String TOPIC_POLICY = "AWS::SNS::TopicPolicy";
  static final String SUBSCRIPTION = "AWS::SNS::Subscription";
  static final String WORK_GROUP = "AWS::Athena::WorkGroup";

  /** The function that returns an attribute of another resource; its argument is ID and name. */
  static final String GET_ATTRIBUTE = "Fn::GetAtt";

  private static final Set<String> OF_TEMPLATE =
      Set.of("AWSTemplateFormatVersion", "Description", "Resources");
  private static final Set<String> OF_RESOURCE =
      Set.of("Type", "DeletionPolicy", "UpdateReplacePolicy", "DependsOn", "Properties");

  /** Properties that are documents of another grammar. */
  private static final Set<String> DOCUMENTS =
      Set.of(
          "PolicyDocument",
          "AssumeRolePolicyDocument",
          "Policy",
          "EventPattern",
          "InputPathsMap",
          "Content",
          "InlinePolicy");

  private static final Map<String, Set<String>> PROPERTIES =
      Map.ofEntries(
          Map.entry(
              BUCKET,
              Set.of(
                  "BucketName",
                  "OwnershipControls/Rules/ObjectOwnership",
                  "PublicAccessBlockConfiguration/BlockPublicAcls",
                  "PublicAccessBlockConfiguration/BlockPublicPolicy",
                  "PublicAccessBlockConfiguration/IgnorePublicAcls",
                  "PublicAccessBlockConfiguration/RestrictPublicBuckets",
                  "VersioningConfiguration/Status",
                  "BucketEncryption/ServerSideEncryptionConfiguration/BucketKeyEnabled",
                  "BucketEncryption/ServerSideEncryptionConfiguration"
                      + "/ServerSideEncryptionByDefault/SSEAlgorithm",
                  "BucketEncryption/ServerSideEncryptionConfiguration"
                      + "/ServerSideEncryptionByDefault/KMSMasterKeyID",
                  "LifecycleConfiguration/Rules/Id",
                  "LifecycleConfiguration/Rules/Status",
                  "LifecycleConfiguration/Rules/Prefix",
                  "LifecycleConfiguration/Rules/ExpiredObjectDeleteMarker",
                  "LifecycleConfiguration/Rules/AbortIncompleteMultipartUpload"
                      + "/DaysAfterInitiation",
                  "LifecycleConfiguration/Rules/NoncurrentVersionExpiration/NoncurrentDays")),
          Map.entry(BUCKET_POLICY, Set.of("Bucket", "PolicyDocument")),
          Map.entry(
              TABLE,
              Set.of(
                  "TableName",
                  "AttributeDefinitions/AttributeName",
                  "AttributeDefinitions/AttributeType",
                  "KeySchema/AttributeName",
                  "KeySchema/KeyType",
                  "BillingMode",
                  "DeletionProtectionEnabled",
                  "PointInTimeRecoverySpecification/PointInTimeRecoveryEnabled",
                  "SSESpecification/SSEEnabled",
                  "SSESpecification/SSEType",
                  "SSESpecification/KMSMasterKeyId")),
          Map.entry(
              ROLE,
              Set.of(
                  "RoleName",
                  "AssumeRolePolicyDocument",
                  "Policies/PolicyName",
                  "Policies/PolicyDocument")),
          Map.entry(ROLE_POLICY, Set.of("RoleName", "PolicyName", "PolicyDocument")),
          Map.entry(
              GLUE_DATABASE,
              Set.of("CatalogId", "DatabaseInput/Name", "DatabaseInput/Description")),
          Map.entry(
              GLUE_TABLE,
              Set.of(
                  "CatalogId",
                  "DatabaseName",
                  "TableInput/Name",
                  "TableInput/Description",
                  "TableInput/TableType",
                  "TableInput/Parameters/classification",
                  "TableInput/StorageDescriptor/Columns/Name",
                  "TableInput/StorageDescriptor/Columns/Type",
                  "TableInput/StorageDescriptor/Location",
                  "TableInput/StorageDescriptor/InputFormat",
                  "TableInput/StorageDescriptor/OutputFormat",
                  "TableInput/StorageDescriptor/SerdeInfo/SerializationLibrary")),
          Map.entry(EVENT_BUS, Set.of("Name", "Policy")),
          Map.entry(
              RULE,
              Set.of(
                  "Name",
                  "EventBusName",
                  "State",
                  "EventPattern",
                  "Targets/Id",
                  "Targets/Arn",
                  "Targets/RoleArn",
                  "Targets/InputTransformer/InputPathsMap",
                  "Targets/InputTransformer/InputTemplate")),
          Map.entry(
              QUEUE,
              Set.of(
                  "QueueName",
                  "MessageRetentionPeriod",
                  "SqsManagedSseEnabled",
                  "VisibilityTimeout",
                  "RedrivePolicy/deadLetterTargetArn/" + GET_ATTRIBUTE,
                  "RedrivePolicy/maxReceiveCount")),
          Map.entry(QUEUE_POLICY, Set.of("Queues", "PolicyDocument")),
          Map.entry(TOPIC, Set.of("TopicName", "KmsMasterKeyId")),
          Map.entry(TOPIC_POLICY, Set.of("Topics", "PolicyDocument")),
          Map.entry(SUBSCRIPTION, Set.of("TopicArn", "Protocol", "Endpoint")),
          Map.entry(
              WORK_GROUP,
              Set.of(
                  "Name",
                  "RecursiveDeleteOption",
                  "WorkGroupConfiguration/EnforceWorkGroupConfiguration",
                  "WorkGroupConfiguration/PublishCloudWatchMetricsEnabled",
                  "WorkGroupConfiguration/ManagedQueryResultsConfiguration/Enabled",
                  "WorkGroupConfiguration/ManagedQueryResultsConfiguration"
                      + "/EncryptionConfiguration/KmsKey")),
          Map.entry(UNIT, Set.of("Name", "ParentId")),
          Map.entry(CONTROL_POLICY, Set.of("Name", "Description", "Type", "Content", "TargetIds")),
          Map.entry(PERMISSION_SET, Set.of("Name", "Description", "InstanceArn", "InlinePolicy")),
          Map.entry(
              ASSIGNMENT,
              Set.of(
                  "InstanceArn",
                  "PermissionSetArn",
                  "PrincipalType",
                  "PrincipalId",
                  "TargetType",
                  "TargetId")),
          Map.entry(
              TRAIL,
              Set.of(
                  "TrailName",
                  "S3BucketName",
                  "IsLogging",
                  "IsOrganizationTrail",
                  "IsMultiRegionTrail",
                  "IncludeGlobalServiceEvents",
                  "EnableLogFileValidation")));

  /** A resource with its logical ID. */
  record StackResource(
      String id, String type, boolean retained, List<String> dependsOn, JsonNode properties) {
    StackResource {
      dependsOn = List.copyOf(dependsOn);
    }
  }

  StackTemplate {
    resources = new LinkedHashMap<>(resources);
  }

  /**
   * Parses a template.
   *
   * @throws AwsErrorException if CloudFormation rejects it
   * @throws NotEmulatedException if it has a type or property that the emulator does not know
   */
  static StackTemplate parse(String body) {
    JsonNode template;
    try {
      template = AwsReply.JSON.readTree(body);
    } catch (JsonProcessingException e) {
      throw invalid("Template format error: " + e.getOriginalMessage());
    }
    requireKnown("the template", template, OF_TEMPLATE);
    Map<String, StackResource> resources = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : template.path("Resources").properties()) {
      resources.put(
          entry.getKey(),
          resource(
              entry.getKey(), entry.getValue(), new StackReferences(template.path("Resources"))));
    }
    if (resources.isEmpty()) {
      throw invalid("Template format error: At least one Resources member must be defined.");
    }
    for (StackResource resource : resources.values()) {
      for (String logicalId : resource.dependsOn()) {
        if (!resources.containsKey(logicalId)) {
          throw invalid(
              "Template format error: Unresolved resource dependencies ["
                  + logicalId
                  + "] in the Resources block of the template");
        }
      }
    }
    return new StackTemplate(resources);
  }

  private static StackResource resource(String id, JsonNode node, StackReferences references) {
    requireKnown(id, node, OF_RESOURCE);
    String type = node.path("Type").asText();
    Set<String> properties = PROPERTIES.get(type);
    if (properties == null) {
      throw new NotEmulatedException("The type " + type + " of " + id + " is not emulated.");
    }
    Set<String> dependsOn = new LinkedHashSet<>();
    node.path("DependsOn").forEach(logicalId -> dependsOn.add(logicalId.asText()));
    JsonNode resolved = references.resolved(node.path("Properties"), dependsOn);
    requireProperties(id, "", resolved, properties);
    for (String policy : List.of("DeletionPolicy", "UpdateReplacePolicy")) {
      if (node.has(policy) && !node.path(policy).asText().equals("Retain")) {
        throw new NotEmulatedException(policy + " of " + id + " is emulated with Retain only.");
      }
    }
    return new StackResource(
        id, type, node.has("DeletionPolicy"), List.copyOf(dependsOn), resolved);
  }

  private static void requireProperties(
      String id, String path, JsonNode node, Set<String> properties) {
    if (node.isArray()) {
      node.forEach(element -> requireProperties(id, path, element, properties));
      return;
    }
    if (!node.isObject()) {
      if (!properties.contains(path)) {
        throw new NotEmulatedException("The property " + path + " of " + id + " is not emulated.");
      }
      return;
    }
    for (Map.Entry<String, JsonNode> property : node.properties()) {
      String inner = path.isEmpty() ? property.getKey() : path + "/" + property.getKey();
      if (!DOCUMENTS.contains(property.getKey())) {
        requireProperties(id, inner, property.getValue(), properties);
      } else if (!properties.contains(inner)) {
        throw new NotEmulatedException("The property " + inner + " of " + id + " is not emulated.");
      }
    }
  }

  private static void requireKnown(String what, JsonNode node, Set<String> allowed) {
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      if (!allowed.contains(field.getKey())) {
        throw new NotEmulatedException(field.getKey() + " of " + what + " is not emulated.");
      }
    }
  }

  static AwsErrorException invalid(String message) {
    return new AwsErrorException("ValidationError", message);
  }

  /**
   * Returns the resources so that each follows what it depends on. Of resources that are free to
   * start, the last one of the template is first: CloudFormation starts them together, so a
   * template that relies on its own order is found.
   */
  List<StackResource> inOrder() {
    Map<String, StackResource> waiting = new LinkedHashMap<>(resources);
    List<StackResource> ordered = new ArrayList<>();
    while (!waiting.isEmpty()) {
      StackResource next = null;
      for (StackResource resource : waiting.values()) {
        if (resource.dependsOn().stream().noneMatch(waiting::containsKey)) {
          next = resource;
        }
      }
      if (next == null) {
        throw invalid("Circular dependency between resources: " + waiting.keySet());
      }
      waiting.remove(next.id());
      ordered.add(next);
    }
    return ordered;
  }

  /** Returns what differs from another template: Add, Modify, or Remove, by logical ID. */
  Map<String, String> changesFrom(StackTemplate before) {
    Map<String, String> changes = new TreeMap<>();
    resources.forEach(
        (id, resource) -> {
          StackResource old = before.resources.get(id);
          if (old == null) {
            changes.put(id, "Add");
          } else if (!old.properties().equals(resource.properties())
              || old.retained() != resource.retained()) {
            changes.put(id, "Modify");
          }
        });
    before.resources.keySet().stream()
        .filter(id -> !resources.containsKey(id))
        .forEach(id -> changes.put(id, "Remove"));
    return changes;
  }
}
