package io.meshwork.rollout;

import io.meshwork.operation.Operation;
import io.meshwork.operation.Operation.Progress;
import java.time.Duration;

/**
 * Copies the history of the replaced major version to the new one, while jobs go on publishing to
 * the replaced one. When both have the same rows, one transaction ends the back-fill; from then on
 * each publish writes both.
 *
 * <p>Rows that break the new contract are in the quarantine of the new major version. An
 * interrupted back-fill continues where it stopped when it is committed again. Two at the same time
 * do no harm; one of them fails with a conflict.
 *
 * <p>If the replaced major version was restored and lacks rows, the back-fill copies in the other
 * direction: it gives the replaced one the rows of the new one, and the mapping maps rows of the
 * new one. While files of both correspond, it adds the missing rows in several commits. Else one
 * commit replaces all rows, and an interrupted back-fill starts again. A row that breaks the
 * contract of the replaced major version ends it.
 *
 * <p>Created by {@link Rollout#backFill}. Can be committed once. Not thread-safe.
 */
public interface BackFill extends Operation<Rollout> {
  /**
   * Limits the speed, so that other work on the host continues. Default: no limit.
   *
   * @param rows 1 or more
   */
  BackFill rowsPerSecond(long rows);

  /**
   * Stops after a time, with everything kept that was copied until then; nothing is kept if one
   * commit has to replace all rows of a restored major version. Default: until both major versions
   * have the same rows.
   *
   * @param time positive
   */
  BackFill within(Duration time);

  /**
   * Reports the rows that were copied by this call, and the rows that it has to copy. An exception
   * of the listener ends the back-fill.
   *
   * @param listener called in the committing thread; not null
   */
  BackFill onProgress(Progress listener);

  /**
   * Copies the rows.
   *
   * @return the rollout; if both major versions have the same rows, {@link Rollout#cutOver} is
   *     present and {@link Rollout#behindSince} is empty
   * @throws io.meshwork.error.ConflictException if the rollout is no longer before its activation,
   *     and the replaced major version does not lack rows; or if it has rows that the new one never
   *     had and would lose them
   * @throws io.meshwork.error.ContractViolationException if rows break the contract of a restored
   *     major version
   */
  @Override
  Rollout commit();
}
