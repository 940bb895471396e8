package io.meshwork.aws;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * The bucket and the table of an account as resources of a template, with the settings of {@link
 * S3Bucket} and {@link DynamoTable}.
 */
record AccountStores(AwsConfig config, String account) {
  private static final String BUCKET = "Bucket";

  /** Returns the bucket with its policy. */
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
            .put("Id", S3Bucket.LEFTOVERS)
            .put("Status", "Enabled")
            .put("Prefix", "")
            .put("ExpiredObjectDeleteMarker", true);
    leftovers
        .putObject("AbortIncompleteMultipartUpload")
        .put("DaysAfterInitiation", S3Bucket.UPLOAD_DAYS);
    leftovers
        .putObject("NoncurrentVersionExpiration")
        .put("NoncurrentDays", S3Bucket.NONCURRENT_DAYS);
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
}
