package io.meshwork.aws.internal.s3;

import io.meshwork.aws.internal.AwsFailure;
import io.meshwork.aws.internal.DeniedPermission;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.MeshException;
import io.meshwork.internal.runtime.Deadline;
import java.util.Set;
import org.apache.iceberg.exceptions.NotFoundException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.regions.PartitionMetadata;
import software.amazon.awssdk.regions.Region;

/**
 * Converts failed requests to S3 into exceptions: a missing file into Iceberg's {@code
 * NotFoundException}, everything else into ours. Messages have codes, status and request ID, never
 * the text of AWS, and no partition values.
 */
public final class S3Failure {
  static final int PRECONDITION_FAILED = 412;
  static final int CONFLICT = 409;
  static final int RANGE_INVALID = 416;
  static final int BAD_REQUEST = 400;
  private static final int NOT_FOUND = 404;
  private static final String LIST = "s3:ListBucket";
  private static final String TRY_AGAIN =
      "Run it again. If the error persists, check the network and the request rate of the bucket.";
  private static final Set<String> PASSING_CODES =
      Set.of("RequestTimeout", "OperationAborted", "ConditionalRequestConflict");

  private final String caller;
  private final Region region;

  /**
   * Creates a converter.
   *
   * @param caller who sends the requests, such as {@code 222222222222/commerce-etl}
   * @param region to which they are sent; ARNs start with its partition
   */
  public S3Failure(String caller, Region region) {
    this.caller = caller;
    this.region = region;
  }

  /** Returns the status of a response; 0 if there was none. */
  static int statusOf(RuntimeException failure) {
    return failure instanceof AwsServiceException response ? response.statusCode() : 0;
  }

  /** Returns true if the object does not exist; a missing bucket is another failure. */
  public static boolean isMissing(RuntimeException failure) {
    return statusOf(failure) == NOT_FOUND && !isBucketMissing(failure);
  }

  private static boolean isBucketMissing(RuntimeException failure) {
    return failure instanceof AwsServiceException response
        && AwsFailure.codeOf(response).equals("NoSuchBucket");
  }

  private static boolean isNameTaken(RuntimeException failure) {
    return failure instanceof AwsServiceException response
        && AwsFailure.codeOf(response).equals("BucketAlreadyExists");
  }

  /**
   * Returns the exception for a failed request on a file.
   *
   * @param permission the IAM action that the request needs, such as {@code s3:GetObject}
   */
  public RuntimeException of(
      Verb verb, S3Location file, String permission, RuntimeException failure) {
    if (verb == Verb.READ && isMissing(failure)) {
      return new NotFoundException(failure, "File '%s' does not exist", file);
    }
    return of(actionOn(verb, file), file, permission, file.arn(partition()), failure);
  }

  /** Returns the exception for a failed request on a file that may succeed later. */
  MeshException passing(Verb verb, S3Location file, RuntimeException failure) {
    return passing(failed(actionOn(verb, file), failure), failure);
  }

  /** Returns the exception for a failed request on a prefix or a bucket. */
  public MeshException ofBucket(
      Verb verb, S3Location folder, String permission, RuntimeException failure) {
    return of(
        MeshAction.of(verb, "the files below '" + folder.withoutValues() + "'"),
        folder,
        permission,
        folder.bucketArn(partition()),
        failure);
  }

  private MeshException of(
      MeshAction action,
      S3Location location,
      String permission,
      String resource,
      RuntimeException failure) {
    if (failure instanceof MeshException meshFailure) {
      return meshFailure;
    }
    if (failure instanceof AbortedException) {
      return Deadline.interrupted(action, null);
    }
    Failure failed = failed(action, failure);
    if (isBucketMissing(failure)) {
      return failed
          .because("the bucket '" + location.bucket() + "' does not exist")
          .fix("Correct account, region, or endpoint, or restore the bucket.")
          .lasting(ErrorCode.BACKEND_FAILED);
    }
    if (AwsFailure.isDenied(failure)) {
      // Who may not list a bucket does not learn which objects it lacks.
      boolean lists =
          DeniedPermission.of(failure).filter(denied -> denied.action().equals(LIST)).isPresent();
      return AwsFailure.permissionMissing(
          failed, caller, permission, lists ? location.bucketArn(partition()) : resource, failure);
    }
    if (isNameTaken(failure)) {
      return failed
          .because("S3 rejected the request with " + AwsFailure.describe(failure))
          .fix("Another account has a bucket of this name. Choose another name for the mesh.")
          .lasting(ErrorCode.BACKEND_FAILED);
    }
    if (AwsFailure.isPassing(failure)
        || (failure instanceof AwsServiceException response
            && PASSING_CODES.contains(AwsFailure.codeOf(response)))) {
      return passing(failed, failure);
    }
    return failed
        .because("S3 rejected the request with " + AwsFailure.describe(failure))
        .fix(AwsFailure.fixOf(failure, "Check region, endpoint, and credentials."))
        .lasting(ErrorCode.BACKEND_FAILED);
  }

  private static MeshAction actionOn(Verb verb, S3Location file) {
    return MeshAction.of(verb, "the file '" + file.withoutValues() + "'");
  }

  private static Failure failed(MeshAction action, RuntimeException failure) {
    return Failure.of(action).state("Nothing was committed.").cause(failure);
  }

  private static MeshException passing(Failure failed, RuntimeException failure) {
    return failed
        .because("S3 did not complete the request, " + AwsFailure.describe(failure))
        .fix(AwsFailure.fixOf(failure, TRY_AGAIN))
        .passing(ErrorCode.BACKEND_FAILED);
  }

  private String partition() {
    return PartitionMetadata.of(region).id();
  }
}
