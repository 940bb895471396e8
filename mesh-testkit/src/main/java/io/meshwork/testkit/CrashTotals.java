package io.meshwork.testkit;

import java.util.Map;

/** The counts of a run. Immutable. */
record CrashTotals(
    String scenario,
    Map<Faults.Port, Integer> calls,
    int possible,
    int tried,
    int undone,
    int partly,
    int done,
    int leftovers)
    implements CrashReport {
  CrashTotals {
    calls = Map.copyOf(calls);
  }

  /** Returns a summary in one line. */
  @Override
  public String toString() {
    return scenario
        + ": "
        + calls.values().stream().mapToInt(Integer::intValue).sum()
        + " calls, "
        + tried
        + " of "
        + possible
        + " points; before recovery nothing was done at "
        + undone
        + ", a part at "
        + partly
        + ", all at "
        + done
        + "; files left at "
        + leftovers;
  }
}
