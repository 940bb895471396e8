package io.meshwork.internal.runtime;

import java.time.Duration;

/** Waits, so that tests need not. */
@FunctionalInterface
public interface Sleeper {
  /**
   * Returns after about this long.
   *
   * @throws InterruptedException if the thread is interrupted meanwhile
   */
  void sleep(Duration time) throws InterruptedException;

  /** Really waits. */
  static Sleeper real() {
    return time -> java.util.concurrent.TimeUnit.NANOSECONDS.sleep(time.toNanos());
  }
}
