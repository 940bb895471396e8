package io.meshwork.testkit;

import io.meshwork.MeshBuilder;
import io.meshwork.registry.Registry;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A place where one mesh lives, which outlives the processes that open it: what {@link
 * CrashHarness} opens, breaks and opens again. Each place is new and empty. A backend of one's own
 * needs {@link #open} and {@link #close} only.
 *
 * <pre>{@code
 * CrashHarness.of("publish", mesh -> etl(mesh)).on(() -> MeshPlace.below(temporary)).run();
 * }</pre>
 */
public interface MeshPlace extends AutoCloseable {
  /** A door to the mesh, as a process that has just started would make it. */
  MeshBuilder open();

  /**
   * Another place that holds the same. Nobody has this one open meanwhile. Empty where that cannot
   * be had; then the harness sets up each place anew.
   */
  default Optional<MeshPlace> copy() {
    return Optional.empty();
  }

  /** Somebody who had the mesh open died. What a machine would lose with him is lost here. */
  default void crashed() {}

  /** Frees the place; the mesh is gone. */
  @Override
  void close();

  /** A place in memory. */
  static MeshPlace inMemory() {
    return new MemoryPlace(new InMemoryRegistry(), new MemoryFileIO());
  }

  /**
   * A mesh of a backend of your own, whose {@link TestBackend#existingMesh} returns it.
   *
   * @param folder an existing folder; the place has its own folder below it
   */
  static MeshPlace of(TestBackend backend, Path folder) {
    return new BackendPlace(backend, folder);
  }

  /**
   * A registry of one's own, with files in memory.
   *
   * @param newStore makes a new and empty store, and says what it is opened by
   * @param opener opens a store, as often as asked; the registry is closed with its mesh
   * @param <S> what a store is opened by, such as the name of a table
   */
  static <S> MeshPlace over(Supplier<S> newStore, Function<S, Registry> opener) {
    return new ReplayedPlace<>(newStore, opener, new MemoryFileIO());
  }

  /** SQLite and files in a new folder below this one, which is deleted with the place. */
  static MeshPlace below(Path folder) {
    return FolderPlace.below(folder);
  }

  /**
   * The same on a disk that loses its power at each crash: files forget bytes that were not synced,
   * and folders names. The registry's file syncs by itself and forgets nothing.
   *
   * @param seed what is forgotten of it; 0 is all of it
   */
  static MeshPlace losingPower(Path folder, long seed) {
    return ForgetfulPlace.below(folder, seed, disk -> disk);
  }
}
