package io.meshwork.internal.ledger;

import io.meshwork.error.Finding;
import java.util.List;
import java.util.function.Function;

/** A plan that consists of steps and findings. Immutable. */
record PlannedChange<R>(
    String headline,
    List<Step> steps,
    List<Finding> findings,
    List<Finding> decisive,
    String basis,
    Function<String, R> committing)
    implements ChangePlan<R> {
  PlannedChange {
    steps = List.copyOf(steps);
    findings = List.copyOf(findings);
    decisive = List.copyOf(decisive);
  }

  @Override
  public String toString() {
    return text();
  }
}
