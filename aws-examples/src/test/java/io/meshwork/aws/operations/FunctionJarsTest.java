package io.meshwork.aws.operations;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/** A function on Lambda has the jars of mesh-aws-operations and of mesh-aws-mirrors. */
class FunctionJarsTest {
  /**
   * A function unpacked, with its layers:
   * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
   */
  private static final long LAMBDA_BYTES = 250_000_000;

  private static final List<String> MODULES =
      List.of("../extensions/mesh-aws-operations", "../mesh-aws-mirrors");

  @Test
  void whatAFunctionNeedsStaysBelowTheLimitOfLambda() throws IOException {
    Set<Path> deployed = new TreeSet<>();
    for (String module : MODULES) {
      Path target = Path.of(module, "target");
      deployed.add(target.resolve("classes"));
      // Maven's execution runtime-jars wrote the list.
      String jars = Files.readString(target.resolve("runtime-classpath.txt")).strip();
      Stream.of(jars.split(File.pathSeparator, -1)).map(Path::of).forEach(deployed::add);
    }
    assertThat(deployed).as("sqlite-jdbc, which is large").anyMatch(FunctionJarsTest::isSqlite);

    long bytes = 0;
    for (Path each : deployed) {
      bytes += Files.isDirectory(each) ? bytesOfFolder(each) : bytesOfJar(each);
    }

    System.out.printf("the jars of a function on Lambda are %,d bytes unpacked%n", bytes);
    assertThat(bytes).isBetween(100_000_000L, LAMBDA_BYTES);
  }

  private static boolean isSqlite(Path path) {
    return path.getFileName().toString().startsWith("sqlite-jdbc");
  }

  private static long bytesOfJar(Path jar) throws IOException {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      return zip.stream().mapToLong(ZipEntry::getSize).sum();
    }
  }

  private static long bytesOfFolder(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.map(Path::toFile).filter(File::isFile).mapToLong(File::length).sum();
    }
  }
}
