package io.meshwork.aws.internal.mirror.opendata;

import io.meshwork.aws.internal.AwsFailure;
import io.meshwork.aws.internal.mirror.glue.RequestJson;
import io.meshwork.aws.internal.mirror.glue.RoleClients;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.runtime.Deadline;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Function;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Reads and writes the policies of the buckets of an account. Used by one thread.
 *
 * @param role the role of the mesh in the account
 */
record BucketPolicies(RoleClients role) {
  private static final String MISSING = "NoSuchBucketPolicy";

  /** S3 changes another setting of the bucket. */
  private static final String CONFLICT = "OperationAborted";

  /** Returns the policy of a bucket; empty if it has none. */
  Optional<BucketPolicyText> read(String bucket) {
    Optional<String> text =
        send(
            Verb.READ,
            "s3:GetBucketPolicy",
            bucket,
            s3 -> {
              try {
                return Optional.of(
                    s3.getBucketPolicy(
                            get -> get.bucket(bucket).expectedBucketOwner(role.account()))
                        .policy());
              } catch (AwsServiceException e) {
                if (AwsFailure.codeOf(e).equals(MISSING)) {
                  return Optional.empty();
                }
                throw e;
              }
            });
    return text.map(policy -> parse(bucket, policy));
  }

  private static BucketPolicyText parse(String bucket, String policy) {
    try {
      return BucketPolicyText.parse(policy);
    } catch (IOException e) {
      throw Failure.of(MeshAction.of(Verb.READ, nameOf(bucket)))
          .because("its text is not a policy")
          .state("It stays as it is.")
          .fix("Look at it with 'aws s3api get-bucket-policy --bucket " + bucket + "'.")
          .cause(e)
          .lasting(ErrorCode.BACKEND_FAILED);
    }
  }

  /** Replaces the policy of a bucket; an empty one is deleted. */
  void write(String bucket, Optional<String> policy) {
    if (policy.isEmpty()) {
      send(
          Verb.UPDATE,
          "s3:DeleteBucketPolicy",
          bucket,
          s3 ->
              s3.deleteBucketPolicy(
                  delete -> delete.bucket(bucket).expectedBucketOwner(role.account())));
      return;
    }
    String text = policy.get();
    int size = BucketPolicyText.sizeOf(text);
    if (size > BucketPolicyText.MAX_SIZE) {
      throw Failure.of(MeshAction.of(Verb.UPDATE, nameOf(bucket)))
          .because(
              "it would have "
                  + size
                  + " bytes with the folders of all open tables, and S3 accepts "
                  + BucketPolicyText.MAX_SIZE)
          .state("It stays as it is.")
          .fix(
              "Remove statements that you do not need, keep new products in another place, or let"
                  + " readers of this domain use Lake Formation and remove it from openData(..).")
          .lasting(ErrorCode.BACKEND_FAILED);
    }
    send(
        Verb.UPDATE,
        "s3:PutBucketPolicy",
        bucket,
        s3 ->
            s3.putBucketPolicy(
                put -> put.bucket(bucket).policy(text).expectedBucketOwner(role.account())));
  }

  private <R> R send(Verb verb, String permission, String bucket, Function<S3Client, R> request) {
    MeshAction action = MeshAction.of(verb, nameOf(bucket));
    S3Client client = role.s3();
    try {
      return request.apply(client);
    } catch (AbortedException e) {
      throw Deadline.interrupted(action, null);
    } catch (RuntimeException e) {
      throw failure(Failure.of(action).cause(e), permission, bucket, e);
    }
  }

  private RuntimeException failure(
      Failure failed, String permission, String bucket, RuntimeException failure) {
    if (AwsFailure.isDenied(failure)) {
      return AwsFailure.permissionMissing(
          failed, role.role().toString(), permission, "the bucket '" + bucket + "'", failure);
    }
    if (AwsFailure.isPassing(failure)) {
      return failed
          .because("S3 did not complete the request, " + AwsFailure.describe(failure))
          .state(AwsFailure.MAY_HAVE_TAKEN_EFFECT)
          .fix(AwsFailure.fixOf(failure, "Run the mirrors again."))
          .passing(ErrorCode.BACKEND_FAILED);
    }
    failed.because("S3 rejected the request, " + AwsFailure.describe(failure));
    return failure instanceof AwsServiceException response
            && AwsFailure.codeOf(response).equals(CONFLICT)
        ? failed.fix("Run the mirrors again.").conflict(ErrorCode.CONFLICT)
        : failed
            .fix(AwsFailure.fixOf(failure, "Check the policy and the owner of this bucket."))
            .lasting(ErrorCode.BACKEND_FAILED);
  }

  /**
   * Returns the command that writes or removes a statement. If the policy cannot be read, it
   * changes nothing.
   *
   * @param statement empty to remove it
   */
  static String command(String bucket, String sid, Optional<String> statement) {
    String program =
        ".Statement |= ([.] | flatten | map(select(.Sid != \""
            + sid
            + "\"))"
            + statement.map(added -> " + [" + added + "]").orElse("")
            + ")";
    return "policy=\"$(aws s3api get-bucket-policy --bucket "
        + bucket
        + " --query Policy --output text)\" && aws s3api put-bucket-policy --bucket "
        + bucket
        + " --policy \"$(jq -c "
        + RequestJson.quoted(program)
        + " <<< \"$policy\")\"";
  }

  /** Returns how messages name the policy of a bucket. */
  static String nameOf(String bucket) {
    return "the policy of the bucket '" + bucket + "'";
  }
}
