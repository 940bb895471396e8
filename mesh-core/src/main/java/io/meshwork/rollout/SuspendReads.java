package io.meshwork.rollout;

import io.meshwork.operation.Operation;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.List;

/**
 * Suspends reads of a product in an emergency, such as wrong or unlawful data: at once, and for at
 * most 72 hours, unless a steward approves it. Publishes go on, and accounts of the owner can still
 * read. Each consumer is notified.
 *
 * <p>Created by {@code MeshClient.suspend(..)}. Can be committed once. Not thread-safe.
 */
public interface SuspendReads extends Operation<SuspendReads.Suspension> {
  /**
   * A suspension. Immutable.
   *
   * @param product the product
   * @param majors the major versions that consumers cannot read, ascending
   * @param because the reason
   * @param until when it ends if no steward approves it
   * @param request the request to the stewards, which {@code governance().approve(..)} accepts
   */
  record Suspension(
      ProductName product,
      List<Integer> majors,
      String because,
      Instant until,
      StewardRequest request) {
    /** Copies the major versions. */
    public Suspension {
      majors = List.copyOf(majors);
    }
  }

  /**
   * Suspends reads of one major version. Default: all that consumers read.
   *
   * @param number 1 or more
   */
  SuspendReads majorVersion(int number);

  /**
   * Suspends the reads. If they are suspended already, the reason and the 72 hours start again.
   *
   * @throws io.meshwork.error.NotFoundException if no consumer reads the major version
   */
  @Override
  Suspension commit();
}
