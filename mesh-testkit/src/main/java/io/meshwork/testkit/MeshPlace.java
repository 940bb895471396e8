package io.meshwork.testkit;

import io.meshwork.Mesh;
import io.meshwork.registry.Registry;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The storage of one mesh, which outlives the processes that open it. {@link CrashHarness} opens
 * it, simulates crashes, and opens it again. Each place is new and empty. Your own backend needs to
 * implement {@link #open} and {@link #close} only.
 *
 * <pre>{@code
 * CrashHarness.of("publish", mesh -> etl(mesh)).on(() -> MeshPlace.below(temporary)).run();
 * }</pre>
 */
public interface MeshPlace extends AutoCloseable {
  /** Returns a builder that opens the mesh as a newly started process. */
  Mesh.Builder open();

  /**
   * Returns a copy; called while the mesh is not open. Empty if copies are not supported; then the
   * harness prepares each place from the start.
   */
  default Optional<MeshPlace> copy() {
    return Optional.empty();
  }

  /** Called after a process with the open mesh crashed; discards what a host would lose. */
  default void crashed() {}

  /** Deletes the mesh. */
  @Override
  void close();

  /** Returns a place in memory. */
  static MeshPlace inMemory() {
    return new MemoryPlace(new InMemoryRegistry(), new MemoryFileIO());
  }

  /**
   * Returns a place with your own registry and files in memory.
   *
   * @param newStore creates an empty store and returns its reference
   * @param opener opens a store; the registry is closed with its mesh
   * @param <S> the reference of a store, such as the name of a table
   */
  static <S> MeshPlace over(Supplier<S> newStore, Function<S, Registry> opener) {
    return new ReplayedPlace<>(newStore, opener, new MemoryFileIO());
  }

  /** Returns a place with SQLite and files in a new subfolder, which is deleted with the place. */
  static MeshPlace below(Path folder) {
    return FolderPlace.below(folder);
  }

  /**
   * Returns a place like {@link #below} whose disk loses power at each crash: bytes of files and
   * names in folders that were not synced are lost. The registry's file syncs itself and loses
   * nothing.
   *
   * @param seed selects what is lost; 0 loses everything that was not synced
   */
  static MeshPlace losingPower(Path folder, long seed) {
    return ForgetfulPlace.below(folder, seed, disk -> disk);
  }
}
