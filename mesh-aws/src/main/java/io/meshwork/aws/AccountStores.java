package io.meshwork.aws;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.aws.internal.dynamo.DynamoRequests;
import io.meshwork.aws.internal.s3.BucketLifecycle;
import io.meshwork.internal.metrics.QualityLine;
import java.util.List;
import java.util.stream.Stream;

/**
 * The bucket, the tables, and the work group of an account as resources of a template, with the
 * settings of {@link S3Bucket} and {@link DynamoTable}.
 */
record AccountStores(AwsConfig config, String account) {
  private static final String BUCKET = "Bucket";
  private static final String QUALITY_DATABASE = "QualityDatabase";
  private static final String QUALITY_TABLE = "quality_results";

  List<AccountResource> bucket(String policy) {
    ObjectNode protectedBy = AccountResource.node().put(BUCKET, config.bucketIn(account));
    protectedBy.set("PolicyDocument", PolicyDocument.parsed(policy));
    return List.of(
        new AccountResource(BUCKET, AccountResource.Type.BUCKET, true, List.of(), bucketSettings()),
        new AccountResource(
            "BucketPolicy",
            AccountResource.Type.BUCKET_POLICY,
            true,
            List.of(BUCKET),
            protectedBy));
  }

  private ObjectNode bucketSettings() {
    ObjectNode bucket = AccountResource.node().put("BucketName", config.bucketIn(account));
    bucket
        .putObject("OwnershipControls")
        .set(
            "Rules",
            AccountResource.list(
                AccountResource.node().put("ObjectOwnership", "BucketOwnerEnforced")));
    bucket
        .putObject("PublicAccessBlockConfiguration")
        .put("BlockPublicAcls", true)
        .put("BlockPublicPolicy", true)
        .put("IgnorePublicAcls", true)
        .put("RestrictPublicBuckets", true);
    bucket.putObject("VersioningConfiguration").put("Status", "Enabled");
    bucket
        .putObject("BucketEncryption")
        .set("ServerSideEncryptionConfiguration", AccountResource.list(encryption()));
    ObjectNode leftovers =
        AccountResource.node()
            .put("Id", BucketLifecycle.RULE)
            .put("Status", "Enabled")
            .put("Prefix", "")
            .put("ExpiredObjectDeleteMarker", true);
    leftovers
        .putObject("AbortIncompleteMultipartUpload")
        .put("DaysAfterInitiation", BucketLifecycle.UPLOAD_DAYS);
    leftovers
        .putObject("NoncurrentVersionExpiration")
        .put("NoncurrentDays", BucketLifecycle.NONCURRENT_DAYS);
    bucket.putObject("LifecycleConfiguration").set("Rules", AccountResource.list(leftovers));
    return bucket;
  }

  private ObjectNode encryption() {
    String key = config.kmsKey();
    ObjectNode rule = AccountResource.node().put("BucketKeyEnabled", key != null);
    ObjectNode method = rule.putObject("ServerSideEncryptionByDefault");
    if (key == null) {
      method.put("SSEAlgorithm", "AES256");
    } else {
      method.put("SSEAlgorithm", "aws:kms").put("KMSMasterKeyID", key);
    }
    return rule;
  }

  /** Returns the table of the registry. */
  AccountResource table() {
    ObjectNode table = AccountResource.node().put("TableName", config.table());
    table.set(
        "AttributeDefinitions",
        AccountResource.list(attribute(DynamoRequests.PARTITION), attribute(DynamoRequests.SORT)));
    table.set(
        "KeySchema",
        AccountResource.list(
            key(DynamoRequests.PARTITION, "HASH"), key(DynamoRequests.SORT, "RANGE")));
    table.put("BillingMode", "PAY_PER_REQUEST");
    table.put("DeletionProtectionEnabled", true);
    table.putObject("PointInTimeRecoverySpecification").put("PointInTimeRecoveryEnabled", true);
    String kmsKey = config.kmsKey();
    if (kmsKey != null) {
      table
          .putObject("SSESpecification")
          .put("SSEEnabled", true)
          .put("SSEType", "KMS")
          .put("KMSMasterKeyId", kmsKey);
    }
    return new AccountResource("Table", AccountResource.Type.TABLE, true, List.of(), table);
  }

  private static ObjectNode attribute(String name) {
    return AccountResource.node().put("AttributeName", name).put("AttributeType", "S");
  }

