package io.meshwork.internal.runtime;

import io.meshwork.operation.Progress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.OptionalLong;

/** Tells a listener how far work has come, at most once a second by the mesh's clock. */
public final class ProgressMeter {
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private final InstantSource clock;
  private final Progress listener;
  private Instant next = Instant.MIN;

  /** A meter for one operation. */
  public ProgressMeter(InstantSource clock, Progress listener) {
    this.clock = clock;
    this.listener = listener;
  }

  /** Work has come so far; told if a second has passed. */
  public void at(String phase, long done, OptionalLong total) {
    Instant now = clock.instant();
    if (!now.isBefore(next)) {
      next = now.plus(INTERVAL);
      listener.at(phase, done, total);
    }
  }

  /** A phase has ended; always told. */
  public void end(String phase, long done, OptionalLong total) {
    listener.at(phase, done, total);
  }
}
