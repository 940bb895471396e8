package io.meshwork.internal.consume;

import io.meshwork.consume.Subscription;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.open.OpenOperation;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.operation.Operation;

/** Moves the position of a subscription. */
final class PositionSeek implements Operation<Subscription.Position> {
  private static final MeshAction ACTION = MeshAction.of(Verb.SEEK);

  private final ClientSession session;
  private final OpenOperation open;
  private final SubscriptionPoll poll;
  private final ProductRead<?> read;
  private final StartPosition target;

  PositionSeek(
      ClientSession session, SubscriptionPoll poll, ProductRead<?> read, StartPosition target) {
    this.session = session;
    this.open = session.operation(ACTION).begin();
    this.poll = poll;
    this.read = read;
    this.target = target;
  }

  @Override
  public Subscription.Position commit() {
    open.settle();
    session.checkOpen(ACTION);
    return SubscriptionSummary.position(poll.seek(target, read));
  }
}
