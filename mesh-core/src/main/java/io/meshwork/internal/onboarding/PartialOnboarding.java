package io.meshwork.internal.onboarding;

import io.meshwork.error.AlreadyExistsException;
import io.meshwork.error.BackendException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ContractViolationException;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an onboarding committed before it failed: the product, or some of the files. */
final class PartialOnboarding {
  private static final Logger LOG = LoggerFactory.getLogger(PartialOnboarding.class);

  private PartialOnboarding() {}

  /**
   * Returns the same failure, whose message says what remains.
   *
   * @param remains a sentence
   */
  static MeshException explain(String remains, MeshException cause) {
    Failure failure =
        Failure.of(cause.action())
            .because(cause.reason())
            .state((cause.state() + " " + remains).strip())
            .fix(cause.fix())
            .cause(cause);
    if (cause instanceof ContractViolationException violation) {
      return failure
          .findings(violation.findings())
          .rows(violation.rowsOffered(), violation.failingRowsByRule())
          .contractViolation(cause.errorCode());
    } else if (cause instanceof InvalidRequestException invalid) {
      return failure.findings(invalid.findings()).invalidRequest(cause.errorCode());
    } else if (cause instanceof ConflictException) {
      return cause.retryable()
          ? failure.conflict(cause.errorCode())
          : failure.lastingConflict(cause.errorCode());
    } else if (cause instanceof BackendException) {
      return cause.retryable()
          ? failure.passing(cause.errorCode())
          : failure.lasting(cause.errorCode());
    } else if (cause instanceof AlreadyExistsException) {
      return failure.alreadyExists(cause.errorCode());
    }
    LOG.warn("{} failed. {}", cause.action(), remains);
    return cause;
  }
}
