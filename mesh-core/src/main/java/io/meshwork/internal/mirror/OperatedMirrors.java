package io.meshwork.internal.mirror;

import io.meshwork.error.BackendException;
import io.meshwork.maintenance.Mirrors;
import io.meshwork.operation.Plan;
import java.util.List;
import java.util.Optional;

/**
 * What a run of the mirrors found and did. Immutable.
 *
 * @param due what was due when it began
 * @param report what was done, also if the run ended early
 * @param failure why the run ended early; empty if it did not
 */
public record OperatedMirrors(
    List<Plan.Step> due, Mirrors.Report report, Optional<BackendException> failure) {
  public OperatedMirrors {
    due = List.copyOf(due);
  }
}
