package io.meshwork.internal.runtime;

import java.time.Duration;

/** Waits; replaceable in tests. */
@FunctionalInterface
public interface Sleeper {
  /**
   * Returns after about this duration.
   *
   * @throws InterruptedException if the thread is interrupted
   */
  void sleep(Duration time) throws InterruptedException;

  /** Returns the sleeper that waits in real time. */
  static Sleeper real() {
    return time -> java.util.concurrent.TimeUnit.NANOSECONDS.sleep(time.toNanos());
  }
}
