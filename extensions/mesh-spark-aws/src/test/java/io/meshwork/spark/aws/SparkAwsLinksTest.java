package io.meshwork.spark.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;

/**
 * Each class that the classes of the jar refer to is in it, in mesh-spark's, or in Spark and
 * Iceberg, except those of the client of AWS in C, which the SDK uses only if it finds them.
 */
class SparkAwsLinksTest {
  private static final String CLIENT_IN_C = " -> io.meshwork.shaded.amazon.awssdk.crt.";

  /** Java ignores annotations whose class is missing. */
  private static final String ANNOTATIONS = " -> org.jspecify.annotations.";

  private static final Path FOLDER = Path.of(System.getProperty("mesh.spark.classpaths"));

  @Test
  void allIsInSpark41() throws IOException {
    assertLinked(engine());
  }

  @Test
  void allOfIcebergIsInTheOldestVersion() throws IOException {
    List<String> jars = new ArrayList<>(engine());
    jars.removeIf(jar -> jar.contains("iceberg-spark-runtime"));
    jars.add(FOLDER.resolve("oldest").resolve("iceberg-spark-runtime.jar").toString());
    assertLinked(jars);
  }

  @Test
  void aClassThatNoJarHasIsFound() {
    assertThat(missing(List.of(System.getProperty("mesh.spark.jar"))))
        .anyMatch(line -> line.contains(" -> org.apache.iceberg."));
  }

  private static void assertLinked(List<String> engine) {
    List<String> jars = new ArrayList<>(engine);
    jars.add(System.getProperty("mesh.spark.jar"));
    assertThat(missing(jars))
        .isNotEmpty()
        .allSatisfy(line -> assertThat(line).contains(CLIENT_IN_C));
  }

  private static List<String> engine() throws IOException {
    String list = Files.readString(FOLDER.resolve("spark-4.1.classpath"));
    return List.of(list.strip().split(File.pathSeparator, -1));
  }

  /** The references of the jar to classes that neither it nor others have. */
  private static List<String> missing(List<String> others) {
    StringWriter out = new StringWriter();
    PrintWriter printed = new PrintWriter(out);
    ToolProvider.findFirst("jdeps")
        .orElseThrow()
        .run(
            printed,
            printed,
            "--multi-release",
            "base",
            "--missing-deps",
            "--class-path",
            String.join(File.pathSeparator, others),
            System.getProperty("mesh.spark.aws.jar"));
    return out.toString()
        .lines()
        .filter(line -> line.startsWith(" ") && !line.contains(ANNOTATIONS))
        .toList();
  }
}
