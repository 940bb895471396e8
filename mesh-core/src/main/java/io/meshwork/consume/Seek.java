package io.meshwork.consume;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.runtime.Arguments;
import io.meshwork.internal.session.Session;
import io.meshwork.operation.Operation;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Moves a subscription's position, back or forth, for all processes: the batch that was handed out
 * and is not acknowledged is taken back, and the next poll begins in the new place. What was made
 * of rows is not made again where it was published under the id of its batch, which stays the same.
 * One thread.
 */
public final class Seek implements Operation<Position> {
  private final Session session;
  private final Polling polling;
  private final Read<?> read;
  private @Nullable StartAt where;

  Seek(Session session, Polling polling, Read<?> read) {
    this.session = session;
    this.polling = polling;
    this.read = read;
  }

  /** Before the first snapshot: all there is comes again. */
  public Seek toStart() {
    return to(StartAt.beginning());
  }

  /** The newest snapshot: what came so far is not handed out. */
  public Seek toNow() {
    return to(StartAt.newest());
  }

  /** The snapshot with this id: what came after it is handed out. */
  public Seek toSnapshot(String id) {
    return to(StartAt.snapshot(Arguments.text("toSnapshot", id)));
  }

  /** The newest snapshot that was committed at this time or before: what came after comes again. */
  public Seek toTime(Instant time) {
    return to(StartAt.time(Arguments.given("toTime", time)));
  }

  /**
   * Moves it.
   *
   * @return where the subscription stands now
   * @throws InvalidRequestException if no place was said
   * @throws io.meshwork.error.NotFoundException if there is no such snapshot
   * @throws io.meshwork.error.AccessDeniedException if the consumer may no longer read the product
   * @throws io.meshwork.error.BackendException if the registry failed; nothing was moved
   */
  @Override
  public Position commit() {
    StartAt place = where;
    if (place == null) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_ARGUMENT,
          "Cannot seek: it was not said where to. Say one of toStart(), toNow(), toSnapshot(..),"
              + " toTime(..).");
    }
    session.checkOpen("seek");
    return Position.of(polling.seek(place, read));
  }

  private Seek to(StartAt place) {
    if (where != null) {
      throw Arguments.refused("place", "was said twice", "Say one place.");
    }
    where = place;
    return this;
  }
}
