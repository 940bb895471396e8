package io.meshwork.testkit;

import io.meshwork.Mesh;
import io.meshwork.internal.files.DiskCalls;
import io.meshwork.internal.files.LocalFileIO;
import io.meshwork.local.LocalMesh;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A place with SQLite, which syncs itself, and files on a disk that loses unsynced changes at each
 * crash.
 */
final class ForgetfulPlace implements MeshPlace {
  private final Path folder;
  private final long seed;
  private final UnaryOperator<DiskCalls> wrapper;
  private final Path backups;
  private final ForgetfulDisk disk;

  /**
   * Creates a place.
   *
   * @param folder the folder of the mesh
   * @param seed as for {@link ForgetfulDisk}
   * @param wrapper wraps the disk
   */
  ForgetfulPlace(Path folder, long seed, UnaryOperator<DiskCalls> wrapper) {
    this.folder = folder;
    this.seed = seed;
    this.wrapper = wrapper;
    try {
      backups = Files.createTempDirectory(folder.toAbsolutePath().getParent(), "backups");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    disk = new ForgetfulDisk(backups, seed);
  }

  static ForgetfulPlace below(Path above, long seed, UnaryOperator<DiskCalls> wrapper) {
    return new ForgetfulPlace(FolderPlace.below(above).folder(), seed, wrapper);
  }

  @Override
  public Mesh.Builder open() {
    return LocalMesh.builder(folder)
        .testing()
        .wrapFiles(real -> LocalFileIO.below(folder, wrapper.apply(disk)));
  }

  /** Returns a copy whose files are all synced, with its own disk. */
  @Override
  public Optional<MeshPlace> copy() {
    return Optional.of(new ForgetfulPlace(FolderPlace.copyOf(folder), seed, wrapper));
  }

  @Override
  public void crashed() {
    try {
      disk.losePower(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    FolderPlace.delete(folder);
    FolderPlace.delete(backups);
  }
}
