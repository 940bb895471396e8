package io.meshwork.error;

import java.util.List;

/**
 * The caller's bug: an argument, a name, a schema or an order of calls. Carries every gap at once.
 */
public final class InvalidRequestException extends MeshException {
  private static final long serialVersionUID = 1L;

  private final transient List<Finding> findings;

  /** Names what was tried, on what, why it failed and what to do now. */
  public InvalidRequestException(ErrorCode code, String message) {
    this(code, message, List.of());
  }

  /** The same, with each thing found wrong. */
  public InvalidRequestException(ErrorCode code, String message, List<Finding> findings) {
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
