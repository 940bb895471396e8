package io.meshwork.conformance.runner;

import java.time.Duration;

/** Limits the time in which a file is read. */
final class TimeLimit {
  /** The reader took too long. */
  static final class ExceededException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private ExceededException(Duration most) {
      super("not read within " + most.toSeconds() + " s");
    }
  }

  private final Duration most;
  private final long start = System.nanoTime();

  /** Starts now. */
  TimeLimit(Duration most) {
    this.most = most;
  }

  /** Returns the time since the start. */
  Duration taken() {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** Throws if the time is over. */
  void check() {
    if (taken().compareTo(most) > 0) {
      throw new ExceededException(most);
    }
  }
}
