package io.meshwork.internal.runtime;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A part of the rows of a publish that is written in this process. An engine runs several at once,
 * which share the memory of one publish. Thread-safe.
 */
public final class RunningPart implements AutoCloseable {
  private static final AtomicInteger RUNNING = new AtomicInteger();

  private final AtomicBoolean ended = new AtomicBoolean();

  private RunningPart() {}

  public static RunningPart start() {
    RUNNING.incrementAndGet();
    return new RunningPart();
  }

  /** Returns how many share the memory now, at least 1. */
  public static int count() {
    return Math.max(1, RUNNING.get());
  }

  /** Ends the part; further calls do nothing. */
  @Override
  public void close() {
    if (ended.compareAndSet(false, true)) {
      RUNNING.decrementAndGet();
    }
  }
}
