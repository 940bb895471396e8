package io.meshwork.aws;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.aws.AccountSetup.Template;
import io.meshwork.testkit.aws.AwsEmulator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.DescribeEventBusResponse;
import software.amazon.awssdk.services.eventbridge.model.Rule;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ServerSideEncryptionRule;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * What the services say of each resource that templates name, by property. Names of the mesh and of
 * its accounts are left out, so that those of two meshes can be compared.
 */
final class AccountSettings {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern NAME = Pattern.compile("<(?:RoleName|member)>([^<]*)</");
  private static final Pattern DOCUMENT =
      Pattern.compile("<(?:AssumeRole)?PolicyDocument>(.*?)</", Pattern.DOTALL);

  /** The properties of each type, all of which are read. */
  private static final Map<String, Set<String>> READ =
      Map.ofEntries(
          Map.entry(
              "AWS::S3::Bucket",
              Set.of(
                  "BucketName",
                  "OwnershipControls",
                  "PublicAccessBlockConfiguration",
                  "VersioningConfiguration",
                  "BucketEncryption",
                  "LifecycleConfiguration")),
          Map.entry("AWS::S3::BucketPolicy", Set.of("Bucket", "PolicyDocument")),
          Map.entry(
              "AWS::DynamoDB::Table",
              Set.of(
                  "TableName",
                  "AttributeDefinitions",
                  "KeySchema",
                  "BillingMode",
                  "DeletionProtectionEnabled",
                  "PointInTimeRecoverySpecification",
                  "SSESpecification")),
          Map.entry("AWS::IAM::Role", Set.of("RoleName", "AssumeRolePolicyDocument", "Policies")),
          Map.entry("AWS::IAM::RolePolicy", Set.of("RoleName", "PolicyName", "PolicyDocument")),
          Map.entry("AWS::Glue::Database", Set.of("CatalogId", "DatabaseInput")),
          Map.entry("AWS::Glue::Table", Set.of("CatalogId", "DatabaseName", "TableInput")),
          Map.entry("AWS::Events::EventBus", Set.of("Name", "Policy")),
          Map.entry(
              "AWS::Events::Rule",
              Set.of("Name", "EventBusName", "State", "EventPattern", "Targets")),
          Map.entry(
              "AWS::SQS::Queue",
              Set.of(
                  "QueueName",
                  "MessageRetentionPeriod",
                  "SqsManagedSseEnabled",
                  "RedrivePolicy",
                  "VisibilityTimeout")),
          Map.entry("AWS::SQS::QueuePolicy", Set.of("Queues", "PolicyDocument")),
          Map.entry("AWS::SNS::Topic", Set.of("TopicName", "KmsMasterKeyId")),
          Map.entry("AWS::SNS::TopicPolicy", Set.of("Topics", "PolicyDocument")),
          Map.entry("AWS::SNS::Subscription", Set.of("TopicArn", "Protocol", "Endpoint")),
          Map.entry(
              "AWS::Athena::WorkGroup",
              Set.of("Name", "RecursiveDeleteOption", "WorkGroupConfiguration")));

  private final AwsEmulator aws;
  private final OnboardedAccounts accounts;
  private final String account;
  private final Map<String, String> settings = new TreeMap<>();

  private AccountSettings(AwsEmulator aws, OnboardedAccounts accounts, String account) {
    this.aws = aws;
    this.accounts = accounts;
    this.account = account;
  }

  /** Returns the settings of what {@link AwsMesh#make} makes, as it is in an account. */
  static Map<String, String> ofStores(
      AwsEmulator aws, OnboardedAccounts accounts, String account, List<AccountSetup> setups) {
    return new AccountSettings(aws, accounts, account)
        .read(setups, Set.of("AWS::S3::Bucket", "AWS::S3::BucketPolicy", "AWS::DynamoDB::Table"));
  }

  /** Returns the settings of all that the templates of an account name, as it is there. */
  static Map<String, String> ofAll(
      AwsEmulator aws, OnboardedAccounts accounts, String account, List<AccountSetup> setups) {
    AccountSettings read = new AccountSettings(aws, accounts, account);
    read.put("roles", new TreeSet<>(read.names("ListRoles", Map.of())));
    return read.read(setups, READ.keySet());
  }

  /**
   * Returns the types and properties that templates print, such as {@code AWS::SQS::Queue
   * QueueName}.
   */
  static Set<String> printed(List<AccountSetup> setups) {
    Set<String> printed = new TreeSet<>();
    for (JsonNode resource : resources(setups.stream().flatMap(s -> s.templates().stream()))) {
      resource
          .path("Properties")
          .fieldNames()
          .forEachRemaining(name -> printed.add(type(resource) + " " + name));
    }
    return printed;
  }

