package io.meshwork.conformance;

import io.meshwork.Mesh;
import io.meshwork.testkit.CrashHarness;
import io.meshwork.testkit.MeshPlace;
import java.time.Duration;
import java.util.function.Consumer;

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

  /** Prepares the mesh. */
  Consumer<Mesh> setUp();

  /** The operation. */
  Consumer<Mesh> act();

  /** The time between the preparation and the operation. */
  default Duration passing() {
    return Duration.ZERO;
  }

  /** True if the operation is one call, whose failure it passes on. */
  boolean isOneCall();

  /** Returns a harness that crashes the operation, in memory by default. */
  CrashHarness harness();

  /** Returns the harness for processes whose clocks are wrong. */
  default CrashHarness harnessWithWrongClocks() {
    return harness();
  }
}
