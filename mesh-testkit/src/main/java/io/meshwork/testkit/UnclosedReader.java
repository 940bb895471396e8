package io.meshwork.testkit;

/** A reader that a test left open; the stack trace shows where it was opened. */
final class UnclosedReader extends AssertionError {
  private static final long serialVersionUID = 1L;

  private final String by;
  private final String what;

  UnclosedReader(String by, String what) {
    this.by = by;
    this.what = what;
    setStackTrace(CallerTrace.of(getStackTrace()));
  }

  @Override
  public String getMessage() {
    return "A reader was left open: "
        + what
        + ", by "
        + by
        + ", opened at "
        + CallerTrace.line(getStackTrace())
        + ". Close it, for example with try-with-resources.";
  }
}
