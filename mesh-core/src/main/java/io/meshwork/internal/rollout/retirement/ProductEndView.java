package io.meshwork.internal.rollout.retirement;

import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.operation.PlannedOperation;
import io.meshwork.product.MajorVersion;
import io.meshwork.rollout.ProductEnd;
import java.util.Optional;

/** The end of a product as it was read. Immutable. */
public final class ProductEndView extends WithdrawalView<ProductEnd> implements ProductEnd {
  /** Creates it for the caller of the session. */
  public ProductEndView(ClientSession session, RolloutEntry entry) {
    super(session, entry);
  }

  @Override
  protected ProductEnd after(RolloutEntry next) {
    return new ProductEndView(session, next);
  }

  @Override
  public Optional<MajorVersion> successor() {
    return entry.successor();
  }

  @Override
  public PlannedOperation.WithReason<ProductEnd> abort() {
    return abortion();
  }

  @Override
  protected String change() {
    return successor().map(next -> "ends, then " + next).orElse("ends");
  }
}
