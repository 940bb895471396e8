package io.meshwork.error;

/** The data breaks the contract, or a file cannot be read. Fix the data. */
public final class ContractViolationException extends MeshException {
  private static final long serialVersionUID = 1L;

  ContractViolationException(Failure failure, ErrorCode code) {
    super(failure, code);
  }
}
