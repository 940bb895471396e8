package io.meshwork.internal.suggestions;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.Principal;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The owner's last answer to a suggestion, as the registry stores it. Immutable.
 *
 * @param suggestion the ID of the suggestion
 * @param accepted false if it was declined
 * @param by who answered
 * @param because the reason
 * @param rollout the number of the rollout that delivers it
 * @param contractVersion the version that has it, if consumers could read it when it was answered
 * @param at when it was answered
 */
record AnswerEntry(
    String suggestion,
    boolean accepted,
    Principal by,
    Optional<String> because,
    OptionalInt rollout,
    Optional<ContractVersion> contractVersion,
    Instant at) {
  static AnswerEntry of(VersionedDocument stored) {
    return DocumentCodec.of(AnswerEntry.class).read(stored);
  }

  ObjectNode json() {
    return DocumentCodec.of(AnswerEntry.class).write(this, Optional.empty());
  }

  /**
   * Returns true if both say the same, independent of principal and time. A rollout may have been
   * opened between both.
   */
  boolean hasSameTermsAs(AnswerEntry other) {
    return accepted == other.accepted
        && because.equals(other.because)
        && rollout.equals(other.rollout)
        && (rollout.isPresent() || contractVersion.equals(other.contractVersion));
  }
}
