package io.meshwork.internal.dqdl;

/** A rule has no equivalent in DQDL. Never leaves this package. */
final class NotExpressibleException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String reason;

  NotExpressibleException(String reason) {
    super(reason, null, false, false);
    this.reason = reason;
  }

  String reason() {
    return reason;
  }
}
