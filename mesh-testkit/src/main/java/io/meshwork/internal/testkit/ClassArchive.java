package io.meshwork.internal.testkit;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * The loaded classes of a program, in an archive that the JVM maps into memory, so that a test can
 * start the program a hundred times. A JVM that cannot use the archive loads the classes as usual.
 */
public final class ClassArchive {
  private final Path archive;
  private final String classPath;

  private ClassArchive(Path archive, String classPath) {
    this.archive = archive;
    this.classPath = classPath;
  }

  /**
   * Runs the program once, until it ends, and archives its classes.
   *
   * @param folder an empty folder for the archive
   * @throws IOException if the program fails
   * @throws InterruptedException if this thread is interrupted
   */
  public static ClassArchive of(Path folder, Class<?> main, String... arguments)
      throws IOException, InterruptedException {
    ClassArchive created = new ClassArchive(folder.resolve("classes.jsa"), inJars(folder));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xlog:disable"));
    command.add("-XX:ArchiveClassesAtExit=" + created.archive);
    command.addAll(List.of("-cp", created.classPath, main.getName()));
    command.addAll(List.of(arguments));
    int code =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start()
            .waitFor();
    if (code != 0) {
      throw new IOException(main.getName() + " ended with exit code " + code);
    }
    return created;
  }

  /** Returns the options of a JVM that uses the archive. */
  public List<String> options() {
    return List.of("-Xlog:disable", "-XX:SharedArchiveFile=" + archive, "-cp", classPath);
  }

  /** Returns the class path of this process, with jars for folders, which cannot be archived. */
  private static String inJars(Path folder) throws IOException {
    List<String> entries = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path path = Path.of(entry);
      if (Files.isDirectory(path)) {
        Path jar = folder.resolve("classes-" + entries.size() + ".jar");
        pack(path, jar);
        entries.add(jar.toString());
      } else {
        entries.add(entry);
      }
    }
    return String.join(File.pathSeparator, entries);
  }

  private static void pack(Path classes, Path jar) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(classes)) {
      files = all.filter(Files::isRegularFile).sorted().toList();
    }
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream packed = new JarOutputStream(file)) {
      for (Path each : files) {
        packed.putNextEntry(new JarEntry(classes.relativize(each).toString().replace('\\', '/')));
        Files.copy(each, packed);
        packed.closeEntry();
      }
    }
  }
}
