package io.meshwork.testkit;

import java.util.Map;

/**
 * The result of a run of {@link CrashHarness}. Immutable.
 *
 * @param scenario the scenario's name
 * @param calls the calls of ports in the run without faults, by port
 * @param possible the number of possible crash points
 * @param tried the number of tested crash points
 * @param undone the crash points after which no commit was stored before the recovery
 * @param partly the crash points after which only the first of several commits were stored
 * @param done the crash points after which all commits were stored before the recovery
 * @param leftovers the crash points after which unreferenced files existed
 */
public record CrashReport(
    String scenario,
    Map<Faults.Port, Integer> calls,
    int possible,
    int tried,
    int undone,
    int partly,
    int done,
    int leftovers) {
  /** Copies the map. */
  public CrashReport {
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
