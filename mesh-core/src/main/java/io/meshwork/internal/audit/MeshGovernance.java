package io.meshwork.internal.audit;

import io.meshwork.access.AccessClient.AccessOperation;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.governance.AccessReview;
import io.meshwork.governance.Audit;
import io.meshwork.governance.GovernanceClient;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.DomainEntry.DataPlace;
import io.meshwork.internal.catalog.DomainEntry.PlaceOwner;
import io.meshwork.internal.change.ChangeOperations;
import io.meshwork.internal.grants.AccessGrants;
import io.meshwork.internal.receipts.QualityHistory;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.stewards.StewardOperations;
import io.meshwork.operation.Operation;
import io.meshwork.product.Principal;
import io.meshwork.rollout.StewardRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** The governance operations of one session. Thread-safe. */
public final class MeshGovernance implements GovernanceClient {
  private final ClientSession session;

  /** Governance for the domain that the session's principal acts for. */
  public MeshGovernance(ClientSession session) {
    this.session = session;
  }

  @Override
  public AccessOperation<List<String>> defineTag(String key, String... values) {
    return new AccessGrants(session).defineTag(key, values);
  }

  @Override
  public SortedMap<String, List<String>> tags(String domain) {
    return new AccessGrants(session).tags(domain);
  }

  @Override
  public TopologyReport topology() {
    return CatalogCount.of(session);
  }

  @Override
  public List<DomainPlace> places() {
    session.checkOpen(MeshAction.of(Verb.LIST, "the places of data"));
    List<DomainPlace> places = new ArrayList<>();
    for (DomainEntry domain : session.catalog().domains()) {
      for (DataPlace place : domain.places()) {
        places.add(
            new DomainPlace(
                domain.domain().name(),
                place.root(),
                place.owner().map(PlaceOwner::account),
                place.owner().map(PlaceOwner::region)));
      }
    }
    return List.copyOf(places);
  }

  @Override
  public Operation<List<String>> admit(String domain, String catalog) {
    return ChangeOperations.admit(session, domain, catalog);
  }

  @Override
  public DomainQuality domainQuality(String domain) {
    return QualityHistory.ofDomain(session, domain);
  }

  @Override
  public Audit audit() {
    return new AuditQuery(session);
  }

  @Override
  public Operation<List<Principal>> appoint(Principal steward) {
    return StewardOperations.appoint(session, steward);
  }

  @Override
  public Operation<List<Principal>> dismiss(Principal steward) {
    return StewardOperations.dismiss(session, steward);
  }

  @Override
  public List<Principal> stewards() {
    return StewardOperations.stewards(session);
  }

  @Override
  public List<StewardRequest> pending(CharSequence product) {
    return StewardOperations.pending(session, product);
  }

  @Override
  public Operation<StewardRequest> approve(StewardRequest request) {
    return StewardOperations.approve(session, request);
  }

  @Override
  public Operation.WithReason<StewardRequest> suspendReads(CharSequence product) {
    return StewardOperations.suspendReads(session, product, Optional.empty());
  }

  @Override
  public Operation.WithReason<StewardRequest> suspendReads(CharSequence product, int majorVersion) {
    return StewardOperations.suspendReads(
        session, product, Optional.of(ArgumentChecks.majorVersion(majorVersion)));
  }

  @Override
  public Operation<List<Integer>> resumeReads(CharSequence product) {
    return StewardOperations.resumeReads(session, product);
  }

  @Override
  public AccessReview accessReview(String domain) {
    return new GrantUse(session, domain).review();
  }
}
