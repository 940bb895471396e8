package io.meshwork.walk;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.testkit.Faults;
import io.meshwork.testkit.InMemoryMesh;
import io.meshwork.testkit.ManualClock;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.apache.iceberg.io.FileIO;

/** A process beside others on one mesh, which can end at any call and start again. */
final class ShopProcess implements AutoCloseable {
  final String name;
  private final Supplier<Mesh.Builder> place;
  private final ManualClock clock;
  private Faults faults = Faults.seeded(1);
  private Registry registry = InMemoryMesh.registry();
  private Mesh mesh;
  private int starts = 1;

  ShopProcess(String name, Supplier<Mesh.Builder> place, ManualClock clock) {
    this.name = name;
    this.place = place;
    this.clock = clock;
    this.mesh = open();
  }

  private Mesh open() {
    return place
        .get()
        .clock(clock)
        .testing()
        .wrapRegistry(this::through)
        .testing()
        .wrapFiles(faults::files)
        .testing()
        .sleeper(clock::advance)
        .open();
  }

  private Registry through(Registry opened) {
    registry = opened;
    return faults.registry(opened);
  }

  /** Returns what changes with each change of the table of a major version. */
  String table(int major) {
    return registry
        .read(new Registry.Key(RolloutWorld.PRODUCT, "table/orders_v" + major))
        .orElseThrow()
        .version();
  }

  void restart() {
    faults = Faults.seeded(1);
    mesh = open();
    starts++;
  }

  /** Returns how often it started. */
  int starts() {
    return starts;
  }

  Mesh mesh() {
    return mesh;
  }

  Faults faults() {
    return faults;
  }

  /** Returns the client of the owner. */
  MeshClient shop() {
    return mesh.clientAs(Principal.of("shop", "etl"));
  }

  /** Returns the client of a consumer. */
  MeshClient fin() {
    return mesh.clientAs(Principal.of("fin", "etl"));
  }

  /** Returns the client of a steward. */
  MeshClient gov() {
    return mesh.clientAs(Principal.of("gov", "lead"));
  }

  MajorRollout rollout(int number) {
    return majorRollouts().stream()
        .filter(rollout -> rollout.number() == number)
        .findFirst()
        .orElseThrow();
  }

  List<MajorRollout> majorRollouts() {
    return shop().rollouts().stream()
        .filter(MajorRollout.class::isInstance)
        .map(MajorRollout.class::cast)
        .toList();
  }

  /** Opens a mesh in memory. */
  static ShopProcess inMemory(ManualClock clock) {
    Registry registry = InMemoryMesh.registry();
    FileIO files = InMemoryMesh.files();
    return new ShopProcess("one", () -> Mesh.builder(registry, files, "memory:/mesh"), clock);
  }

  /** Opens a mesh in a folder. */
  static ShopProcess in(Path folder, ManualClock clock) {
    return new ShopProcess("one", () -> LocalMesh.builder(folder), clock);
  }

  /** Opens another process on the mesh. */
  ShopProcess another() {
    return new ShopProcess("two", place, clock);
  }

  @Override
  public void close() {
    if (!faults.isDead()) {
      faults.clear();
      mesh.close();
    }
  }
}
