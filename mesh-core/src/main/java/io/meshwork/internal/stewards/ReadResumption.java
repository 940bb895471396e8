package io.meshwork.internal.stewards;

import io.meshwork.error.MeshAction;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.ReadSuspensions;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.runtime.CommitGuard;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.operation.Operation;
import io.meshwork.product.ProductName;
import io.meshwork.rollout.StewardRequest.Kind;
import java.util.List;
import java.util.Optional;

/**
 * Lifts all suspensions of a product, also of major versions that are not open. Not thread-safe.
 */
final class ReadResumption implements Operation<List<Integer>>, Ledger.Change<List<Integer>> {
  private final ClientSession session;
  private final ProductName product;
  private final MeshAction action;
  private final CommitGuard once;

  ReadResumption(ClientSession session, ProductName product, MeshAction action) {
    this.session = session;
    this.product = product;
    this.action = action;
    this.once = CommitGuard.withoutKey(action);
  }

  @Override
  public List<Integer> commit() {
    return session.commit(once, this);
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
    ReadSuspensions suspensions =
        ReadSuspensions.of(session.catalog().requireProduct(product, action));
    if (suspensions.decisions().isEmpty()) {
      return CommitDraft.unchanged(List.of());
    }
    List<VersionEntry> resumed =
        ReadSuspension.read(session, product, action).stream()
            .filter(
                major ->
                    suspensions.decisions().stream()
                        .anyMatch(decision -> decision.covers(major.major())))
            .toList();
    CommitDraft<List<Integer>> draft =
        CommitDraft.of(
            MeshEvent.Type.PRODUCT_RESUMED.text(), session.principal(), product.toString());
    draft
        .details(
            new EventDetails.SuspensionChange(
                ReadSuspension.numbers(resumed), Optional.empty(), Optional.empty()))
        .check(domain.stored());
    suspensions.lift(draft);
    StoredRequest.open(session, product).stream()
        .filter(request -> request.entry().kind() == Kind.SUSPENSION)
        .forEach(request -> request.complete(draft, attempt.now()));
    return draft.result(resumed.stream().map(VersionEntry::major).toList());
  }
}
