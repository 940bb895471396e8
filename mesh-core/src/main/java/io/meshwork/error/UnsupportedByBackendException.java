package io.meshwork.error;

/** This backend cannot do it; the message names one that can. Never a silent skip. */
public final class UnsupportedByBackendException extends MeshException {
  private static final long serialVersionUID = 1L;

  /** Names what was tried, on what, why it failed and what to do now. */
  public UnsupportedByBackendException(ErrorCode code, String message) {
    super(code, message, null);
  }
}
