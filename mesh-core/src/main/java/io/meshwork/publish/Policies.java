package io.meshwork.publish;

import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import org.jspecify.annotations.Nullable;

/** Which policy one publish has. */
final class Policies {
  private Policies() {}

  /** The contract's policy, or the stricter one that the caller names. */
  static OnViolation effective(Contract contract, @Nullable OnViolation named, String doing) {
    if (named == null || named == contract.onViolation()) {
      return contract.onViolation();
    }
    if (named == OnViolation.REJECT) {
      return named;
    }
    throw new InvalidRequestException(
        ErrorCode.INVALID_ARGUMENT,
        "Cannot "
            + doing
            + " with onViolation("
            + named
            + "): the contract says "
            + contract.onViolation()
            + ", and a publish may only be stricter. Leave it out.");
  }
}
