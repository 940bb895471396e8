package io.meshwork.internal.rollout.retirement;

import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.MajorState;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.rollout.StoredRollout;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.rollout.Rollout.State;
import java.util.Optional;

/** Which major version a rollout makes the current one. Stateless. */
final class PromotedMajor {
  private PromotedMajor() {}

  /** The new one, or once another rollout closed that, its replacement. */
  static VersionEntry of(ClientSession session, TransitionContext context, MeshAction action) {
    VersionEntry next = context.to();
    Optional<VersionEntry> later = replacing(session, context, next, action);
    while (later.isPresent()) {
      next = later.get();
      later = replacing(session, context, next, action);
    }
    return next;
  }

  private static Optional<VersionEntry> replacing(
      ClientSession session, TransitionContext context, VersionEntry major, MeshAction action) {
    return Optional.of(major).filter(entry -> entry.state() == MajorState.CLOSING).stream()
        .flatMap(closed -> StoredRollout.entries(session.ledger(), context.product().name()))
        .filter(each -> each.from() == major.major() && each.state() == State.CLOSING)
        .flatMapToInt(each -> each.newMajor().stream())
        .mapToObj(
            to -> session.catalog().requireFor(Use.DESCRIBE, context.product().name(), to, action))
        .findFirst();
  }
}
