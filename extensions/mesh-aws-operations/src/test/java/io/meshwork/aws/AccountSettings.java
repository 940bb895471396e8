package io.meshwork.aws;

import io.meshwork.testkit.aws.AwsEmulator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.Target;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * What the services say of the resources of a mesh in an account, by property. Names of the mesh
 * and of its accounts are left out, so that those of two meshes can be compared.
 */
final class AccountSettings {
  private static final Pattern NAME = Pattern.compile("<(?:RoleName|member)>([^<]*)</");
  private static final Pattern DOCUMENT =
      Pattern.compile("<(?:AssumeRole)?PolicyDocument>(.*?)</", Pattern.DOTALL);

  private final AwsEmulator aws;
  private final OnboardedAccounts accounts;
  private final String account;
  private final Map<String, String> settings = new TreeMap<>();

  private AccountSettings(AwsEmulator aws, OnboardedAccounts accounts, String account) {
    this.aws = aws;
    this.accounts = accounts;
    this.account = account;
  }

  /** Returns the settings of the bucket of an account, and in that of the mesh of the table. */
  static Map<String, String> ofStores(AwsEmulator aws, OnboardedAccounts accounts, String account) {
    AccountSettings read = new AccountSettings(aws, accounts, account);
    read.readBucket();
    if (account.equals(accounts.governance())) {
      read.readTable();
    }
    return read.settings;
  }

  /** Returns these and the settings of roles, buses, rules, queues, and the work group. */
  static Map<String, String> ofAll(AwsEmulator aws, OnboardedAccounts accounts, String account) {
    AccountSettings read = new AccountSettings(aws, accounts, account);
    read.settings.putAll(ofStores(aws, accounts, account));
    read.readRoles();
    read.readMessages();
    if (accounts.config().usesLakeFormation()) {
      String group = "{\"WorkGroup\": \"" + accounts.config().table() + "\"}";
      read.put("work group", read.administrator().athena("GetWorkGroup", group));
    }
    return read.settings;
  }

  private void put(String property, Object value) {
    settings.put(general(property), general(String.valueOf(value)));
  }

  private String general(String text) {
    return text.replace(accounts.governance(), "GOVERNANCE")
        .replace(accounts.commerce(), "COMMERCE")
        .replace(accounts.config().meshName(), "MESH");
  }

  private EmulatedClients administrator() {
    return EmulatedClients.administrator(aws, account);
  }

  private void readBucket() {
    String bucket = accounts.config().bucketIn(account);
    try (S3Client s3 = administrator().s3()) {
      put("bucket location", s3.getBucketLocation(get -> get.bucket(bucket)));
      put("bucket ownership", s3.getBucketOwnershipControls(get -> get.bucket(bucket)));
      put("bucket public access", s3.getPublicAccessBlock(get -> get.bucket(bucket)));
      put("bucket versions", s3.getBucketVersioning(get -> get.bucket(bucket)));
      put("bucket encryption", s3.getBucketEncryption(get -> get.bucket(bucket)));
      put("bucket lifecycle", s3.getBucketLifecycleConfiguration(get -> get.bucket(bucket)));
      put(
          "bucket policy",
          PolicyDocument.parsed(s3.getBucketPolicy(get -> get.bucket(bucket)).policy()));
    }
  }

  private void readTable() {
    String name = accounts.config().table();
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

  private void readRoles() {
    for (String role : names("ListRoles", Map.of())) {
      if (!role.contains(OnboardedAccounts.PLATFORM)
          && !role.contains(OnboardedAccounts.ADMINISTRATOR)) {
        Map<String, String> named = Map.of("RoleName", role);
        put("trust of " + role, document("GetRole", named));
        for (String policy : names("ListRolePolicies", named)) {
          put(
              policy + " of " + role,
              document("GetRolePolicy", Map.of("RoleName", role, "PolicyName", policy)));
        }
      }
    }
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
    return names.results().map(name -> name.group(1)).toList();
  }

  private void readMessages() {
    String bus = "mesh-" + accounts.config().meshName();
    try (EventBridgeClient events = administrator().client(EventBridgeClient.builder());
        SqsClient queues = administrator().client(SqsClient.builder())) {
      put("bus", events.describeEventBus(get -> get.name(bus)).arn());
      String rule = bus + "-notices";
      for (Target target :
          events.listTargetsByRule(get -> get.rule(rule).eventBusName(bus)).targets()) {
        put("target of rule " + rule, target);
      }
      for (String queue : List.of(bus + "-notices", bus + "-notices-dead")) {
        String url = queues.getQueueUrl(get -> get.queueName(queue)).queueUrl();
        queues
            .getQueueAttributes(get -> get.queueUrl(url).attributeNames(QueueAttributeName.ALL))
            .attributesAsStrings()
            .forEach(
                (name, value) -> {
                  if (!name.endsWith("Timestamp")) {
                    put("queue " + queue + " " + name, value);
                  }
                });
      }
    }
  }
}
