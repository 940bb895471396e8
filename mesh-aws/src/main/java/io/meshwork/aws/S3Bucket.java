package io.meshwork.aws;

import io.meshwork.aws.internal.AwsFailure;
import io.meshwork.aws.internal.s3.BucketLifecycle;
import io.meshwork.aws.internal.s3.S3Failure;
import io.meshwork.aws.internal.s3.S3Location;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.product.Principal;
import java.util.List;
import java.util.function.BooleanSupplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.CreateBucketRequest;
import software.amazon.awssdk.services.s3.model.ExpirationStatus;
import software.amazon.awssdk.services.s3.model.LifecycleRule;
import software.amazon.awssdk.services.s3.model.ObjectOwnership;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;
import software.amazon.awssdk.services.s3.model.ServerSideEncryptionByDefault;
import software.amazon.awssdk.services.s3.model.ServerSideEncryptionRule;

/** Creates the bucket of an account with its protections. */
final class S3Bucket {
  private static final String FIRST_REGION = "us-east-1";

  private final S3Client client;
  private final AwsConfig config;
  private final String account;
  private final String bucket;
  private final String policy;
  private final S3Failure failure;

  /**
   * Prepares the creation.
   *
   * @param caller who sends the requests, such as {@code 111111111111/admin}; the bucket is in its
   *     account
   * @param policy what it gets if it has none
   */
  S3Bucket(S3Client client, AwsConfig config, Principal caller, String policy) {
    this.client = client;
    this.config = config;
    this.account = caller.account();
    this.bucket = config.bucketIn(account);
    this.policy = policy;
    this.failure = new S3Failure(caller.toString(), Region.of(config.region()));
  }

  /**
   * Creates the bucket and sets the protections that it lacks. A policy, a lifecycle, or, without a
   * key in the configuration, a KMS key that exists is retained. It is idempotent, and completes an
   * interrupted run.
   *
   * @throws io.meshwork.error.BackendException if it could not be created, such as because another
   *     account has the bucket
   */
  void ensure() {
    step("s3:CreateBucket", this::create);
    step("s3:PutBucketPublicAccessBlock", this::blockPublicAccess);
    step("s3:PutBucketVersioning", this::keepVersions);
    if (config.kmsKey() != null
        || !answer("s3:GetEncryptionConfiguration", this::isEncryptedWithKms)) {
      step("s3:PutEncryptionConfiguration", this::encrypt);
    }
    step("s3:PutBucketPolicy", this::protect);
    step("s3:PutLifecycleConfiguration", this::removeLeftovers);
  }

  private void step(String permission, Runnable request) {
    answer(
        permission,
        () -> {
          request.run();
          return true;
        });
  }

  private boolean answer(String permission, BooleanSupplier request) {
    try {
      return request.getAsBoolean();
    } catch (RuntimeException e) {
      throw failure.ofBucket(Verb.CREATE, new S3Location(bucket, ""), permission, e);
    }
  }

  private void create() {
    CreateBucketRequest.Builder request =
        CreateBucketRequest.builder()
            .bucket(bucket)
            .objectOwnership(ObjectOwnership.BUCKET_OWNER_ENFORCED);
    if (!config.region().equals(FIRST_REGION)) {
      request.createBucketConfiguration(place -> place.locationConstraint(config.region()));
    }
    try {
      client.createBucket(request.build());
    } catch (BucketAlreadyOwnedByYouException exists) {
      // Not HeadBucket, whose rejection has no body and so no error code.
      client.getBucketLocation(get -> get.bucket(bucket).expectedBucketOwner(account));
    }
  }

  private void blockPublicAccess() {
    client.putPublicAccessBlock(
        request ->
            request
                .bucket(bucket)
                .publicAccessBlockConfiguration(
                    block ->
                        block
                            .blockPublicAcls(true)
                            .blockPublicPolicy(true)
                            .ignorePublicAcls(true)
                            .restrictPublicBuckets(true)));
  }

  private void keepVersions() {
    client.putBucketVersioning(
        request ->
            request
                .bucket(bucket)
                .versioningConfiguration(
                    versioning -> versioning.status(BucketVersioningStatus.ENABLED)));
  }

  /** Without a key in the configuration, the KMS key that the bucket has is retained. */
  private void encrypt() {
    String key = config.kmsKey();
    ServerSideEncryptionByDefault encryption =
        key == null
            ? ServerSideEncryptionByDefault.builder()
                .sseAlgorithm(ServerSideEncryption.AES256)
                .build()
            : ServerSideEncryptionByDefault.builder()
                .sseAlgorithm(ServerSideEncryption.AWS_KMS)
                .kmsMasterKeyID(key)
                .build();
    ServerSideEncryptionRule rule =
        ServerSideEncryptionRule.builder()
            .applyServerSideEncryptionByDefault(encryption)
            .bucketKeyEnabled(key != null)
            .build();
    client.putBucketEncryption(
        request ->
            request
                .bucket(bucket)
                .serverSideEncryptionConfiguration(configuration -> configuration.rules(rule)));
  }

  private boolean isEncryptedWithKms() {
    try {
      return client
          .getBucketEncryption(get -> get.bucket(bucket))
          .serverSideEncryptionConfiguration()
          .rules()
          .stream()
          .map(ServerSideEncryptionRule::applyServerSideEncryptionByDefault)
          .anyMatch(rule -> rule != null && rule.sseAlgorithmAsString().startsWith("aws:kms"));
    } catch (AwsServiceException e) {
      if (AwsFailure.codeOf(e).equals("ServerSideEncryptionConfigurationNotFoundError")) {
        return false;
      }
      throw e;
    }
  }

  private void protect() {
    if (exists("NoSuchBucketPolicy", () -> client.getBucketPolicy(get -> get.bucket(bucket)))) {
      return;
    }
    client.putBucketPolicy(request -> request.bucket(bucket).policy(policy));
  }

  /** Adds the rule of the mesh, unless the bucket has rules. */
  private void removeLeftovers() {
    if (!lifecycle().isEmpty()) {
      return;
    }
    LifecycleRule rule =
        LifecycleRule.builder()
            .id(BucketLifecycle.RULE)
            .status(ExpirationStatus.ENABLED)
            .filter(filter -> filter.prefix(""))
            .abortIncompleteMultipartUpload(
                upload -> upload.daysAfterInitiation(BucketLifecycle.UPLOAD_DAYS))
            .noncurrentVersionExpiration(
                version -> version.noncurrentDays(BucketLifecycle.NONCURRENT_DAYS))
            .expiration(expiration -> expiration.expiredObjectDeleteMarker(true))
            .build();
    client.putBucketLifecycleConfiguration(
        request ->
            request.bucket(bucket).lifecycleConfiguration(lifecycle -> lifecycle.rules(rule)));
  }

  private List<LifecycleRule> lifecycle() {
    try {
      return client.getBucketLifecycleConfiguration(get -> get.bucket(bucket)).rules();
    } catch (AwsServiceException e) {
      if (AwsFailure.codeOf(e).equals("NoSuchLifecycleConfiguration")) {
        return List.of();
      }
      throw e;
    }
  }

  private static boolean exists(String missing, Runnable get) {
    try {
      get.run();
      return true;
    } catch (AwsServiceException e) {
      if (AwsFailure.codeOf(e).equals(missing)) {
        return false;
      }
      throw e;
    }
  }
}
