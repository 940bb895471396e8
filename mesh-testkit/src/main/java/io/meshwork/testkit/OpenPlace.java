package io.meshwork.testkit;

import io.meshwork.Mesh;
import io.meshwork.MeshBuilder;
import io.meshwork.registry.Registry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.iceberg.io.FileIO;

/**
 * A place that one process has open: the mesh, and the ports behind the faults.
 *
 * @param mesh the mesh, which meets the faults
 * @param faults what the mesh meets
 * @param registry the registry without faults
 * @param files the files without faults
 * @param time the right time; the clock of the mesh, unless its host's is ahead or behind
 */
record OpenPlace(Mesh mesh, Faults faults, Registry registry, FileIO files, ManualClock time)
    implements AutoCloseable {
  private static final Instant START = Instant.parse("2026-11-20T08:00:00Z");

  /** All meshes of a harness start at the same moment, on clocks of their own. */
  static ManualClock clock() {
    return ManualClock.at(START);
  }

  /**
   * Opens it as a process with ids of its own.
   *
   * @param process a number that no other process has at this place
   */
  static OpenPlace of(MeshPlace place, ManualClock clock, long process, Faults faults) {
    return of(place, clock, process, faults, settings -> settings);
  }

  /** The same with more settings. */
  static OpenPlace of(
      MeshPlace place,
      ManualClock clock,
      long process,
      Faults faults,
      UnaryOperator<MeshBuilder> more) {
    return of(place, clock, Duration.ZERO, process, faults, more);
  }

  /**
   * The same on a host whose clock is not right.
   *
   * @param ahead how far it is ahead; negative is behind
   */
  static OpenPlace of(
      MeshPlace place,
      ManualClock clock,
      Duration ahead,
      long process,
      Faults faults,
      UnaryOperator<MeshBuilder> more) {
    List<Registry> registries = new ArrayList<>();
    List<FileIO> stores = new ArrayList<>();
    MeshBuilder builder =
        place
            .open()
            .clock(() -> clock.instant().plus(ahead))
            .testing()
            .sleeper(clock::advance)
            .testing()
            .seededIds(process)
            .testing()
            .throughRegistry(
                real -> {
                  registries.add(real);
                  return faults.registry(clock.registry(real));
                })
            .testing()
            .throughFiles(
                real -> {
                  stores.add(real);
                  return faults.files(real);
                });
    return new OpenPlace(
        more.apply(builder).open(), faults, registries.get(0), stores.get(0), clock);
  }

  MeshStory story() {
    return MeshStory.of(mesh, registry);
  }

  /** Frees what the process held, also if it is dead: then it writes nothing any more. */
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
