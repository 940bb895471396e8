package io.meshwork.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.runtime.ArgumentChecks;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A resource of a template of CloudFormation.
 *
 * @param id the logical ID, unique in a template
 * @param type such as {@code AWS::IAM::Role}
 * @param retained true if it stays when a stack or the resource in it is deleted
 * @param dependsOn the logical IDs of what has to exist before
 * @param properties the properties of its type
 */
record AccountResource(
    String id, Type type, boolean retained, List<String> dependsOn, ObjectNode properties) {
  /** What CloudFormation accepts without a bucket for templates. */
  private static final int MAX_SIZE = 51_200;

  /** The types that templates have. */
  enum Type {
    BUCKET("AWS::S3::Bucket"),
    BUCKET_POLICY("AWS::S3::BucketPolicy"),
    TABLE("AWS::DynamoDB::Table"),
    ROLE("AWS::IAM::Role"),
    ROLE_POLICY("AWS::IAM::RolePolicy"),
    ORGANIZATIONAL_UNIT("AWS::Organizations::OrganizationalUnit"),
    ORGANIZATION_POLICY("AWS::Organizations::Policy"),
    PERMISSION_SET("AWS::SSO::PermissionSet"),
    ASSIGNMENT("AWS::SSO::Assignment"),
    TRAIL("AWS::CloudTrail::Trail"),
    GLUE_DATABASE("AWS::Glue::Database"),
    GLUE_TABLE("AWS::Glue::Table"),
    EVENT_BUS("AWS::Events::EventBus"),
    RULE("AWS::Events::Rule"),
    QUEUE("AWS::SQS::Queue"),
    QUEUE_POLICY("AWS::SQS::QueuePolicy"),
    TOPIC("AWS::SNS::Topic"),
    TOPIC_POLICY("AWS::SNS::TopicPolicy"),
    SUBSCRIPTION("AWS::SNS::Subscription"),
    WORK_GROUP("AWS::Athena::WorkGroup");

    private final String typeName;

    Type(String typeName) {
      this.typeName = typeName;
    }
  }

  AccountResource {
    dependsOn = List.copyOf(dependsOn);
  }

  static AccountResource deletedWithStack(
      String id, Type type, List<String> dependsOn, ObjectNode properties) {
    return new AccountResource(id, type, false, dependsOn, properties);
  }

  static ObjectNode node() {
    return JsonNodeFactory.instance.objectNode();
  }

  static ArrayNode list(JsonNode... nodes) {
    return JsonNodeFactory.instance.arrayNode().addAll(List.of(nodes));
  }

  /** Returns what a template has at the logical ID. */
  ObjectNode json() {
    ObjectNode json = node().put("Type", type.typeName);
    if (retained) {
      json.put("DeletionPolicy", "Retain").put("UpdateReplacePolicy", "Retain");
    }
    if (!dependsOn.isEmpty()) {
      dependsOn.forEach(json.putArray("DependsOn")::add);
    }
    json.set("Properties", properties);
    return json;
  }

  /** Returns the template of a stack as JSON, without white space if it is too large with it. */
  static String template(String stack, String description, List<AccountResource> resources) {
    ObjectNode template =
        node().put("AWSTemplateFormatVersion", "2010-09-09").put("Description", description);
    ObjectNode all = template.putObject("Resources");
    Set<String> ids = new HashSet<>();
    for (AccountResource resource : resources) {
      if (!ids.add(resource.id().toLowerCase(Locale.ROOT))) {
        throw ArgumentChecks.refused(
            "roles",
            "have two names that differ in hyphens and case only, " + resource.id(),
            "Use other names.");
      }
      all.set(resource.id(), resource.json());
    }
    String text = PolicyDocument.written(template) + "\n";
    String fitting = text.length() <= MAX_SIZE ? text : template.toString();
    if (fitting.length() > MAX_SIZE) {
      throw PolicyDocument.tooLarge(
          "the template of the stack " + stack, fitting.length(), MAX_SIZE, PolicyDocument.DIVIDE);
    }
    return fitting;
  }
}
