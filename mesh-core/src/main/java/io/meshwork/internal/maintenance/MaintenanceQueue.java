package io.meshwork.internal.maintenance;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshException;
import io.meshwork.error.OutcomeUnknownException;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.maintenance.MeshDiagnosis;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chores in the order in which they are to be done, and what has to be left. One thread. */
final class MaintenanceQueue {
  private static final Logger LOG = LoggerFactory.getLogger(MaintenanceQueue.class);
  private static final Set<String> IN_PASSING = Set.of("DAMAGED", "UNCERTAIN", "TABLE_MISSING");

  /** What to do about a doubt. */
  static final String LOOK =
      "Look at what the doctor says: doctor() on the mesh, the verb doctor on the command line.";

  private final List<MaintenanceTask> chores = new ArrayList<>();
  private final List<Finding> left = new ArrayList<>();

  void add(MaintenanceTask chore) {
    chores.add(chore);
  }

  void skip(Finding finding) {
    skip(finding, left);
  }

  /** Leaves what the doctor found, which says more than what was found in passing. */
  void leaveDamage(List<Finding> damage) {
    left.removeIf(finding -> isSaid(finding, damage));
    left.addAll(damage);
  }

  /** What a look found and, beside it, what chores had to leave of which it says nothing. */
  static MeshDiagnosis beside(MeshDiagnosis found, List<Finding> left) {
    List<Finding> all = new ArrayList<>(found.findings());
    left.stream()
        .filter(finding -> !isSaid(finding, found.problems()))
        .forEach(finding -> skip(finding, all));
    return new MeshDiagnosis(all);
  }

  private static boolean isSaid(Finding finding, List<Finding> damage) {
    return IN_PASSING.contains(finding.code())
        && damage.stream()
            .anyMatch(other -> (other.where() + " ").startsWith(finding.where() + " "));
  }

  /** Adds a finding, but only one of those that say the same of one place. */
  static void skip(Finding finding, List<Finding> left) {
    boolean known =
        left.stream()
            .anyMatch(other -> other.where().equals(finding.where()) && isAlike(other, finding));
    if (!known) {
      left.add(finding);
    }
  }

  private static boolean isAlike(Finding one, Finding other) {
    return one.code().equals(other.code())
        || (IN_PASSING.contains(one.code()) && IN_PASSING.contains(other.code()));
  }

  /** The first sentence of a failure's message: what to do follows once, and not twice. */
  static String why(MeshException failure) {
    String message = String.valueOf(failure.getMessage());
    int end = message.indexOf(". ");
    return end < 0 ? message : message.substring(0, end + 1);
  }

  /**
   * Looks at one thing; if it is damaged, it is left alone, and the rest goes on.
   *
   * @throws BackendException if the store failed, and may not the next time
   */
  void inspect(String where, Runnable look) {
    try {
      look.run();
    } catch (RuntimeException e) {
      skip(leftAlone(where, e));
    }
  }

  List<MaintenanceTask> tasks() {
    return List.copyOf(chores);
  }

  List<Finding> left() {
    return List.copyOf(left);
  }

  /**
   * Does all of it. What is damaged is left alone, and the rest goes on.
   *
   * @throws io.meshwork.error.MeshException if the store failed or the time is over
   */
  void runAll(MaintenanceTally tally, Deadline deadline, MeshAction action) {
    for (MaintenanceTask chore : chores) {
      deadline.check(action);
      try {
        chore.run(tally, deadline);
      } catch (RuntimeException e) {
        tally.leave(leftAlone(chore.step().subject(), e));
      }
    }
  }

  /**
   * What a failure that stays means for maintenance. What comes raw out of a library concerns the
   * one thing that was looked at, so it does not end the rest.
   *
   * @throws MeshException the same, if it may pass, or if nothing can be done for any table
   */
  static Finding leftAlone(String where, RuntimeException failure) {
    if (!(failure instanceof MeshException known)) {
      LOG.warn("Maintenance could not look after {}", where, failure);
      return new Finding(
          "NOT_DONE",
          Severity.ERROR,
          where,
          "It could not be looked after ("
              + failure.getClass().getSimpleName()
              + "); the rest was. The log of this process has the whole failure.",
          0,
          List.of(),
          LOOK);
    }
    if (mayPass(known)) {
      throw known;
    }
    return leftAlone(where, known);
  }

  private static boolean mayPass(MeshException failure) {
    return failure.errorCode() == ErrorCode.REGISTRY_VERSION
        || failure instanceof OutcomeUnknownException
        || (failure instanceof BackendException backend && backend.retryable());
  }

  private static Finding leftAlone(String where, MeshException failure) {
    boolean damage =
        failure.errorCode() == ErrorCode.DATA_DAMAGED
            || failure.errorCode() == ErrorCode.UNSAFE_PATH
            || failure.errorCode() == ErrorCode.REGISTRY_CORRUPT;
    return new Finding(
        damage ? "DAMAGED" : "NOT_DONE",
        Severity.ERROR,
        where,
        (damage ? "It is damaged, so it was left alone: " : "It could not be looked after: ")
            + (damage ? why(failure) : failure.getMessage()),
        0,
        List.of(),
        damage
            ? "Look at what the doctor says (doctor() on the mesh, the verb doctor on the command"
                + " line), restore what is missing, and run maintenance again."
            : "Fix that, and run maintenance again.");
  }
}
