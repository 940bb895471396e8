package io.meshwork.error;

import java.util.List;

/** The data breaks the contract, or a file cannot be read. Fix the data. */
public final class ContractViolationException extends MeshException {
  private static final long serialVersionUID = 1L;

  private final transient List<Finding> findings;

  ContractViolationException(Failure failure, ErrorCode code) {
    super(failure, code);
    this.findings = failure.findings();
  }

  /** Returns all problems of the data, worst first. Empty after serialization. */
  public List<Finding> findings() {
    return findings == null ? List.of() : findings;
  }
}
