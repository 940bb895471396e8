package io.meshwork.conformance;

import io.meshwork.testkit.CrashHarness;

/** An operation that {@link CrashConformance} crashes. */
interface CrashCase {
  /** Its name in reports. */
  String name();

  /** Its number among those of its kind. */
  int ordinal();

  /** Returns a harness that crashes the operation, in memory by default. */
  CrashHarness harness();
}
