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
 * SQLite, which syncs by itself, and files on a disk that forgets at each crash what was not
 * synced.
 */
final class ForgetfulPlace implements MeshPlace {
  private final Path folder;
  private final long seed;
  private final UnaryOperator<DiskCalls> between;
  private final Path graves;
  private final ForgetfulDisk disk;

  /**
   * A place.
   *
   * @param folder where the mesh lies or will lie
   * @param seed as of {@link ForgetfulDisk}
   * @param between what stands between the mesh and the disk
   */
  ForgetfulPlace(Path folder, long seed, UnaryOperator<DiskCalls> between) {
    this.folder = folder;
    this.seed = seed;
    this.between = between;
    try {
      graves = Files.createTempDirectory(folder.toAbsolutePath().getParent(), "graves");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    disk = new ForgetfulDisk(graves, seed);
  }

  static ForgetfulPlace below(Path above, long seed, UnaryOperator<DiskCalls> between) {
    return new ForgetfulPlace(FolderPlace.below(above).folder(), seed, between);
  }

  @Override
  public Mesh.Builder open() {
    return LocalMesh.in(folder)
        .testing()
        .throughFiles(real -> LocalFileIO.below(folder, between.apply(disk)));
  }

  /** A copy whose files are all written, on a disk of its own. */
  @Override
  public Optional<MeshPlace> copy() {
    return Optional.of(new ForgetfulPlace(FolderPlace.copyOf(folder), seed, between));
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
    FolderPlace.delete(graves);
  }
}
