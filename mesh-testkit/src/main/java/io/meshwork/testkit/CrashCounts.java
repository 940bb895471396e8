package io.meshwork.testkit;

/** Counts the states before the recoveries. Thread-safe. */
final class CrashCounts {
  private int undone;
  private int partly;
  private int done;
  private int leftovers;

  /**
   * Counts one crash.
   *
   * @param reached the index of the state in the run without faults; 0 is the first
   * @param last the index of the last state
   * @param hasLeftovers whether unreferenced files existed
   */
  synchronized void count(int reached, int last, boolean hasLeftovers) {
    if (reached == last) {
      done++;
    } else if (reached > 0) {
      partly++;
    } else {
      undone++;
    }
    if (hasLeftovers) {
      leftovers++;
    }
  }

  synchronized CrashReport report(String scenario, CrashBase base, int possible, int tried) {
    return new CrashTotals(
        scenario, base.callsByPort(), possible, tried, undone, partly, done, leftovers);
  }
}
