package io.meshwork.internal.maintenance;

import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.operation.Plan;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The tasks that are due. Immutable.
 *
 * @param <R> the result of the commit
 */
public final class MaintenancePlan<R> implements Plan<R> {
  private final List<Step> steps;
  private final List<Finding> findings;
  private final String fingerprint;
  private final Function<String, R> commit;

  /**
   * Creates a plan.
   *
   * @param commit runs the tasks if the plan still has the given fingerprint
   */
  public MaintenancePlan(MaintenanceQueue queue, Function<String, R> commit) {
    this.steps = queue.tasks().stream().map(MaintenanceTask::step).toList();
    this.findings = queue.left();
    this.fingerprint = fingerprint(queue);
    this.commit = commit;
  }

  /**
   * Checks that the tasks have the expected fingerprint.
   *
   * @throws ConflictException otherwise
   */
  static void requireSame(MaintenanceQueue queue, String fingerprint, MeshAction action) {
    if (!fingerprint(queue).equals(fingerprint)) {
      throw Failure.of(action.on("as planned"))
          .because(
              "the mesh changed after the plan was made, so other tasks are due now, or no plan has"
                  + " this fingerprint")
          .fix("Make a new plan, review its steps, and commit that plan or its fingerprint.")
          .lastingConflict(ErrorCode.CONFLICT);
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

  private static String fingerprint(MaintenanceQueue queue) {
    return RegistryKeys.sha256(
        queue.tasks().stream()
            .map(task -> task.step() + "\t" + task.basis())
            .collect(Collectors.joining("\n")));
  }
}
