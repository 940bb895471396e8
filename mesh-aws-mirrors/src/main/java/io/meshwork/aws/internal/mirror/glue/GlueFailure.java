package io.meshwork.aws.internal.mirror.glue;

import io.meshwork.aws.internal.AwsFailure;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshException;
import io.meshwork.internal.runtime.Deadline;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.services.glue.model.AlreadyExistsException;
import software.amazon.awssdk.services.glue.model.ConcurrentModificationException;
import software.amazon.awssdk.services.glue.model.EntityNotFoundException;
import software.amazon.awssdk.services.glue.model.VersionMismatchException;

/**
 * Converts failed requests to Glue into exceptions. Messages have codes, status and request ID,
 * never the text of AWS.
 *
 * @param caller who sends the requests, such as {@code 222222222222/mesh-mirror}
 */
record GlueFailure(String caller) {
  /**
   * Returns the exception for a failed request.
   *
   * @param permission the IAM action that the request needs, such as {@code glue:UpdateTable}
   * @param resource the ARN of the resource
   */
  MeshException of(
      MeshAction action, String permission, String resource, RuntimeException failure) {
    if (failure instanceof MeshException meshFailure) {
      return meshFailure;
    }
    if (failure instanceof AbortedException) {
      return Deadline.interrupted(action, null);
    }
    Failure failed = Failure.of(action).cause(failure);
    if (isConflict(failure)) {
      return failed
          .because("another program changed it at the same time, " + AwsFailure.describe(failure))
          .fix("Run the mirrors again.")
          .conflict(ErrorCode.CONFLICT);
    }
    if (AwsFailure.isDenied(failure)) {
      return AwsFailure.permissionMissing(failed, caller, permission, resource, failure);
    }
    return AwsFailure.isPassing(failure)
        ? failed
            .because("Glue did not complete the request, " + AwsFailure.describe(failure))
            .state(AwsFailure.MAY_HAVE_TAKEN_EFFECT)
            .fix(
                AwsFailure.fixOf(
                    failure,
                    "Run the mirrors again. If the error persists, check region, endpoint, and"
                        + " network."))
            .passing(ErrorCode.BACKEND_FAILED)
        : failed
            .because("Glue rejected the request, " + AwsFailure.describe(failure))
            .fix(
                AwsFailure.fixOf(
                    failure,
                    "Check the quotas and the settings of the data catalog of this account."))
            .lasting(ErrorCode.BACKEND_FAILED);
  }

  /** True if the object is not as it was read. */
  private static boolean isConflict(RuntimeException failure) {
    return failure instanceof AlreadyExistsException
        || failure instanceof ConcurrentModificationException
        || failure instanceof EntityNotFoundException
        || failure instanceof VersionMismatchException;
  }
}
