package io.meshwork.internal.catalog;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.ReadSuspensions.Decision;
import io.meshwork.internal.ledger.Ledger;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds the suspensions that are in effect, and rejects reads of suspended majors. Thread-safe. */
final class SuspendedReads {
  private final Ledger ledger;

  SuspendedReads(Ledger ledger) {
    this.ledger = ledger;
  }

  /**
   * A suspension that is in effect. Immutable.
   *
   * @param decision the last one that the major is suspended by
   * @param approvedBy the steward who approved it, or an earlier one that is in effect too
   */
  record InEffect(Decision decision, Optional<String> approvedBy) {}

  /**
   * The suspension of a major; empty if it is not suspended now.
   *
   * @param governance the governance partition of the catalog with the product
   */
  Optional<InEffect> find(ProductEntry product, int major, String governance) {
    @Nullable InEffect suspension = null;
    for (Decision decision : ReadSuspensions.of(product).decisions()) {
      if (decision.covers(major)) {
        Optional<String> by = approvedBy(decision, product, governance);
        if (by.isPresent() || ledger.clock().now().isBefore(decision.until())) {
          Optional<String> before = suspension == null ? Optional.empty() : suspension.approvedBy();
          suspension = new InEffect(decision, by.or(() -> before));
        }
      }
    }
    return Optional.ofNullable(suspension);
  }

  /** Returns true for a use that a suspension prevents. */
  static boolean concern(Use use) {
    return use == Use.READ || use == Use.KEEP;
  }

  /**
   * Requires that a major is not suspended, if it is to be read.
   *
   * @param governance the governance partition of the catalog with the product
   * @throws io.meshwork.error.ConflictException if it is suspended
   */
  void check(Use use, ProductEntry product, int major, String governance, MeshAction action) {
    if (!concern(use)) {
      return;
    }
    find(product, major, governance)
        .ifPresent(
            suspension -> {
              throw Failure.of(action)
                  .because(
                      "reads of major version "
                          + major
                          + " of "
                          + product.name()
                          + " are suspended by its owner since "
                          + suspension.decision().at()
                          + ": "
                          + suspension.decision().because())
                  .state("Nothing was read.")
                  .fix(
                      suspension
                          .approvedBy()
                          .map(
                              by ->
                                  "Wait until the owner resumes them; "
                                      + by
                                      + " approved the suspension.")
                          .orElseGet(
                              () ->
                                  "Read again after "
                                      + suspension.decision().until()
                                      + ", when the suspension ends unless a steward approves it."))
                  .lastingConflict(ErrorCode.READS_SUSPENDED);
            });
  }

  private Optional<String> approvedBy(Decision decision, ProductEntry product, String governance) {
    return OutsideApproval.find(
            ledger, governance, product.name(), decision.request(), decision.at())
        .map(approval -> OutsideApproval.of(approval).by().toString());
  }
}
