package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The jars that a user's program gets. */
final class RuntimeJars {
  private RuntimeJars() {}

  /** Returns the names of the jars in a list that Maven's execution runtime-jars wrote. */
  static Set<String> of(String property) throws IOException {
    Set<String> names = new TreeSet<>();
    for (Path path : paths(property)) {
      String name = path.getFileName().toString();
      // Modules of ours are folders of classes or jars, depending on how much Maven has built.
      if (!name.startsWith("mesh-") && !name.equals("classes")) {
        names.add(name.replaceFirst("-[0-9][^/]*[.]jar$", ""));
      }
    }
    return names;
  }

  /** Returns the jars and folders of classes in such a list. */
  static List<Path> paths(String property) throws IOException {
    Path list = Path.of(System.getProperty(property));
    assertThat(list).as("written by Maven's execution runtime-jars").exists();
    return Stream.of(Files.readString(list).strip().split(File.pathSeparator, -1))
        .map(Path::of)
        .toList();
  }
}
