package io.meshwork.benchmarks;

import io.meshwork.MeshClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The files of a product of a local mesh. */
final class ProductFiles {
  private ProductFiles() {}

  /** Returns the files of all snapshots so far. */
  static List<Path> of(MeshClient client, String product) {
    return client.read(product).files().stream()
        .map(file -> file.startsWith("file:") ? Path.of(URI.create(file)) : Path.of(file))
        .toList();
  }

  static long bytes(List<Path> files) throws IOException {
    long bytes = 0;
    for (Path file : files) {
      bytes += Files.size(file);
    }
    return bytes;
  }
}
