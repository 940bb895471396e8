package io.meshwork.internal.rollouts;

import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.MajorState;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.ProductName;

/**
 * The major version that becomes the current one in place of the old one of a rollout: the new one,
 * or, if that was retired before the old one, the oldest of those that replaced it.
 */
record CurrentSuccessor(VersionEntry major) {
  static CurrentSuccessor of(ClientSession session, TransitionContext context, MeshAction action) {
    ProductName product = context.product().name();
    if (context.to().state().isLive()) {
      return new CurrentSuccessor(context.to());
    }
    return new CurrentSuccessor(
        session.catalog().majors(product).stream()
            .filter(number -> number > context.to().major())
            .filter(
                number ->
                    session
                        .catalog()
                        .majorState(product, number)
                        .filter(MajorState::isLive)
                        .isPresent())
            .sorted()
            .findFirst()
            .map(number -> session.catalog().requireFor(Use.DESCRIBE, product, number, action))
            .orElse(context.to()));
  }

  /** Makes it the current one, and requires that it remains as it is until the commit. */
  void makeCurrent(TransitionContext context, CommitDraft<?> draft) {
    draft
        .check(major.majorStored())
        .replace(context.product().stored(), context.product().withCurrentMajor(major.major()));
  }
}
