package io.meshwork.operation;

import java.util.OptionalLong;

/**
 * Told how long work goes on. Called by the thread that commits, at most once a second and once at
 * the end of each phase; never after the operation has ended. What it throws ends the operation.
 */
@FunctionalInterface
public interface Progress {
  /**
   * Work has come so far.
   *
   * @param phase what is being done, such as {@code rows} or {@code commit}
   * @param done how much is done, in units of the phase
   * @param total how much there is, when that is known
   */
  void at(String phase, long done, OptionalLong total);
}
