package io.meshwork.internal.maintenance;

import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.operation.Plan;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What is due, to be looked at. Immutable.
 *
 * @param <R> what doing it gives
 */
final class MaintenancePlan<R> implements Plan<R> {
  private final List<Step> steps;
  private final List<Finding> findings;
  private final String fingerprint;
  private final Function<String, R> commit;

  /**
   * A plan.
   *
   * @param commit does it if the plan still has this fingerprint
   */
  MaintenancePlan(MaintenanceQueue due, Function<String, R> commit) {
    this.steps = due.tasks().stream().map(MaintenanceTask::step).toList();
    this.findings = due.left();
    this.fingerprint = fingerprint(due);
    this.commit = commit;
  }

  /**
   * Goes on only if what is due is what was looked at.
   *
   * @throws ConflictException otherwise
   */
  static void requireSame(MaintenanceQueue due, String fingerprint, MeshAction action) {
    if (!fingerprint(due).equals(fingerprint)) {
      throw new ConflictException(
          ErrorCode.CONFLICT,
          "Cannot "
              + action
              + " as planned: this is not the fingerprint of what is due now. Either the mesh"
              + " changed meanwhile, or there was never such a plan. Nothing was done. Look at the"
              + " plan again, and give the fingerprint that it has.",
          false);
    }
  }

  @Override
  public List<Step> steps() {
    return steps;
  }

  @Override
  public List<Finding> findings() {
    return findings;
  }

  @Override
  public String fingerprint() {
    return fingerprint;
  }

  @Override
  public R commit() {
    return commit.apply(fingerprint);
  }

  @Override
  public String toString() {
    return steps.isEmpty()
        ? "Nothing is due."
        : steps.stream().map(Step::toString).collect(Collectors.joining("\n"));
  }

  private static String fingerprint(MaintenanceQueue due) {
    return RegistryKeys.sha256(
        due.tasks().stream()
            .map(chore -> chore.step() + "\t" + chore.basis())
            .collect(Collectors.joining("\n")));
  }
}
