package io.meshwork.aws.internal.mirror;

import io.meshwork.aws.internal.AwsFailure;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.MeshException;
import io.meshwork.internal.mirror.Mirror.ServiceCall;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.lakeformation.model.ErrorDetail;
import software.amazon.awssdk.services.lakeformation.model.LFTagError;

/**
 * Turns failures of Lake Formation into failures of the mesh, also the failures within successful
 * responses. Immutable.
 *
 * @param caller the principal that calls
 * @param account the account whose Lake Formation is called
 * @param region its region
 */
record LakeFormationFailure(String caller, String account, String region) {
  /** Another program changes the same object. */
  static final Set<String> CONFLICTS =
      Set.of("ConcurrentModificationException", "AlreadyExistsException");

  private static final Set<String> DENIED = Set.of("AccessDeniedException");
  private static final Set<String> PASSING =
      Set.of("InternalServiceException", "OperationTimeoutException", "ThrottledException");

  /**
   * Sends a request.
   *
   * @param operation the operation, such as {@code GrantPermissions}
   * @param on the object
   * @throws io.meshwork.error.MeshException if it fails
   */
  <T> T send(String operation, String on, Supplier<T> request) {
    try {
      return request.get();
    } catch (AwsServiceException e) {
      Failure failed = failure(operation, on, e);
      if (AwsFailure.isDenied(e)) {
        throw AwsFailure.permissionMissing(failed, caller, action(operation), on, e);
      }
      throw failed(failed, AwsFailure.codeOf(e), AwsFailure.isPassing(e));
    } catch (RuntimeException e) {
      if (AwsFailure.isLostConnection(e)) {
        throw failure(operation, on, e)
            .because("Lake Formation did not answer: " + AwsFailure.describe(e))
            .fix("Run it again.")
            .passing(ErrorCode.BACKEND_FAILED);
      }
      throw e;
    }
  }

  private Failure failure(String operation, String on, RuntimeException cause) {
    boolean isChange = !operation.startsWith("Get") && !operation.startsWith("List");
    Failure failed = failure(on).cause(cause);
    return isChange && AwsFailure.mayHaveTakenEffect(cause)
        ? failed.state(AwsFailure.MAY_HAVE_TAKEN_EFFECT)
        : failed;
  }

  /** Returns a command of the command line. */
  String command(String name, String options) {
    return "aws lakeformation " + name + " --region " + region + options;
  }

  /**
   * Returns the call that sends a request, with the command of the same effect.
   *
   * @param command the name of the command and its options
   */
  ServiceCall call(String operation, String on, String command, Runnable request) {
    int space = command.indexOf(' ');
    return new ServiceCall(
        command(command.substring(0, space), command.substring(space)),
        () ->
            send(
                operation,
                on,
                () -> {
                  request.run();
                  return true;
                }));
  }

  /** Requires that no tag of a request failed. */
  void requireNoTag(String operation, String on, List<LFTagError> failures) {
    failures.forEach(
        entry -> {
          throw of(operation, on, entry.error());
        });
  }

  /** Returns the failure of a part of a request that succeeded. */
  MeshException of(String operation, String on, ErrorDetail error) {
    String code = error == null ? "" : error.errorCode();
    if (DENIED.contains(code)) {
      return failure(on)
          .because(caller + " lacks the permission " + action(operation) + " on " + on)
          .fix(
              "Allow it in the policy of the role, and make the role an administrator of Lake"
                  + " Formation in the account "
                  + account
                  + ".")
          .lasting(ErrorCode.PERMISSION_MISSING);
    }
    return failed(failure(on), code, PASSING.contains(code));
  }

  /** Returns the conflict of a change of what another program changed since it was read. */
  MeshException changed(String on) {
    return failure(on)
        .because("its permissions changed after they were read")
        .fix("Run it again.")
        .conflict(ErrorCode.CONFLICT);
  }

  private static MeshException failed(Failure failed, String code, boolean passing) {
    failed.because("Lake Formation answered " + code);
    if (CONFLICTS.contains(code)) {
      return failed.fix("Run it again.").conflict(ErrorCode.CONFLICT);
    }
    return passing
        ? failed.fix("Run it again.").passing(ErrorCode.BACKEND_FAILED)
        : failed
            .fix("Read the documentation of this error of Lake Formation.")
            .lasting(ErrorCode.BACKEND_FAILED);
  }

  private Failure failure(String on) {
    return Failure.of(MeshAction.of(Verb.UPDATE, on + " in Lake Formation of account " + account));
  }

  private static String action(String operation) {
    return "lakeformation:" + operation;
  }
}
