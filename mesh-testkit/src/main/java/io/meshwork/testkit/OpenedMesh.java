package io.meshwork.testkit;

import io.meshwork.Mesh;
import io.meshwork.registry.Registry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.iceberg.io.FileIO;

/**
 * A place that a process opened: the mesh with faults, and the ports without faults.
 *
 * @param mesh the mesh with faults
 * @param registry the registry without faults
 * @param files the files without faults
 * @param time the correct time, also the mesh's unless its host's clock is wrong
 */
record OpenedMesh(Mesh mesh, Faults faults, Registry registry, FileIO files, ManualClock time)
    implements AutoCloseable {
  private static final Instant START = Instant.parse("2026-11-20T08:00:00Z");

  /** Returns a new clock with the start time of all meshes of a harness. */
  static ManualClock clock() {
    return ManualClock.at(START);
  }

  /**
   * Opens a place as a process with its own IDs.
   *
   * @param process the number of the process, unique at this place
   */
  static OpenedMesh of(MeshPlace place, ManualClock clock, long process, Faults faults) {
    return of(place, clock, process, faults, settings -> settings);
  }

  /** Opens a place with further settings. */
  static OpenedMesh of(
      MeshPlace place,
      ManualClock clock,
      long process,
      Faults faults,
      UnaryOperator<Mesh.Builder> more) {
    return of(place, clock, Duration.ZERO, process, faults, more);
  }

  /**
   * Opens a place on a host with a wrong clock.
   *
   * @param ahead how far the clock is ahead; negative if behind
   */
  static OpenedMesh of(
      MeshPlace place,
      ManualClock clock,
      Duration ahead,
      long process,
      Faults faults,
      UnaryOperator<Mesh.Builder> more) {
    List<Registry> registries = new ArrayList<>();
    List<FileIO> stores = new ArrayList<>();
    Mesh.Builder builder =
        place
            .open()
            .clock(() -> clock.instant().plus(ahead))
            .testing()
            .sleeper(clock::advance)
            .testing()
            .idSeed(process)
            .testing()
            .wrapRegistry(
                real -> {
                  registries.add(real);
                  return faults.registry(clock.registry(real));
                })
            .testing()
            .wrapFiles(
                real -> {
                  stores.add(real);
                  return faults.files(real);
                });
    return new OpenedMesh(
        more.apply(builder).open(), faults, registries.get(0), stores.get(0), clock);
  }

  MeshStory story() {
    return MeshStory.of(mesh, registry);
  }

  /** Releases the resources of the process, even after a crash. */
  @Override
  public void close() {
    try {
      mesh.close();
    } catch (SimulatedCrash e) {
      if (!faults.isDead()) {
        throw e;
      }
    }
  }
}
