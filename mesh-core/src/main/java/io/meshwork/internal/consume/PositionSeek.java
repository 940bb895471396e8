package io.meshwork.internal.consume;

import io.meshwork.consume.Subscription;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.open.OpenOperation;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.session.ClientSession;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Moves the position of a subscription. */
final class PositionSeek implements Subscription.Seek {
  private final ClientSession session;
  private final OpenOperation open;
  private final SubscriptionPoll poll;
  private final ProductRead<?> read;
  private @Nullable StartPosition target;

  PositionSeek(ClientSession session, SubscriptionPoll poll, ProductRead<?> read) {
    this.session = session;
    this.open = session.operation(MeshAction.of(Verb.SEEK)).begin();
    this.poll = poll;
    this.read = read;
  }

  @Override
  public PositionSeek toStart() {
    return to(StartPosition.beginning());
  }

  @Override
  public PositionSeek toNow() {
    return to(StartPosition.newest());
  }

  @Override
  public PositionSeek toSnapshot(String id) {
    return to(StartPosition.snapshot(ArgumentChecks.text("toSnapshot", id)));
  }

  @Override
  public PositionSeek toTime(Instant time) {
    return to(StartPosition.time(ArgumentChecks.required("toTime", time)));
  }

  @Override
  public Subscription.Position commit() {
    open.settle();
    StartPosition position = target;
    if (position == null) {
      throw Failure.of(MeshAction.of(Verb.SEEK))
          .because("the position is missing")
          .fix("Call one of toStart(), toNow(), toSnapshot(..), or toTime(..).")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
    session.checkOpen(MeshAction.of(Verb.SEEK));
    return SubscriptionSummary.position(poll.seek(position, read));
  }

  private PositionSeek to(StartPosition position) {
    if (target != null) {
      throw ArgumentChecks.refused("position", "was set twice", "Set one position.");
    }
    target = position;
    return this;
  }
}
