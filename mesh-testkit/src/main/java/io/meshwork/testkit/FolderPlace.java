package io.meshwork.testkit;

import io.meshwork.Mesh;
import io.meshwork.local.LocalMesh;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A place with SQLite and files in a folder. */
record FolderPlace(Path folder) implements MeshPlace {
  static FolderPlace below(Path folder) {
    try {
      return new FolderPlace(Files.createTempDirectory(folder, "mesh"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Mesh.Builder open() {
    return LocalMesh.builder(folder);
  }

  @Override
  public Optional<MeshPlace> copy() {
    return Optional.of(new FolderPlace(copyOf(folder)));
  }

  @Override
  public void close() {
    delete(folder);
  }

  /** Copies a folder next to it. */
  static Path copyOf(Path folder) {
    try (Stream<Path> paths = Files.walk(folder)) {
      Path copy = Files.createTempDirectory(folder.toAbsolutePath().getParent(), "mesh");
      for (Path path : paths.toList()) {
        if (!path.equals(folder)) {
          Files.copy(path, copy.resolve(folder.relativize(path).toString()));
        }
      }
      return copy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void delete(Path folder) {
    try (Stream<Path> paths = Files.walk(folder)) {
      List<Path> deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
