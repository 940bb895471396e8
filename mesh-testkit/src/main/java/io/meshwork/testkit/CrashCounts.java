package io.meshwork.testkit;

/** Counts of what was found before the recoveries. Thread-safe. */
final class CrashCounts {
  private int undone;
  private int partly;
  private int done;
  private int leftovers;

  /**
   * Counts one death.
   *
   * @param reached which of the states of the run without faults was found; 0 is the first
   * @param last which of them is the last
   * @param left whether there were files that nobody needs
   */
  synchronized void count(int reached, int last, boolean left) {
    if (reached == last) {
      done++;
    } else if (reached > 0) {
      partly++;
    } else {
      undone++;
    }
    if (left) {
      leftovers++;
    }
  }

  synchronized CrashReport report(String scenario, CrashBase base, int possible, int tried) {
    return new CrashReport(
        scenario, base.callsByPort(), possible, tried, undone, partly, done, leftovers);
  }
}