  /** Returns the types and properties that are compared, as {@link #printed} does. */
  static Set<String> compared() {
    Set<String> compared = new TreeSet<>();
    READ.forEach((type, names) -> names.forEach(name -> compared.add(type + " " + name)));
    return compared;
  }

  private Map<String, String> read(List<AccountSetup> setups, Set<String> types) {
    for (JsonNode resource :
        resources(
            setups.stream()
                .flatMap(setup -> setup.templates().stream())
                .filter(template -> template.account().equals(account)))) {
      if (types.contains(type(resource))) {
        read(type(resource), resource.path("Properties"));
      }
    }
    return settings;
  }

  private static List<JsonNode> resources(Stream<Template> templates) {
    return templates
        .flatMap(template -> parsed(template.body()).path("Resources").valueStream())
        .toList();
  }

  private static String type(JsonNode resource) {
    return resource.path("Type").asText();
  }

  private void put(String property, Object value) {
    settings.put(general(property), general(String.valueOf(value)));
  }

  private String general(String text) {
    return text.replace(accounts.governance(), "GOVERNANCE")
        .replace(accounts.commerce(), "COMMERCE")
        .replace(accounts.other(), "OTHER")
        .replace(accounts.config().meshName(), "MESH");
  }

  private EmulatedClients administrator() {
    return EmulatedClients.administrator(aws, account);
  }

  private void read(String type, JsonNode resource) {
    switch (type) {
      case "AWS::S3::Bucket" -> readBucket(resource.path("BucketName").asText());
      case "AWS::S3::BucketPolicy" -> readBucketPolicy(resource.path("Bucket").asText());
      case "AWS::DynamoDB::Table" -> readTable(resource.path("TableName").asText());
      case "AWS::IAM::Role" -> readRole(resource.path("RoleName").asText());
      case "AWS::IAM::RolePolicy" ->
          readRolePolicy(resource.path("RoleName").asText(), resource.path("PolicyName").asText());
      case "AWS::Glue::Database" -> readDatabase(resource.at("/DatabaseInput/Name").asText());
      case "AWS::Glue::Table" ->
          readGlueTable(
              resource.path("DatabaseName").asText(), resource.at("/TableInput/Name").asText());
      case "AWS::Events::EventBus" -> readBus(resource.path("Name").asText());
      case "AWS::Events::Rule" ->
          readRule(resource.path("EventBusName").asText(), resource.path("Name").asText());
      case "AWS::SQS::Queue" -> readQueue(resource.path("QueueName").asText());
      case "AWS::SQS::QueuePolicy" -> {
        String url = resource.at("/Queues/0").asText();
        readQueue(url.substring(url.lastIndexOf('/') + 1));
      }
      case "AWS::SNS::Topic" -> readTopic(resource.path("TopicName").asText());
      case "AWS::SNS::TopicPolicy" -> {
        String arn = resource.at("/Topics/0").asText();
        readTopic(arn.substring(arn.lastIndexOf(':') + 1));
      }
      case "AWS::SNS::Subscription" -> readSubscriptions(resource.path("TopicArn").asText());
      case "AWS::Athena::WorkGroup" ->
          put(
              "work group",
              administrator()
                  .athena(
                      "GetWorkGroup",
                      "{\"WorkGroup\": \"" + resource.path("Name").asText() + "\"}"));
      default -> throw new IllegalStateException(type + " is not compared");
    }
  }

  private void readBucket(String bucket) {
    try (S3Client s3 = administrator().s3()) {
      put("bucket location", s3.getBucketLocation(get -> get.bucket(bucket)));
      put("bucket ownership", s3.getBucketOwnershipControls(get -> get.bucket(bucket)));
      put("bucket public access", s3.getPublicAccessBlock(get -> get.bucket(bucket)));
      put("bucket versions", s3.getBucketVersioning(get -> get.bucket(bucket)));
      ServerSideEncryptionRule encryption =
          s3.getBucketEncryption(get -> get.bucket(bucket))
              .serverSideEncryptionConfiguration()
              .rules()
              .get(0);
      put("bucket encryption", encryption);
      // The text of the rule leaves it out.
      put("bucket key", encryption.applyServerSideEncryptionByDefault().kmsMasterKeyID());
      put("bucket lifecycle", s3.getBucketLifecycleConfiguration(get -> get.bucket(bucket)));
    }
  }

  private void readBucketPolicy(String bucket) {
    try (S3Client s3 = administrator().s3()) {
      put(
          "bucket policy",
          PolicyDocument.parsed(s3.getBucketPolicy(get -> get.bucket(bucket)).policy()));
    }
  }

