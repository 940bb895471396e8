package io.meshwork.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/**
 * What a user's program gets when it depends on mesh-core. A change here is a decision. It also
 * gets the aircompressor of iceberg-core, which is a library of the tests here.
 */
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

  @Test
  void onlySqliteAndZstdAreNativeAndOnlyGuavaNamesUnsafe() throws IOException {
    Path list = SourceTree.moduleFolder().resolve("target/runtime-classpath.txt");
    Set<String> natives = new TreeSet<>();
    Set<String> unsafe = new TreeSet<>();
    for (String file : Files.readString(list).strip().split(File.pathSeparator, -1)) {
      try (ZipFile jar = new ZipFile(file)) {
        for (ZipEntry entry : jar.stream().toList()) {
          if (entry.getName().matches(".*[.](so|dll|dylib|jnilib)")) {
            natives.add(nameWithoutVersion(file));
          } else if (entry.getName().endsWith(".class") && namesUnsafe(jar, entry)) {
            unsafe.add(nameWithoutVersion(file));
          }
        }
      }
    }

    assertThat(natives).containsExactly("sqlite-jdbc", "zstd-jni");
    // Guava has other ways where Unsafe is denied.
    assertThat(unsafe).containsExactly("iceberg-bundled-guava");
  }

  private static boolean namesUnsafe(ZipFile jar, ZipEntry entry) throws IOException {
    try (InputStream in = jar.getInputStream(entry)) {
      return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1).contains("sun/misc/Unsafe");
    }
  }

  private static String nameWithoutVersion(String jar) {
    return Path.of(jar).getFileName().toString().replaceFirst("-[0-9][^/]*[.]jar$", "");
  }
}
