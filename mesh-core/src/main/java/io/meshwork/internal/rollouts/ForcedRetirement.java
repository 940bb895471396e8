package io.meshwork.internal.rollouts;

import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.stewards.ApprovedForceRequest;
import io.meshwork.internal.stewards.StoredRequest;
import io.meshwork.operation.Plan;
import io.meshwork.operation.PlannedOperation;
import io.meshwork.product.ProductName;
import io.meshwork.rollout.Rollout;
import io.meshwork.rollout.StewardRequest.Kind;
import java.util.Optional;

/**
 * Retires a major version under consumers that need it. The first commit requests the approval of a
 * steward; once it is approved, the next commit retires the version. Not thread-safe.
 */
final class ForcedRetirement implements PlannedOperation<Plan<Rollout>, Rollout> {
  private final ClientSession session;
  private final ProductName product;
  private final int number;
  private final String because;

  ForcedRetirement(ClientSession session, ProductName product, int number, String because) {
    this.session = session;
    this.product = product;
    this.number = number;
    this.because = because;
  }

  @Override
  public Plan<Rollout> plan() {
    return operation().plan();
  }

  @Override
  public Rollout commit() {
    return operation().commit();
  }

  @Override
  public Rollout commitAsPlanned(String fingerprint) {
    return operation().commitAsPlanned(fingerprint);
  }

  private PlannedOperation<Plan<Rollout>, Rollout> operation() {
    ForcedRetirementProposal request =
        new ForcedRetirementProposal(session, product, number, because);
    session.checkOpen(request.action());
    request.read();
    Optional<StoredRequest> approved =
        StoredRequest.open(session, product, Kind.FORCE, number).stream()
            .filter(each -> each.approval().isPresent())
            .reduce((earlier, later) -> later)
            .filter(each -> each.entry().because().equals(because))
            .filter(each -> request.concerns(each.entry().consumers()));
    return approved.isPresent()
        ? new FencedTransition(
            session,
            new RolloutRetirement(
                session, product, number, Optional.of(new ApprovedForceRequest(approved.get()))))
        : new RolloutTransition(session, request);
  }
}
