package io.meshwork.internal.rollout.consumers;

import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.operation.Operation;
import io.meshwork.rollout.Rollout.Track;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A change of a track that is known once its reason is. Not thread-safe. */
final class ReasonedTrackChange implements Operation.WithReason<Track> {
  private final ClientSession session;
  private final Function<String, TrackOperation> operations;
  private @Nullable TrackOperation operation;

  /**
   * Creates it.
   *
   * @param operations the change for a reason
   */
  ReasonedTrackChange(ClientSession session, Function<String, TrackOperation> operations) {
    this.session = session;
    this.operations = operations;
  }

  @Override
  public Operation.WithReason<Track> because(String text) {
    operation = operations.apply(ArgumentChecks.text("because", text));
    return this;
  }

  @Override
  public Track commit() {
    if (operation == null) {
      TrackOperation unexplained = operations.apply("");
      session.checkOpen(unexplained.action());
      throw ArgumentChecks.missingReason(
          unexplained.action(), "Set the reason, which the other side sees.");
    }
    return operation.commit();
  }
}
