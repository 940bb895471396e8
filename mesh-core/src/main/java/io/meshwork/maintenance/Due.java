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
   * What damage means for maintenance.
   *
   * @throws BackendException the same, if it is no damage but a failure that may pass
   */
  static Finding leftAlone(String where, BackendException failure) {
    boolean damage =
        failure.errorCode() == ErrorCode.DATA_DAMAGED
            || failure.errorCode() == ErrorCode.UNSAFE_PATH
            || failure.errorCode() == ErrorCode.REGISTRY_CORRUPT;
    if (!damage) {
      throw failure;
    }
    return new Finding(
        "DAMAGED",
        Severity.ERROR,
        where,
        "It is damaged, so nothing of it was touched: " + failure.getMessage(),
        0,
        List.of(),
        "Look at doctor() on the mesh, restore what is missing, and run maintenance again.");
  }
}
