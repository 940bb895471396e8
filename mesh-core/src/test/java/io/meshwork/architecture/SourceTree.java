package io.meshwork.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The Java sources of the modules of the repository. */
final class SourceTree {
  private SourceTree() {}

  /** The folder of mesh-core. Surefire runs tests there and says so. */
  static Path moduleFolder() {
    return Path.of(System.getProperty("basedir", "")).toAbsolutePath();
  }

  /** The folder of the repository. */
  static Path root() {
    return moduleFolder().getParent();
  }

  /** The folders that hold a pom.xml, but for the root. */
  static List<Path> modules() {
    try (Stream<Path> folders =
        Files.find(root(), 2, (path, attributes) -> attributes.isDirectory())) {
      return folders
          .filter(folder -> !folder.equals(root()))
          .filter(folder -> Files.isRegularFile(folder.resolve("pom.xml")))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Another module of the repository, by the name of its folder. */
  static Path sibling(String module) {
    return moduleFolder().resolveSibling(module);
  }

  /** The main sources of a module. */
  static List<SourceText> main(Path module) {
    return sourcesBelow(module.resolve("src/main/java"));
  }

  /** The sources of a module's tests. */
  static List<SourceText> tests(Path module) {
    return sourcesBelow(module.resolve("src/test/java"));
  }

  /** The main sources of all modules. */
  static List<SourceText> main() {
    return modules().stream().flatMap(module -> main(module).stream()).toList();
  }

  private static List<SourceText> sourcesBelow(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      List<SourceText> sources = new ArrayList<>();
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).sorted().toList()) {
        sources.add(SourceText.read(file));
      }
      return sources;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
