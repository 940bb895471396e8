package io.meshwork.testkit;

/**
 * An operation that a test created and neither planned nor committed; the stack trace shows where
 * it was created.
 */
final class UncommittedOperation extends AssertionError {
  private static final long serialVersionUID = 1L;

  private final String by;
  private final String what;

  UncommittedOperation(String by, String what) {
    this.by = by;
    this.what = what;
    setStackTrace(CallerTrace.of(getStackTrace()));
  }

  @Override
  public String getMessage() {
    return "An operation was created and never committed, so it had no effect: "
        + what
        + ", by "
        + by
        + ", created at "
        + CallerTrace.line(getStackTrace())
        + ". Call commit() on it. To allow this, set @MeshTest(allowUncommitted = true).";
  }
}
