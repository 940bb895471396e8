package io.meshwork.maintenance;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.internal.runtime.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Chores in the order in which they are to be done, and what has to be left. One thread. */
final class Due {
  private static final Set<String> IN_PASSING = Set.of("DAMAGED", "UNCERTAIN", "TABLE_MISSING");

  /** What to do about a doubt. */
  static final String LOOK =
      "Look at what the doctor says: doctor() on the mesh, the verb doctor on the command line.";

  private final List<Chore> chores = new ArrayList<>();
  private final List<Finding> left = new ArrayList<>();

  void add(Chore chore) {
    chores.add(chore);
  }

  void leave(Finding finding) {
    leave(finding, left);
  }

  /** Leaves what the doctor found, which says more than what was found in passing. */
  void leaveDamage(List<Finding> damage) {
    left.removeIf(finding -> isSaid(finding, damage));
    left.addAll(damage);
  }

  /** What a look found and, beside it, what chores had to leave of which it says nothing. */
  static Diagnosis beside(Diagnosis found, List<Finding> left) {
    List<Finding> all = new ArrayList<>(found.findings());
    left.stream()
        .filter(finding -> !isSaid(finding, found.problems()))
        .forEach(finding -> leave(finding, all));
    return new Diagnosis(all);
  }

  private static boolean isSaid(Finding finding, List<Finding> damage) {
    return IN_PASSING.contains(finding.code())
        && damage.stream()
            .anyMatch(other -> (other.where() + " ").startsWith(finding.where() + " "));
  }

  /** Adds a finding, but only one of those that say the same of one place. */
  static void leave(Finding finding, List<Finding> left) {
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
  static String why(BackendException failure) {
    String message = String.valueOf(failure.getMessage());
    int end = message.indexOf(". ");
    return end < 0 ? message : message.substring(0, end + 1);
  }

  /**
   * Looks at one thing; if it is damaged, it is left alone, and the rest goes on.
   *
   * @throws BackendException if the store failed, and may not the next time
   */
  void look(String where, Runnable look) {
    try {
      look.run();
    } catch (BackendException e) {
      leave(leftAlone(where, e));
    }
  }

  List<Chore> chores() {
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
  void runAll(Upkeep.Tally tally, Deadline deadline, String doing) {
    for (Chore chore : chores) {
      deadline.check(doing);
      try {
        chore.run(tally, deadline);
      } catch (BackendException e) {
        tally.leave(leftAlone(chore.step().subject(), e));
      }
    }
  }

  /**
   * What a failure that stays means for maintenance.
   *
   * @throws BackendException the same, if it may pass, or if nothing can be done for any table
   */
  static Finding leftAlone(String where, BackendException failure) {
    if (failure.retryable() || failure.errorCode() == ErrorCode.REGISTRY_VERSION) {
      throw failure;
    }
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
            ? "Look at what the doctor says (doctor() on the mesh, the verb doctor on the command line),"
                + " restore what is missing, and run maintenance again."
            : "Mend that, and run maintenance again.");
  }
}
