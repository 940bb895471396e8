package io.meshwork.testkit;

import java.util.Map;

/**
 * What a walk of {@link CrashHarness} did. Immutable.
 *
 * @param scenario its name
 * @param calls calls of ports in the run without faults, by port
 * @param possible points at which it could have died
 * @param tried points at which it did
 * @param undone after how many of them nothing was there before the recovery
 * @param partly after how many of them only the first of several commits were there
 * @param done after how many of them everything was there before the recovery
 * @param leftovers after how many of them there were files that nobody needs
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

  /** One line for people. */
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
