package io.meshwork.conformance;

import io.meshwork.testkit.CrashHarness;
import io.meshwork.testkit.MeshPlace;

/** An operation that {@link CrashConformance} crashes. */
interface CrashCase {
  /** Its name in reports. */
  String name();

  /** Its number among those of its kind. */
  int ordinal();

  /**
   * Returns a place with what the operation needs beside the mesh.
   *
   * @param embedded true if the mesh is the embedded one
   */
  default MeshPlace at(MeshPlace place, boolean embedded) {
    return place;
  }

  /** Returns a harness that crashes the operation, in memory by default. */
  CrashHarness harness();

  /** Returns the harness for processes whose clocks are wrong. */
  default CrashHarness harnessWithWrongClocks() {
    return harness();
  }
}
