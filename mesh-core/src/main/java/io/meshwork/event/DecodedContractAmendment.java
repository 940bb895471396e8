package io.meshwork.event;

import io.meshwork.product.ContractVersion;
import java.util.Optional;
import java.util.OptionalInt;

/** The values of a {@link EventDetails.ContractAmendment} that was read from the log. */
record DecodedContractAmendment(
    int major,
    ContractVersion contract,
    ContractVersion before,
    String fingerprint,
    ContractVersion.Verdict verdict,
    String reasonCode,
    Optional<String> reason,
    Optional<String> proposedBy,
    OptionalInt rollout)
    implements EventDetails.ContractAmendment {
  /** Returns the amendment as one line. */
  @Override
  public String toString() {
    return DetailsFormatter.format(this);
  }
}
