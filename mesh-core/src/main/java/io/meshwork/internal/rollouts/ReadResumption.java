package io.meshwork.internal.rollouts;

import io.meshwork.error.MeshAction;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.catalog.VersionEntry.MajorSuspension;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.runtime.OneCommit;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.operation.Operation;
import io.meshwork.product.ProductName;
import java.util.List;
import java.util.Optional;

/** Makes the suspended major versions of a product readable again. Not thread-safe. */
final class ReadResumption implements Operation<List<Integer>>, Ledger.Change<List<Integer>> {
  private final ClientSession session;
  private final ProductName product;
  private final MeshAction action;
  private final OneCommit once;

  ReadResumption(ClientSession session, ProductName product, MeshAction action) {
    this.session = session;
    this.product = product;
    this.action = action;
    this.once = OneCommit.withoutKey(action);
  }

  @Override
  public List<Integer> commit() {
    session.checkOpen(action);
    once.begin();
    try {
      return session.ledger().commit(this, session.deadline());
    } finally {
      once.end();
    }
  }

  @Override
  public MeshAction action() {
    return action;
  }

  @Override
  public String partition() {
    return RegistryKeys.partition(product);
  }

  @Override
  public CommitDraft<List<Integer>> draft(Ledger.Attempt attempt) {
    DomainEntry domain = session.authorizer().requireOwner(product.domain(), action);
    List<VersionEntry> suspended =
        ReadSuspension.read(session, product, Optional.empty(), action).stream()
            .filter(major -> MajorSuspension.of(major).isPresent())
            .toList();
    if (suspended.isEmpty()) {
      return CommitDraft.unchanged(List.of());
    }
    CommitDraft<List<Integer>> draft =
        CommitDraft.of(MeshEvent.PRODUCT_RESUMED, session.principal(), product.toString());
    draft.detail("majors", ReadSuspension.numbers(suspended)).check(domain.stored());
    suspended.forEach(
        major -> draft.replace(major.majorStored(), MajorSuspension.removeFrom(major)));
    ReadSuspension.complete(session, product, draft, attempt.now());
    return draft.result(suspended.stream().map(VersionEntry::major).toList());
  }
}
