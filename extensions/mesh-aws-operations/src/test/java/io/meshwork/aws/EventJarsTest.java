package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/**
 * What a user's program gets when it depends on mesh-aws-operations, besides the jars of mesh-aws.
 * A change here is a decision.
 */
class EventJarsTest {
  /**
   * A function unpacked, with its layers:
   * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
   */
  private static final long LAMBDA_BYTES = 250_000_000;

  @Test
  void theModuleBringsTheClientsOfItsServicesAlone() throws IOException {
    Set<String> jars = RuntimeJars.of("mesh.runtime.jars");
    jars.removeAll(RuntimeJars.of("mesh.aws.jars"));

    assertThat(jars)
        .containsExactlyInAnyOrder("cloudformation", "cloudwatch", "eventbridge", "sqs");
  }

  @Test
  void whatAFunctionNeedsStaysBelowTheLimitOfLambda() throws IOException {
    Set<Path> deployed = new TreeSet<>(RuntimeJars.paths("mesh.runtime.jars"));
    deployed.addAll(RuntimeJars.paths("mesh.mirrors.jars"));
    deployed.add(Path.of("target", "classes"));
    deployed.add(Path.of("..", "..", "mesh-aws-mirrors", "target", "classes"));
    assertThat(deployed).as("sqlite-jdbc, which is large").anyMatch(EventJarsTest::isSqlite);

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
