package io.meshwork.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A temporary folder, which {@link #close} deletes. */
record BenchmarkFolder(Path path) implements AutoCloseable {
  static BenchmarkFolder create() throws IOException {
    return new BenchmarkFolder(Files.createTempDirectory("meshwork-benchmark-"));
  }

  /** Returns the path of a file that does not exist. */
  Path fresh(String name) throws IOException {
    Path file = path.resolve(name);
    Files.deleteIfExists(file);
    return file;
  }

  @Override
  public void close() throws IOException {
    List<Path> all;
    try (Stream<Path> paths = Files.walk(path)) {
      all = paths.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path each : all) {
      Files.delete(each);
    }
  }
}
