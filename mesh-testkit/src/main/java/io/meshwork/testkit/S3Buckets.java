package io.meshwork.testkit;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The owners of buckets, as recorded from requests to S3, and their policies. Thread-safe. */
final class S3Buckets {
  private final Map<String, String> owners = new ConcurrentHashMap<>();
  private final Map<String, BucketPolicy> policies = new ConcurrentHashMap<>();

  private record BucketPolicy(String text, IamPolicy policy) {}

  /** Returns the account of a bucket; null if it was not created by way of an emulator. */
  @Nullable String owner(String bucket) {
    return owners.get(bucket);
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
    policies.put(bucket, new BucketPolicy(text, IamPolicy.ofBucket(text)));
  }

  void removePolicy(String bucket) {
    policies.remove(bucket);
  }

  /** Records a request that succeeded. */
  void record(S3Operation operation, String account) {
    if (operation.name().equals("CreateBucket")) {
      owners.putIfAbsent(operation.bucket(), account);
    } else if (operation.name().equals("DeleteBucket")) {
      owners.remove(operation.bucket());
      policies.remove(operation.bucket());
    }
  }
}
