package io.meshwork.internal.stewards;

import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.ledger.CommitDraft;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * A request to retire a major version under consumers that need it.
 *
 * @param stored the request, which a steward approved
 */
public record ApprovedForceRequest(StoredRequest stored) {
  /** The consumers that it overrides. */
  public List<String> consumers() {
    return stored.entry().consumers();
  }

  public String because() {
    return stored.entry().because();
  }

  /** What the guard of the retirement checks. */
  public ForcedRetirementRequest request(DomainEntry owner) {
    return new ForcedRetirementRequest(
        stored.entry().by(),
        Set.copyOf(owner.domain().accounts()),
        stored.approvedBy(),
        because(),
        Set.copyOf(consumers()));
  }

  /** Completes the request with the retirement, if the approval is still valid. */
  public void complete(CommitDraft<?> draft, Instant at) {
    stored.approval().ifPresent(draft::check);
    stored.complete(draft, at);
  }
}