  private static ObjectNode key(String name, String type) {
    return AccountResource.node().put("AttributeName", name).put("KeyType", type);
  }

  /**
   * Returns the database and the table of AWS Glue by which Athena reads the quality results of all
   * domains; empty without CloudWatch, because only runs that report to it write them.
   */
  List<AccountResource> qualityTable() {
    if (!config.usesCloudWatch()) {
      return List.of();
    }
    ObjectNode database = AccountResource.node().put("CatalogId", config.account());
    database
        .putObject("DatabaseInput")
        .put("Name", database())
        .put("Description", "The mesh " + config.meshName() + " as a whole");
    ObjectNode table =
        AccountResource.node().put("CatalogId", config.account()).put("DatabaseName", database());
    table.set("TableInput", quality());
    return List.of(
        AccountResource.deletedWithStack(
            QUALITY_DATABASE, AccountResource.Type.GLUE_DATABASE, List.of(), database),
        AccountResource.deletedWithStack(
            "QualityTable", AccountResource.Type.GLUE_TABLE, List.of(QUALITY_DATABASE), table));
  }

  private ObjectNode quality() {
    ObjectNode input =
        AccountResource.node()
            .put("Name", QUALITY_TABLE)
            .put("Description", "The quality of each publish to each major version")
            .put("TableType", "EXTERNAL_TABLE");
    input.putObject("Parameters").put("classification", "json");
    ObjectNode storage = input.putObject("StorageDescriptor");
    ArrayNode columns = storage.putArray("Columns");
    QualityLine.columns()
        .forEach((name, type) -> columns.addObject().put("Name", name).put("Type", type));
    storage
        .put("Location", "s3://" + config.bucket() + "/" + QualityLine.FOLDER + "/")
        .put("InputFormat", "org.apache.hadoop.mapred.TextInputFormat")
        .put("OutputFormat", "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat")
        .putObject("SerdeInfo")
        .put("SerializationLibrary", "org.openx.data.jsonserde.JsonSerDe");
    return input;
  }

  /** Returns what the deployer needs for the table of quality results. */
  Stream<PolicyStatement> ofDeployer() {
    return config.usesCloudWatch()
        ? Stream.of(
            PolicyStatement.allow("MakeQualityTable")
                .actions(
                    "glue:CreateDatabase",
                    "glue:GetDatabase",
                    "glue:UpdateDatabase",
                    "glue:DeleteDatabase",
                    "glue:CreateTable",
                    "glue:GetTable",
                    "glue:UpdateTable",
                    "glue:DeleteTable")
                .on(
                    arn("catalog"),
                    arn("database/" + database()),
                    arn("table/" + database() + "/" + QUALITY_TABLE)))
        : Stream.empty();
  }

  /**
   * Returns the work group of Athena in which roles of the account query tables. Athena stores the
   * results itself, for a day: a bucket would need permissions outside Lake Formation, and
   * exceptions to its policy. The queries in the group do not prevent its deletion.
   */
  AccountResource workGroup() {
    ObjectNode group =
        AccountResource.node().put("Name", config.table()).put("RecursiveDeleteOption", true);
    ObjectNode results =
        group
            .putObject("WorkGroupConfiguration")
            .put("EnforceWorkGroupConfiguration", true)
            .put("PublishCloudWatchMetricsEnabled", config.usesCloudWatch())
            .putObject("ManagedQueryResultsConfiguration")
            .put("Enabled", true);
    String key = config.kmsKey();
    if (key != null) {
      results.putObject("EncryptionConfiguration").put("KmsKey", key);
    }
    return AccountResource.deletedWithStack(
        "WorkGroup", AccountResource.Type.WORK_GROUP, List.of(), group);
  }

  /** Returns what the deployer needs for the work group. */
  PolicyStatement ofWorkGroup() {
    return PolicyStatement.allow("MakeWorkGroup")
        .actions(
            "athena:CreateWorkGroup",
            "athena:GetWorkGroup",
            "athena:UpdateWorkGroup",
            "athena:DeleteWorkGroup",
            "athena:ListTagsForResource")
        .on(config.names().workGroup(account, config.table()));
  }

  /** Athena has no names with hyphens. */
  private String database() {
    return config.table().replace('-', '_');
  }

  private String arn(String resource) {
    return "arn:%s:glue:%s:%s:%s"
        .formatted(config.partition(), config.region(), config.account(), resource);
  }
}
