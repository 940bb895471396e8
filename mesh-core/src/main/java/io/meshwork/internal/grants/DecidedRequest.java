package io.meshwork.internal.grants;

import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.rights.StoredAuthorization;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads what was decided about a request: by the owner in the partition of the product, or by an
 * executor in the partition of its account, if an authorization for this request names it.
 */
record DecidedRequest(Ledger ledger, VersionedDocument stored, List<VersionedDocument> decisions) {
  DecidedRequest {
    decisions = List.copyOf(decisions);
  }

  /** Returns the request with its decisions. Reads more only if executors may decide it. */
  RequestState state() {
    RequestEntry request = RequestEntry.of(stored);
    Key finalKey = RegistryKeys.finalDecision(request.product(), request.id());
    Key decidersKey = RegistryKeys.deciders(request.product(), request.id());
    Optional<DecisionEntry> outcome = find(finalKey).map(DecisionEntry::of);
    Optional<VersionedDocument> deciders = find(decidersKey);
    List<Key> undecided = new ArrayList<>();
    if (outcome.isEmpty()) {
      undecided.add(finalKey);
    }
    if (deciders.isEmpty()) {
      undecided.add(decidersKey);
    }
    for (String account : ExecutorAccounts.Deciders.of(deciders).accounts()) {
      Key key =
          RegistryKeys.executedDecision(
              RegistryKeys.executorPartition(request.product().domain(), account), request.id());
      Optional<VersionedDocument> executed = ledger.readLenient(key);
      if (executed.isEmpty()) {
        undecided.add(key);
      } else if (outcome.isEmpty() && isAuthorized(request.product(), request.id(), account)) {
        outcome = executed.filter(DecisionEntry::isApproval).map(DecisionEntry::of);
      }
    }
    return new RequestState(
        request,
        stored,
        decisions.stream()
            .filter(each -> !each.key().equals(finalKey) && !each.key().equals(decidersKey))
            .map(DecisionEntry::of)
            .toList(),
        outcome,
        decisions,
        undecided);
  }

  private Optional<VersionedDocument> find(Key key) {
    return decisions.stream().filter(each -> each.key().equals(key)).findFirst();
  }

  private boolean isAuthorized(ProductName product, String request, String account) {
    return ledger.list(RegistryKeys.partition(product), RegistryKeys.AUTHORIZATIONS).stream()
        .map(StoredAuthorization::of)
        .filter(authorization -> authorization.request().equals(Optional.of(request)))
        .anyMatch(authorization -> authorization.names(account));
  }
}
