package io.meshwork.event;

import io.meshwork.event.EventDetails.InputSnapshot;
import io.meshwork.event.EventDetails.NewSnapshot;
import io.meshwork.event.EventDetails.QualityScore;
import io.meshwork.product.ContractVersion;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The values of a {@link EventDetails.MajorCommit} that was read from the log. */
record DecodedMajorCommit(
    int major,
    ContractVersion contract,
    long rowsAccepted,
    long rowsQuarantined,
    long rowsRemoved,
    long rowsRestored,
    long files,
    long lateRows,
    Duration largestLateness,
    Optional<NewSnapshot> snapshot,
    Optional<String> restoredSnapshot,
    Optional<String> scopeHash,
    List<InputSnapshot> derivedFrom,
    Optional<QualityScore> quality,
    List<String> brokenRules,
    Optional<String> violationsAllowed)
    implements EventDetails.MajorCommit {
  /** Copies the lists. */
  DecodedMajorCommit {
    derivedFrom = List.copyOf(derivedFrom);
    brokenRules = List.copyOf(brokenRules);
  }

  /** Returns the commit to this major version as one line. */
  @Override
  public String toString() {
    return DetailsFormatter.format(this);
  }
}
