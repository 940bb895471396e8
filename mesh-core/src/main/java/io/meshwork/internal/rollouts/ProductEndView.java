package io.meshwork.internal.rollouts;

import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.MajorVersion;
import io.meshwork.rollout.ProductEnd;
import java.util.Optional;

/** The end of a product as it was read. Immutable. */
final class ProductEndView extends WithdrawalView<ProductEnd> implements ProductEnd {
  ProductEndView(ClientSession session, RolloutEntry entry) {
    super(session, entry);
  }

  @Override
  ProductEnd after(RolloutEntry next) {
    return new ProductEndView(session, next);
  }

  @Override
  public Optional<MajorVersion> successor() {
    return entry.successor();
  }

  @Override
  public Transition<ProductEnd> abort() {
    return reasoned(aborting("").action(), because -> transition(aborting(because)));
  }

  private EndAbort aborting(String because) {
    return new EndAbort(session, product(), number(), because);
  }
}
