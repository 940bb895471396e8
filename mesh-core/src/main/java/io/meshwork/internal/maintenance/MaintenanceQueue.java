package io.meshwork.internal.maintenance;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshException;
import io.meshwork.error.OutcomeUnknownException;
import io.meshwork.internal.ledger.ChangePlan;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.maintenance.MeshDiagnosis;
import io.meshwork.operation.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tasks in the order in which they run, and findings for what is skipped. Used by one thread. */
public final class MaintenanceQueue {
  private static final Logger LOG = LoggerFactory.getLogger(MaintenanceQueue.class);

  /** Codes of findings that the doctor reports in more detail. */
  private static final Set<FindingCode> GENERAL_CODES =
      Set.of(
          FindingCode.DAMAGE_SKIPPED, FindingCode.REFERENCES_UNCERTAIN, FindingCode.TABLE_MISSING);

  /** The fix of findings that need a diagnosis. */
  static final String RUN_DOCTOR = "Read the findings of doctor() on the mesh.";

  private final List<MaintenanceTask> tasks = new ArrayList<>();
  private final List<Finding> remaining = new ArrayList<>();

  void add(MaintenanceTask task) {
    tasks.add(task);
  }

  void skip(Finding finding) {
    skip(finding, remaining);
  }

  /** Adds the doctor's findings, which replace less detailed ones. */
  public void skipDamage(List<Finding> damage) {
    remaining.removeIf(finding -> isCovered(finding, damage));
    remaining.addAll(damage);
  }

  /** Adds the findings of tasks that the diagnosis does not have. */
  public static MeshDiagnosis combine(MeshDiagnosis diagnosis, List<Finding> remaining) {
    List<Finding> all = new ArrayList<>(diagnosis.findings());
    remaining.stream()
        .filter(finding -> !isCovered(finding, diagnosis.problems()))
        .forEach(finding -> skip(finding, all));
    return new MeshDiagnosis(all);
  }

  private static boolean isCovered(Finding finding, List<Finding> damage) {
    return GENERAL_CODES.contains(finding.code())
        && damage.stream()
            .anyMatch(broader -> (broader.where() + " ").startsWith(finding.where() + " "));
  }

  /** Adds a finding, unless there is a similar one for the same place. */
  static void skip(Finding finding, List<Finding> skipped) {
    boolean exists =
        skipped.stream()
            .anyMatch(
                existing ->
                    existing.where().equals(finding.where()) && isSimilar(existing, finding));
    if (!exists) {
      skipped.add(finding);
    }
  }

  private static boolean isSimilar(Finding one, Finding other) {
    return one.code() == other.code()
        || (GENERAL_CODES.contains(one.code()) && GENERAL_CODES.contains(other.code()));
  }

  /** Returns the first sentence of a failure's message, without its fix. */
  public static String firstSentence(MeshException failure) {
    String message = String.valueOf(failure.getMessage());
    int end = message.indexOf(". ");
    return end < 0 ? message : message.substring(0, end + 1);
  }

  /**
   * Runs an inspection; if its subject is damaged, adds a finding.
   *
   * @throws BackendException if the store failed and a retry may succeed
   */
  void inspect(String where, Runnable inspection) {
    try {
      inspection.run();
    } catch (RuntimeException e) {
      skip(findingOf(where, e));
    }
  }

  /**
   * Returns the plan of these tasks.
   *
   * @param committing runs the tasks if the plan still has the given fingerprint
   */
  public <R> ChangePlan<R> plan(MeshAction action, Function<String, R> committing) {
    return ChangePlan.ofWork(
        action.toString(),
        steps(),
        remaining,
        tasks.stream().map(MaintenanceTask::basis).collect(Collectors.joining("\n")),
        committing);
  }

  List<Plan.Step> steps() {
    return tasks.stream().map(MaintenanceTask::step).toList();
  }

  List<Finding> left() {
    return List.copyOf(remaining);
  }

  /**
   * Runs all tasks. Damaged subjects are skipped.
   *
   * @throws io.meshwork.error.MeshException if the store failed or the time is over
   */
  public void runAll(MaintenanceTally tally, Deadline deadline, MeshAction action) {
    for (MaintenanceTask task : tasks) {
      deadline.check(action);
      try {
        task.run(tally, deadline);
      } catch (RuntimeException e) {
        tally.skip(findingOf(task.step().subject(), e));
      }
    }
  }

  /**
   * Converts a lasting failure into a finding. An exception of a library concerns one subject only,
   * so maintenance continues with the others.
   *
   * @throws MeshException the failure itself if a retry may succeed or if it affects all tables
   */
  static Finding findingOf(String where, RuntimeException failure) {
    if (!(failure instanceof MeshException meshFailure)) {
      LOG.warn("Maintenance of {} failed", where, failure);
      return new Finding(
          FindingCode.MAINTENANCE_FAILED,
          Severity.ERROR,
          where,
          "Its maintenance failed ("
              + failure.getClass().getSimpleName()
              + "); other maintenance continued. The log of this process has the stack trace.",
          0,
          List.of(),
          RUN_DOCTOR);
    }
    if (endsMaintenance(meshFailure)) {
      throw meshFailure;
    }
    return findingOf(where, meshFailure);
  }

  private static boolean endsMaintenance(MeshException failure) {
    return failure.errorCode() == ErrorCode.REGISTRY_VERSION
        || failure instanceof OutcomeUnknownException
        || (failure instanceof BackendException backend && backend.retryable());
  }

  private static Finding findingOf(String where, MeshException failure) {
    boolean damage =
        failure.errorCode() == ErrorCode.DATA_DAMAGED
            || failure.errorCode() == ErrorCode.UNSAFE_PATH
            || failure.errorCode() == ErrorCode.REGISTRY_CORRUPT;
    return new Finding(
        damage ? FindingCode.DAMAGE_SKIPPED : FindingCode.MAINTENANCE_FAILED,
        Severity.ERROR,
        where,
        (damage ? "It is damaged and was skipped: " : "Its maintenance failed: ")
            + (damage ? firstSentence(failure) : failure.getMessage()),
        0,
        List.of(),
        damage
            ? "Read the findings of doctor() on the mesh, restore"
                + " what is missing, and run maintenance again."
            : "Fix the cause, and run maintenance again.");
  }
}
