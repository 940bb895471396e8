package io.meshwork.internal.catalog;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.VersionEntry.MajorSuspension;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.product.ProductName;
import java.util.Optional;

/** Rejects reads of majors that are suspended. Thread-safe. */
final class SuspendedReads {
  private final Ledger ledger;

  SuspendedReads(Ledger ledger) {
    this.ledger = ledger;
  }

  /**
   * Requires that a major is not suspended, if it is to be read.
   *
   * @param governance the governance partition of the catalog with the product
   * @throws io.meshwork.error.ConflictException if it is suspended
   */
  void check(
      Use use, ProductName product, VersionEntry major, String governance, MeshAction action) {
    if (use != Use.READ && use != Use.KEEP) {
      return;
    }
    Optional<MajorSuspension> suspension = MajorSuspension.of(major);
    if (suspension.isEmpty()) {
      return;
    }
    MajorSuspension found = suspension.get();
    Optional<VersionedDocument> approval =
        OutsideApproval.find(ledger, governance, product, found.request(), found.at());
    if (approval.isPresent() || ledger.clock().now().isBefore(found.until())) {
      throw Failure.of(action)
          .because(
              "reads of major version "
                  + major.major()
                  + " of "
                  + product
                  + " are suspended by its owner since "
                  + found.at()
                  + ": "
                  + found.because())
          .state("Nothing was read.")
          .fix(
              approval.isPresent()
                  ? "Wait until the owner resumes them; "
                      + approval.get().json().path("by").asText()
                      + " approved the suspension."
                  : "Read again after "
                      + found.until()
                      + ", when the suspension ends unless a steward approves it.")
          .lastingConflict(ErrorCode.READS_SUSPENDED);
    }
  }
}
