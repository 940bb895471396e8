package io.meshwork.internal.rollout.retirement;

import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.stewards.ApprovedForceRequest;
import io.meshwork.internal.stewards.StoredRequest;
import io.meshwork.operation.Plan;
import io.meshwork.operation.PlannedOperation;
import io.meshwork.product.ProductName;
import io.meshwork.rollout.StewardRequest.Kind;
import java.util.Optional;
import java.util.function.Function;

/**
 * Retires a major version under consumers that need it. The first commit requests the approval of a
 * steward; once it is approved, the next commit retires the version. Not thread-safe.
 *
 * @param <R> what the caller gets for the rollout
 */
final class ForcedRetirement<R> implements PlannedOperation<Plan<R>, R> {
  private final ClientSession session;
  private final ProductName product;
  private final int number;
  private final String because;
  private final Function<RolloutEntry, R> result;

  ForcedRetirement(
      ClientSession session,
      ProductName product,
      int number,
      String because,
      Function<RolloutEntry, R> result) {
    this.session = session;
    this.product = product;
    this.number = number;
    this.because = because;
    this.result = result;
  }

  @Override
  public Plan<R> plan() {
    return operation().plan();
  }

  @Override
  public R commit() {
    return operation().commit();
  }

  @Override
  public R commitAsPlanned(String fingerprint) {
    return operation().commitAsPlanned(fingerprint);
  }

  private PlannedOperation<Plan<R>, R> operation() {
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
        ? new FencedTransition<>(
            session,
            new RolloutRetirement(
                session, product, number, Optional.of(new ApprovedForceRequest(approved.get()))),
            result)
        : new RolloutTransition<>(session, request, result);
  }
}
