package io.meshwork.testkit.aws.internal.s3;

import io.meshwork.testkit.aws.internal.access.AwsRequest;
import io.meshwork.testkit.aws.internal.access.IamPolicy;
import io.meshwork.testkit.aws.internal.access.NotEmulatedException;
import io.meshwork.testkit.aws.internal.access.S3Operation;
import io.meshwork.testkit.aws.internal.access.UsedStatements;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The owners and regions of buckets, as recorded from requests to S3, and their policies.
 * Thread-safe.
 */
public final class S3Buckets {
  private final Map<String, Bucket> buckets = new ConcurrentHashMap<>();
  private final Map<String, BucketPolicy> policies = new ConcurrentHashMap<>();

  private final S3Uploads uploads = new S3Uploads();

  private record Bucket(String owner, String region) {}

  private record BucketPolicy(String text, IamPolicy policy) {}

  /** Returns the multipart uploads to all buckets. */
  S3Uploads uploads() {
    return uploads;
  }

  /** Returns the account of a bucket; null if it was not created by way of an emulator. */
  @Nullable String owner(String bucket) {
    Bucket owned = buckets.get(bucket);
    return owned == null ? null : owned.owner();
  }

  /** Returns the region of a bucket; null if it was not created by way of an emulator. */
  @Nullable String region(String bucket) {
    Bucket owned = buckets.get(bucket);
    return owned == null ? null : owned.region();
  }

  @Nullable IamPolicy policy(String bucket) {
    BucketPolicy policy = policies.get(bucket);
    return policy == null ? null : policy.policy();
  }

  @Nullable String policyText(String bucket) {
    BucketPolicy policy = policies.get(bucket);
    return policy == null ? null : policy.text();
  }

  /**
   * Sets the policy of a bucket.
   *
   * @throws NotEmulatedException if the policy contains what the emulator does not know
   */
  void setPolicy(String bucket, String text) {
    policies.put(bucket, new BucketPolicy(text, IamPolicy.ofResource(text)));
  }

  /**
   * Returns the statements of the buckets of an account that decided nothing alone, such as {@code
   * mesh-sales-222222222222-eu-central-1 MarkPlace}.
   */
  public List<String> unused(String account, UsedStatements used) {
    List<String> unused = new ArrayList<>();
    policies.forEach(
        (bucket, policy) -> {
          if (account.equals(owner(bucket))) {
            used.unusedOf(policy.policy()).forEach(id -> unused.add(bucket + " " + id));
          }
        });
    return unused;
  }

  void removePolicy(String bucket) {
    policies.remove(bucket);
  }

  /** Records a request that succeeded. */
  void record(AwsRequest request, S3Operation operation, String account) throws IOException {
    if (operation.name().equals("CreateBucket")) {
      buckets.putIfAbsent(operation.bucket(), new Bucket(account, S3Regions.ofNewBucket(request)));
    } else if (operation.name().equals("DeleteBucket")) {
      buckets.remove(operation.bucket());
      policies.remove(operation.bucket());
    }
  }
}
