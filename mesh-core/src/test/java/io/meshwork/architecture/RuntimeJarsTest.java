package io.meshwork.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a user's program gets when it depends on mesh-core. A change here is a decision. */
class RuntimeJarsTest {
  private static final List<String> JARS =
      List.of(
          "RoaringBitmap",
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
  void meshCoreBringsExactlyTheseJars() throws IOException {
    Path list = SourceTree.moduleFolder().resolve("target/runtime-classpath.txt");
    assertThat(list).as("written by Maven's execution runtime-jars").exists();

    List<String> jars =
        Arrays.stream(Files.readString(list).strip().split(File.pathSeparator, -1))
            .map(RuntimeJarsTest::nameWithoutVersion)
            .sorted()
            .toList();

    assertThat(jars).containsExactlyElementsOf(JARS);
  }

  private static String nameWithoutVersion(String jar) {
    return Path.of(jar).getFileName().toString().replaceFirst("-[0-9][^/]*[.]jar$", "");
  }
}
