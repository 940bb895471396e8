package io.meshwork.testkit;

import io.meshwork.Mesh;
import io.meshwork.registry.Registry;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Stores one mesh for a {@link CrashHarness}, which opens it, crashes it, and opens it again. Each
 * place is new and empty, and outlives the processes that open it. Implementations need {@link
 * #open} and {@link #close} only.
 *
 * <pre>{@code
 * CrashHarness.of("publish", mesh -> etl(mesh)).on(() -> MeshPlace.below(temporary)).run();
 * }</pre>
 */
public interface MeshPlace extends AutoCloseable {
  /** Returns the mesh, not open yet, as a process that has just started opens it. */
  Mesh.Builder open();

  /**
   * Returns a copy of this place, which is not open meanwhile. Default: empty; the harness then
   * prepares each place separately.
   */
  default Optional<MeshPlace> copy() {
    return Optional.empty();
  }

  /** Loses what the machine loses when a process with the open mesh crashes. Default: nothing. */
  default void crashed() {}

  /** Deletes the mesh. */
  @Override
  void close();

  static MeshPlace inMemory() {
    return new MemoryPlace(new InMemoryRegistry(), new MemoryFileIO());
  }

  /**
   * Returns a place for a mesh of your own backend, whose {@link TestBackend#existingMesh} returns
   * it.
   *
   * @param folder an existing folder; the place has its own folder below it
   */
  static MeshPlace of(TestBackend backend, Path folder) {
    return new BackendPlace(backend, folder);
  }

  /**
   * Returns a place with a registry of your own and files in memory.
   *
   * @param newStore creates an empty store and returns what identifies it
   * @param opener opens a store; the registry is closed with its mesh
   * @param <S> what identifies a store, such as the name of a table
   */
  static <S> MeshPlace over(Supplier<S> newStore, Function<S, Registry> opener) {
    return new ReplayedPlace<>(newStore, opener, new MemoryFileIO());
  }

  /** Returns a place with SQLite and files, in a new folder below this one. */
  static MeshPlace below(Path folder) {
    return FolderPlace.below(folder);
  }

  /**
   * Returns a place with SQLite and files on a disk that loses power at each crash: files lose
   * unsynced bytes, and folders lose unsynced names. The file of the registry loses nothing.
   *
   * @param seed chooses what is lost; 0 loses everything that was not synced
   */
  static MeshPlace losingPower(Path folder, long seed) {
    return ForgetfulPlace.below(folder, seed, disk -> disk);
  }
}
