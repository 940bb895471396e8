package io.meshwork.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.spark.ClassFile.Member;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each class and member that the classes of the jar refer to is in the jar, or in Spark and Iceberg
 * of each version that we support, except what callers ask for first.
 */
class SparkLinksTest {
  private static final Path FOLDER = Path.of(System.getProperty("mesh.spark.classpaths"));

  /** What callers use only if they found it, or catch its absence. */
  private static final Set<String> ASKED_FOR_FIRST =
      Set.of(
          "org/apache/iceberg/TableMetadataParser fromJson(Ljava/lang/String;"
              + "Lio/meshwork/shaded/jackson/databind/JsonNode;)Lorg/apache/iceberg/TableMetadata;",
          "com/github/luben/zstd/ZstdCompressCtx setHashLog(I)Lcom/github/luben/zstd/ZstdCompressCtx;",
          "com/github/luben/zstd/ZstdCompressCtx setMinMatch(I)Lcom/github/luben/zstd/ZstdCompressCtx;",
          "org/apache/iceberg/SnapshotChanges",
          "org/apache/iceberg/SnapshotChanges$Builder",
          "org/apache/iceberg/SnapshotUpdate"
              + " writeManifestsWith(Ljava/util/concurrent/ExecutorService;I)Ljava/lang/Object;");

  @Test
  void allIsInSpark41() throws IOException {
    assertLinked(jars("4.1"));
  }

  @Test
  void allOfIcebergIsInTheOldestVersion() throws IOException {
    List<String> jars = new ArrayList<>(jars("4.1"));
    jars.removeIf(jar -> jar.contains("iceberg-spark-runtime"));
    jars.add(FOLDER.resolve("oldest").resolve("iceberg-spark-runtime.jar").toString());
    assertLinked(jars);
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.5", "3.5-iceberg-1.10", "3.5-iceberg-1.11", "4.0", "4.1-iceberg-1.11"})
  @Tag("nightly")
  void allIsInOtherVersions(String version) throws IOException {
    assertLinked(jars(version));
  }

  private static List<String> jars(String version) throws IOException {
    String list = Files.readString(FOLDER.resolve("spark-" + version + ".classpath"));
    return List.of(list.strip().split(File.pathSeparator, -1));
  }

  private static void assertLinked(List<String> engine) throws IOException {
    try (Classes classes = new Classes(System.getProperty("mesh.spark.jar"), engine)) {
      Set<String> called = new HashSet<>();
      Set<String> missing = new TreeSet<>();
      for (String name : classes.ours()) {
        ClassFile ours = classes.find(name).orElseThrow();
        for (String type : ours.types()) {
          if (!isElsewhere(type) && classes.find(type).isEmpty()) {
            missing.add(type + ", in " + name);
          }
        }
        for (Member member : ours.calls()) {
          called.add(member.owner().replaceFirst("/[^/]*$", ""));
          if (!isElsewhere(member.owner())
              && !ASKED_FOR_FIRST.contains(member.owner() + " " + member.name())
              && !classes.has(member)) {
            missing.add(member.owner() + " " + member.name() + ", called by " + name);
          }
        }
      }
      assertThat(called).contains("org/apache/iceberg", "org/apache/spark/sql/connector/write");
      assertThat(missing).isEmpty();
    }
  }

  private static boolean isOfJdk(String type) {
    return type.startsWith("java/") || type.startsWith("javax/") || type.startsWith("jdk/");
  }

  /** Libraries that users add for CSV, Brotli, and meters. */
  private static boolean isOptional(String type) {
    return type.startsWith("de/siegmar/fastcsv/")
        || type.startsWith("org/brotli/")
        || type.startsWith("io/micrometer/");
  }

  private static boolean isElsewhere(String type) {
    return isOfJdk(type) || isOptional(type) || ASKED_FOR_FIRST.contains(type);
  }

  /** The classes of our jar and of an engine. */
  private static final class Classes implements AutoCloseable {
    private final JarFile jar;
    private final List<JarFile> opened = new ArrayList<>();
    private final Map<String, JarFile> places = new HashMap<>();
    private final Map<String, ClassFile> read = new HashMap<>();

    Classes(String jar, List<String> engine) throws IOException {
      this.jar = new JarFile(jar);
      add(this.jar);
      for (String each : engine) {
        add(new JarFile(each));
      }
    }

    private void add(JarFile added) {
      opened.add(added);
      added.stream()
          .map(JarEntry::getName)
          .filter(name -> name.endsWith(".class"))
          .forEach(name -> places.putIfAbsent(name.substring(0, name.length() - 6), added));
    }

    /** The names of the classes of Meshwork. */
    List<String> ours() {
      try (Stream<JarEntry> entries = jar.stream()) {
        return entries
            .map(JarEntry::getName)
            .filter(name -> name.startsWith("io/meshwork/") && name.endsWith(".class"))
            .filter(name -> !name.startsWith("io/meshwork/shaded/"))
            .map(name -> name.substring(0, name.length() - 6))
            .toList();
      }
    }

    Optional<ClassFile> find(String name) {
      JarFile place = places.get(name);
      if (place == null) {
        return Optional.empty();
      }
      return Optional.of(
          read.computeIfAbsent(
              name,
              each -> {
                try (InputStream in = place.getInputStream(place.getEntry(each + ".class"))) {
                  return ClassFile.of(in.readAllBytes());
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              }));
    }

    /** Returns true if a class has the member or inherits it, also from the JDK. */
    boolean has(Member member) {
      ArrayDeque<String> open = new ArrayDeque<>(List.of(member.owner(), "java/lang/Object"));
      Set<String> seen = new HashSet<>(open);
      while (!open.isEmpty()) {
        String type = open.remove();
        if (isOfJdk(type)) {
          if (isInJdk(type, member.name())) {
            return true;
          }
          continue;
        }
        Optional<ClassFile> found = find(type);
        if (found.isPresent()) {
          if (found.get().members().contains(member.name())) {
            return true;
          }
          found.get().superTypes().stream().filter(seen::add).forEach(open::add);
        }
      }
      return false;
    }

    private static boolean isInJdk(String type, String member) {
      String name = member.replaceFirst("\\(.*", "");
      try {
        return Stream.of(Class.forName(type.replace('/', '.'), false, null).getMethods())
            .anyMatch(method -> method.getName().equals(name));
      } catch (ClassNotFoundException e) {
        return false;
      }
    }

    @Override
    public void close() throws IOException {
      for (JarFile each : opened) {
        each.close();
      }
    }
  }
}
