package io.meshwork.internal.stewards;

import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.product.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A request to retire a major version under consumers that still need it.
 *
 * @param owner who asks
 * @param ownerAccounts the accounts of the product's domain
 * @param steward who approved the request; empty if it was not approved
 * @param reason why
 * @param tracks the consumers that it overrides, as the owner repeated them
 */
public record ForcedRetirementRequest(
    Principal owner,
    Set<String> ownerAccounts,
    Optional<Principal> steward,
    String reason,
    Set<String> tracks) {
  public ForcedRetirementRequest {
    ownerAccounts = Set.copyOf(ownerAccounts);
    tracks = Set.copyOf(tracks);
  }

  /** Returns what is wrong with the request, whatever the state of the rollout. */
  public List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    if (reason.isBlank()) {
      findings.add(
          Finding.error(
              FindingCode.REASON_MISSING, "reason", "The request has no reason.", "State why."));
    }
    if (steward.isEmpty()) {
      findings.add(
          Finding.error(
              FindingCode.APPROVAL_MISSING,
              "steward",
              "No steward approved the request.",
              "Ask a steward of the mesh to approve it."));
    } else if (isOwner(steward.get())) {
      findings.add(
          Finding.error(
              FindingCode.APPROVAL_BY_OWNER,
              steward.get().toString(),
              steward.get() + " belongs to the domain that asks.",
              "Ask a steward of another domain to approve it."));
    }
    return findings;
  }

  private boolean isOwner(Principal principal) {
    return principal.equals(owner) || ownerAccounts.contains(principal.account());
  }
}
