package io.meshwork.testkit.aws.internal.s3;

import io.meshwork.testkit.aws.internal.access.AwsIdentity;
import io.meshwork.testkit.aws.internal.access.AwsPermissions;
import io.meshwork.testkit.aws.internal.access.AwsReply;
import io.meshwork.testkit.aws.internal.access.AwsRequest;
import io.meshwork.testkit.aws.internal.access.IamAction;
import io.meshwork.testkit.aws.internal.access.NotEmulatedException;
import io.meshwork.testkit.aws.internal.access.S3Operation;
import io.meshwork.testkit.aws.internal.access.ServiceRules;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Policies of identities and buckets, checksums, also of multipart uploads, regions, and the reply
 * for missing keys and keys that are too long.
 */
public final class S3Rules implements ServiceRules {
  private static final int MAX_KEY_BYTES = 1_024;

  private final S3Buckets buckets;
  private final AwsPermissions permissions;

  public S3Rules(S3Buckets buckets, AwsPermissions permissions) {
    this.buckets = buckets;
    this.permissions = permissions;
  }

  @Override
  public @Nullable AwsReply ownReply(AwsRequest request, AwsIdentity caller) throws IOException {
    S3Operation operation = S3Operation.of(request);
    AwsReply mismatch = S3Checksums.error(request, operation);
    if (mismatch != null) {
      return mismatch;
    }
    if (operation.key().getBytes(StandardCharsets.UTF_8).length > MAX_KEY_BYTES) {
      return AwsReply.error("s3", 400, "KeyTooLongError", "Your key is too long");
    }
    AwsReply elsewhere = S3Regions.redirect(request, operation, buckets.region(operation.bucket()));
    if (elsewhere != null && !operation.name().equals("CreateBucket")) {
      return elsewhere;
    }
    AwsReply denied = denied(request, operation, caller);
    if (denied != null) {
      return denied;
    }
    AwsReply rejected = buckets.uploads().error(request, operation);
    if (rejected != null) {
      return rejected;
    }
    return operation.name().equals("CreateBucket")
        ? notCreated(request, operation, caller)
        : ofPolicy(request, operation);
  }

  private @Nullable AwsReply notCreated(
      AwsRequest request, S3Operation operation, AwsIdentity caller) throws IOException {
    String owner = buckets.owner(operation.bucket());
    if (owner == null) {
      return S3Regions.illegalConstraint(request);
    }
    return owner.equals(caller.account())
        ? AwsReply.error("s3", 409, "BucketAlreadyOwnedByYou", "You own this bucket already.")
        : AwsReply.error("s3", 409, "BucketAlreadyExists", "Another account owns the bucket.");
  }

  @Override
  public AwsReply reply(AwsRequest request, AwsIdentity caller, AwsReply reply) throws IOException {
    S3Operation operation = S3Operation.of(request);
    if (reply.isSuccess()) {
      buckets.record(request, operation, caller.account());
      return buckets.uploads().record(request, operation, reply);
    }
    boolean reads = operation.name().equals("GetObject") || operation.name().equals("HeadObject");
    if (reply.status() == 404 && reads && buckets.owner(operation.bucket()) != null) {
      String denial = denial(caller, S3Actions.list(operation.bucket()), operation);
      if (denial != null) {
        reply.body().close();
        return AwsReply.error("s3", 403, "AccessDenied", denial);
      }
    }
    return reply;
  }

  /** Moto would enforce policies of buckets without their conditions, so it never gets them. */
  private @Nullable AwsReply ofPolicy(AwsRequest request, S3Operation operation)
      throws IOException {
    String bucket = operation.bucket();
    if (buckets.owner(bucket) == null) {
      return null;
    }
    switch (operation.name()) {
      case "PutBucketPolicy" -> {
        buckets.setPolicy(bucket, S3Checksums.content(request));
        return AwsReply.noContent();
      }
      case "DeleteBucketPolicy" -> {
        buckets.removePolicy(bucket);
        return AwsReply.noContent();
      }
      case "GetBucketPolicy" -> {
        String text = buckets.policyText(bucket);
        return text == null
            ? AwsReply.error("s3", 404, "NoSuchBucketPolicy", "The bucket policy does not exist")
            : AwsReply.json(text);
      }
      default -> {
        return null;
      }
    }
  }

  private @Nullable AwsReply denied(AwsRequest request, S3Operation operation, AwsIdentity caller)
      throws IOException {
    String expected = request.header("X-Amz-Expected-Bucket-Owner");
    String owner = buckets.owner(operation.bucket());
    if (expected != null && owner != null && !expected.equals(owner)) {
      return AwsReply.error("s3", 403, "AccessDenied", "Another account owns the bucket.");
    }
    List<String> denials = new ArrayList<>();
    List<IamAction> actions = S3Actions.of(request, operation);
    for (IamAction action : actions) {
      String denial = denial(caller, action, operation);
      if (denial != null) {
        denials.add(denial);
      }
    }
    if (denials.isEmpty()) {
      return null;
    }
    if (!operation.name().equals("DeleteObjects")) {
      return AwsReply.error("s3", 403, "AccessDenied", denials.get(0));
    }
    if (denials.size() < actions.size()) {
      throw new NotEmulatedException("s3:DeleteObjects with some keys denied is not emulated.");
    }
    return AwsReply.deleteErrors(S3Actions.keys(request), "AccessDenied", denials.get(0));
  }

  private @Nullable String denial(AwsIdentity caller, IamAction action, S3Operation operation) {
    String bucket = S3Actions.bucket(action);
    String owner = buckets.owner(bucket);
    return owner == null || operation.name().equals("CreateBucket")
        ? permissions.denial(caller, action)
        : permissions.denial(caller, action, owner, buckets.policy(bucket));
  }
}
