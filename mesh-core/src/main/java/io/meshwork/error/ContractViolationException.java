package io.meshwork.error;

import java.util.List;

/** The data breaks the contract, or a file is malformed. Fix the data. */
public final class ContractViolationException extends MeshException {
  private static final long serialVersionUID = 1L;

  private final transient List<Finding> findings;

  ContractViolationException(Failure failure, ErrorCode code) {
    super(failure, code);
    this.findings = failure.findings();
  }

  /** Names what was tried, on what, why it failed and what to do now. */
  public ContractViolationException(ErrorCode code, String message) {
    this(code, message, List.of());
  }

  /** The same, with each thing found wrong. */
  public ContractViolationException(ErrorCode code, String message, List<Finding> findings) {
    super(code, message, null);
    this.findings = List.copyOf(findings);
  }

  /**
   * Each thing found wrong, worst first; all are looked at before refusing. Empty after copying.
   */
  public List<Finding> findings() {
    return findings == null ? List.of() : findings;
  }
}
