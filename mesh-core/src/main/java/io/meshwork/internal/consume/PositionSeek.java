package io.meshwork.internal.consume;

import io.meshwork.consume.Subscription;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
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
  private final SubscriptionPoll polling;
  private final ProductRead<?> read;
  private @Nullable StartPosition where;

  PositionSeek(ClientSession session, SubscriptionPoll polling, ProductRead<?> read) {
    this.session = session;
    this.open = session.operation(MeshAction.of(Verb.SEEK)).begin();
    this.polling = polling;
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
    StartPosition place = where;
    if (place == null) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_ARGUMENT,
          "Cannot seek: it was not said where to. Say one of toStart(), toNow(), toSnapshot(..),"
              + " toTime(..).");
    }
    session.checkOpen(MeshAction.of(Verb.SEEK));
    return SubscriptionCard.position(polling.seek(place, read));
  }

  private PositionSeek to(StartPosition place) {
    if (where != null) {
      throw ArgumentChecks.refused("place", "was said twice", "Say one place.");
    }
    where = place;
    return this;
  }
}
