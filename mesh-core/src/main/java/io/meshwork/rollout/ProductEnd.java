package io.meshwork.rollout;

import com.google.errorprone.annotations.CheckReturnValue;
import io.meshwork.operation.Plan;
import io.meshwork.operation.PlannedOperation;
import io.meshwork.product.MajorVersion;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The end of a product: its consumers get notice, and it is retired after their dates. */
public interface ProductEnd extends Rollout<ProductEnd> {
  /** Returns what consumers read in its place, in another product; empty if nothing replaces it. */
  Optional<MajorVersion> successor();

  @Override
  List<Track.Move> tracks();

  @Override
  Track.Move track(String consumer);

  @Override
  List<Track.Move> waitingFor();

  /**
   * Closes the product to new subscriptions. Its consumers go on reading it.
   *
   * <p>Its commit fails with {@code STATE_CONFLICT} in any other state than {@code ANNOUNCED}.
   */
  @CheckReturnValue
  PlannedOperation<Plan<ProductEnd>, ProductEnd> close();

  /** Retires the product although consumers need it, as {@link MajorRollout#retireByForce()}. */
  @CheckReturnValue
  PlannedOperation.WithReason<ProductEnd> retireByForce();

  /** Returns the requests of this rollout that wait for a steward, oldest first. */
  List<StewardRequest> pending();

  /**
   * Makes the retired product readable again, unchanged, within 14 days. It stays closed to new
   * subscriptions. The log stores the reason.
   */
  @CheckReturnValue
  PlannedOperation.WithReason<ProductEnd> restore();

  /** Returns when {@link #restore} undid the last retirement; empty if it did not. */
  Optional<Instant> restoredAt();

  /** Returns the reason of that; empty as above. */
  Optional<String> restoredBecause();

  /**
   * Deletes the data of the product, after the 14 days in which its retirement can be undone. Fails
   * with {@code STATE_CONFLICT} while a long read retains a snapshot of it. Cannot be undone. The
   * log stores the reason.
   */
  @CheckReturnValue
  PlannedOperation.WithReason<ProductEnd> purge();

  /** Returns when the data was deleted; empty if it was not. */
  Optional<Instant> purgedAt();
}