  private void readTable(String name) {
    try (DynamoDbClient client = administrator().dynamoDb()) {
      TableDescription table = client.describeTable(get -> get.tableName(name)).table();
      put("table keys", table.keySchema());
      put("table attributes", table.attributeDefinitions());
      put("table billing", table.billingModeSummary().billingMode());
      put("table deletion protection", table.deletionProtectionEnabled());
      put("table encryption", table.sseDescription());
      put(
          "table recovery",
          client
              .describeContinuousBackups(get -> get.tableName(name))
              .continuousBackupsDescription()
              .pointInTimeRecoveryDescription()
              .pointInTimeRecoveryStatus());
    }
  }

  /** Reads a role with all its policies, also those of other stacks. */
  private void readRole(String role) {
    Map<String, String> named = Map.of("RoleName", role);
    put("trust of " + role, document("GetRole", named));
    names("ListRolePolicies", named).forEach(policy -> readRolePolicy(role, policy));
  }

  private void readRolePolicy(String role, String policy) {
    put(
        policy + " of " + role,
        document("GetRolePolicy", Map.of("RoleName", role, "PolicyName", policy)));
  }

  private String document(String action, Map<String, String> named) {
    Matcher document = DOCUMENT.matcher(administrator().iam(action, named));
    if (!document.find()) {
      throw new IllegalStateException(action + " " + named + " has no document");
    }
    return document.group(1);
  }

  private List<String> names(String action, Map<String, String> parameters) {
    Matcher names = NAME.matcher(administrator().iam(action, parameters));
    return names
        .results()
        .map(name -> name.group(1))
        .filter(name -> !name.contains(OnboardedAccounts.PLATFORM))
        .filter(name -> !name.contains(OnboardedAccounts.ADMINISTRATOR))
        .toList();
  }

  private void readDatabase(String name) {
    put("database " + name, settings(glue("GetDatabase", node().put("Name", name))));
  }

  private void readGlueTable(String database, String name) {
    put(
        "table " + name,
        settings(glue("GetTable", node().put("DatabaseName", database).put("Name", name))));
  }

  private String glue(String operation, ObjectNode request) {
    return administrator().glue(operation, request.toString());
  }

  /** Returns a database or table without what it has of its making. */
  private static JsonNode settings(String reply) {
    ObjectNode resource = (ObjectNode) parsed(reply).iterator().next();
    return resource.remove(List.of("CreateTime", "UpdateTime", "CreatedBy"));
  }

  private static JsonNode parsed(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ObjectNode node() {
    return JSON.createObjectNode();
  }

  /** Reads a bus with the names of all its rules. */
  private void readBus(String name) {
    try (EventBridgeClient events = administrator().client(EventBridgeClient.builder())) {
      DescribeEventBusResponse bus = events.describeEventBus(get -> get.name(name));
      put("bus", bus.arn());
      put("bus policy", bus.policy());
      put(
          "bus rules",
          new TreeSet<>(
              events.listRules(list -> list.eventBusName(name)).rules().stream()
                  .map(Rule::name)
                  .toList()));
    }
  }

  private void readRule(String bus, String name) {
    try (EventBridgeClient events = administrator().client(EventBridgeClient.builder())) {
      put("rule " + name, events.describeRule(get -> get.name(name).eventBusName(bus)));
      put(
          "targets of rule " + name,
          events.listTargetsByRule(get -> get.rule(name).eventBusName(bus)).targets());
    }
  }

  private void readQueue(String name) {
    try (SqsClient queues = administrator().client(SqsClient.builder())) {
      String url = queues.getQueueUrl(get -> get.queueName(name)).queueUrl();
      queues
          .getQueueAttributes(get -> get.queueUrl(url).attributeNames(QueueAttributeName.ALL))
          .attributesAsStrings()
          .forEach(
              (attribute, value) -> {
                if (!attribute.endsWith("Timestamp")) {
                  put("queue " + name + " " + attribute, value);
                }
              });
    }
  }

  private void readTopic(String name) {
    String arn = "arn:aws:sns:" + aws.region() + ":" + account + ":" + name;
    put("topic " + name, administrator().sns("GetTopicAttributes", Map.of("TopicArn", arn)));
  }

  private void readSubscriptions(String topic) {
    Matcher subscriptions =
        Pattern.compile("<SubscriptionArn>([^<]*)</")
            .matcher(administrator().sns("ListSubscriptionsByTopic", Map.of("TopicArn", topic)));
    Set<String> all = new TreeSet<>();
    subscriptions
        .results()
        .map(subscription -> Map.of("SubscriptionArn", subscription.group(1)))
        .forEach(named -> all.add(administrator().sns("GetSubscriptionAttributes", named)));
    put("subscriptions of " + topic, all);
  }
}
