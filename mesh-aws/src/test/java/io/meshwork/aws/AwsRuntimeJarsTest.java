package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
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
          "metrics-spi",
          "profiles",
          "protocol-core",
          "reactive-streams",
          "regions",
          "retries",
          "retries-spi",
          "s3",
          "sdk-core",
          "sts",
          "third-party-jackson-core",
          "url-connection-client",
          "utils",
          "utils-lite");

  private static final List<String> OF_CORE =
      List.of(
          "RoaringBitmap",
          "aircompressor",
          "avro",
          "caffeine",
          "error_prone_annotations",
          "iceberg-api",
          "iceberg-bundled-guava",
          "iceberg-common",
          "iceberg-core",
          "jackson-annotations",
          "jackson-core",
          "jackson-databind",
          "jspecify",
          "parquet-format-structures",
          "re2j",
          "slf4j-api",
          "sqlite-jdbc",
          "zstd-jni");

  @Test
  void meshAwsBringsExactlyTheseJars() throws IOException {
    Path list = Path.of(System.getProperty("mesh.runtime.jars", "target/runtime-classpath.txt"));
    assertThat(list).as("written by Maven's execution runtime-jars").exists();

    List<String> jars =
        Arrays.stream(Files.readString(list).strip().split(File.pathSeparator, -1))
            .map(Path::of)
            .filter(path -> !isMeshCore(path))
            .map(path -> path.getFileName().toString().replaceFirst("-[0-9][^/]*[.]jar$", ""))
            .sorted()
            .toList();

    assertThat(jars)
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(OF_AWS.stream(), OF_CORE.stream()).toList());
  }

  /** It is a folder of classes or a jar, depending on how much Maven has built. */
  private static boolean isMeshCore(Path path) {
    return path.toString().contains(File.separator + "mesh-core" + File.separator)
        || path.getFileName().toString().startsWith("mesh-core-");
  }
}
