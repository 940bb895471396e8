package io.meshwork.testkit;

import java.util.Map;

/**
 * The result of a run of {@link CrashHarness}. Immutable. Two are equal if all of their attributes
 * are. {@code toString()} is a summary in one line.
 */
public interface CrashReport {
  /** Returns the scenario's name. */
  String scenario();

  /** Returns the calls of ports in the run without faults, by port; unmodifiable. */
  Map<Faults.Port, Integer> calls();

  /** Returns the number of possible crash points. */
  int possible();

  /** Returns the number of tested crash points. */
  int tried();

  /** Returns the crash points after which no commit was stored before the recovery. */
  int undone();

  /** Returns the crash points after which only the first of several commits were stored. */
  int partly();

  /** Returns the crash points after which all commits were stored before the recovery. */
  int done();

  /** Returns the crash points after which unreferenced files existed. */
  int leftovers();
}
