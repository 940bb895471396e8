package io.meshwork.internal.grants;

import io.meshwork.internal.rights.RightsDocuments;
import java.time.Instant;

/**
 * How a verb proposes its change, anew whenever something changed meanwhile.
 *
 * @param <R> what exists after the change
 */
@FunctionalInterface
interface ChangePlanner<R> {
  /**
   * Reads, decides, and says what to write.
   *
   * @param documents of rights as they are, or as changes before this one would leave them; all
   *     that is read of rights is read here, {@code policy} first
   * @throws io.meshwork.error.MeshException to refuse
   */
  ChangeSet<R> propose(RightsDocuments documents, Instant now);
}
