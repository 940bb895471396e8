package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What a user's program gets when it depends on mesh-aws, besides the jars of mesh-core. A change
 * here is a decision.
 */
class AwsRuntimeJarsTest {
  private static final List<String> OF_AWS =
      List.of(
          "annotations",
          "arns",
          "auth",
          "aws-core",
          "aws-json-protocol",
          "aws-query-protocol",
          "aws-xml-protocol",
          "checksums",
          "checksums-spi",
          "crt-core",
          "dynamodb",
          "endpoints-spi",
          "eventstream",
          "http-auth",
          "http-auth-aws",
          "http-auth-aws-eventstream",
          "http-auth-spi",
          "http-client-spi",
          "identity-spi",
          "json-utils",
          "lakeformation",
          "metrics-spi",
          "profiles",
          "protocol-core",
          "reactive-streams",
          "regions",
          "resilience4j-bulkhead",
          "resilience4j-circuitbreaker",
          "resilience4j-core",
          "retries",
          "retries-spi",
          "s3",
          "sdk-core",
          "sts",
          "third-party-jackson-core",
          "url-connection-client",
          "utils",
          "utils-lite");

  @Test
  void meshAwsBringsExactlyTheseJarsAndThoseOfMeshCore() throws IOException {
    List<String> expected = new ArrayList<>(OF_AWS);
    expected.addAll(jars("mesh.core.jars"));
    expected.add("aircompressor"); // of iceberg-core, for statistics; a jar of tests in mesh-core

    assertThat(jars("mesh.runtime.jars")).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void noJarIsOfNettyOrAnotherHttpClient() throws IOException {
    assertThat(jars("mesh.runtime.jars"))
        .noneMatch(jar -> jar.contains("netty") || jar.contains("httpclient"))
        .filteredOn(jar -> jar.endsWith("-client"))
        .containsExactly("url-connection-client");
  }

  /** Returns the names of the jars in a list that Maven's execution runtime-jars wrote. */
  private static List<String> jars(String property) throws IOException {
    Path list = Path.of(System.getProperty(property));
    assertThat(list).as("written by Maven's execution runtime-jars").exists();
    return Arrays.stream(Files.readString(list).strip().split(File.pathSeparator, -1))
        .map(Path::of)
        .filter(path -> !isMeshCore(path))
        .map(path -> path.getFileName().toString().replaceFirst("-[0-9][^/]*[.]jar$", ""))
        .toList();
  }

  /** It is a folder of classes or a jar, depending on how much Maven has built. */
  private static boolean isMeshCore(Path path) {
    return path.toString().contains(File.separator + "mesh-core" + File.separator)
        || path.getFileName().toString().startsWith("mesh-core-");
  }
}
