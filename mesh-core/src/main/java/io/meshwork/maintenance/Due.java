package io.meshwork.maintenance;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.internal.runtime.Deadline;
import java.util.ArrayList;
import java.util.List;

/** Chores in the order in which they are to be done, and what has to be left. One thread. */
final class Due {
  private final List<Chore> chores = new ArrayList<>();
  private final List<Finding> left = new ArrayList<>();

  void add(Chore chore) {
    chores.add(chore);
  }

  void leave(Finding finding) {
    left.add(finding);
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
      left.add(leftAlone(where, e));
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
            + failure.getMessage(),
        0,
        List.of(),
        damage
            ? "Look at doctor() on the mesh, restore what is missing, and run maintenance again."
            : "Mend that, and run maintenance again.");
  }
}
