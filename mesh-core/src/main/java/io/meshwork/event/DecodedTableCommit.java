package io.meshwork.event;

import io.meshwork.event.EventDetails.InputSnapshot;
import io.meshwork.event.EventDetails.NewSnapshot;
import io.meshwork.event.EventDetails.QualityScore;
import io.meshwork.product.ContractVersion;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The values of a {@link EventDetails.TableCommit} that was read from the log. */
record DecodedTableCommit(
    String publishId,
    int major,
    ContractVersion contract,
    Optional<String> mode,
    long rowsAccepted,
    long rowsQuarantined,
    long rowsRemoved,
    long rowsRestored,
    long files,
    Optional<NewSnapshot> snapshot,
    Optional<String> restoredSnapshot,
    Optional<String> reason,
    Optional<String> scopeHash,
    List<InputSnapshot> derivedFrom,
    Optional<Instant> completeUpTo,
    Optional<QualityScore> quality,
    List<String> brokenRules,
    Optional<String> violationsAllowed)
    implements EventDetails.TableCommit {
  /** Copies the lists. */
  DecodedTableCommit {
    derivedFrom = List.copyOf(derivedFrom);
    brokenRules = List.copyOf(brokenRules);
  }

  /** Returns the commit as one line. */
  @Override
  public String toString() {
    return SummaryFormatter.format(this);
  }
}
