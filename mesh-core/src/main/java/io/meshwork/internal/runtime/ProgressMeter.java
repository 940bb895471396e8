package io.meshwork.internal.runtime;

import io.meshwork.error.MeshAction;
import io.meshwork.operation.Operation.Progress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.OptionalLong;

/** Reports progress to a listener, at most once a second by the mesh's clock. */
public final class ProgressMeter {
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private final InstantSource clock;
  private final Progress listener;
  private final MeshAction action;
  private Instant next = Instant.MIN;

  /** Creates a meter for one operation. */
  public ProgressMeter(InstantSource clock, Progress listener, MeshAction action) {
    this.clock = clock;
    this.listener = listener;
    this.action = action;
  }

  /** Reports progress if a second has passed since the last report. */
  public void at(String phase, long done, OptionalLong total) {
    Instant now = clock.instant();
    if (!now.isBefore(next)) {
      next = now.plus(INTERVAL);
      end(phase, done, total);
    }
  }

  /**
   * Reports the start or end of a phase, always.
   *
   * @throws io.meshwork.error.MeshException if the listener throws
   */
  public void end(String phase, long done, OptionalLong total) {
    try {
      listener.at(phase, done, total);
    } catch (RuntimeException e) {
      throw CallerException.failed(action, "the listener of its progress", e);
    }
  }
}
