package io.meshwork.spark;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A Spark session in a process of its own, as a user starts it: jars and settings. */
final class SparkProcess implements AutoCloseable {
  /** What Spark's own scripts open on Java 17, as far as a session on one machine needs it. */
  private static final List<String> OPENED =
      List.of(
          "lang",
          "lang.invoke",
          "lang.reflect",
          "io",
          "net",
          "nio",
          "util",
          "util.concurrent",
          "util.concurrent.atomic");

  private static final List<String> OPENED_INSIDE =
      List.of("sun.nio.ch", "sun.nio.cs", "sun.security.action", "sun.util.calendar");

  private final Process process;
  private final BufferedWriter statements;
  private final BufferedReader answers;
  private final Path log;

  private SparkProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
    this.statements = process.outputWriter(StandardCharsets.UTF_8);
    this.answers = process.inputReader(StandardCharsets.UTF_8);
  }

  /**
   * What a statement gave.
   *
   * @param rows as Spark prints them, if it succeeded
   * @param failure class and message, if it failed; else empty
   */
  record Answer(List<String> rows, String failure) {}

  /** Starts a session with the class path that the build wrote for this version of Spark. */
  static SparkProcess start(String version, Path folder, Map<String, String> settings)
      throws IOException {
    String jar = System.getProperty("mesh.spark.jar");
    Path classpath =
        Path.of(System.getProperty("mesh.spark.classpaths"), "spark-" + version + ".classpath");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    OPENED.forEach(name -> command.add("--add-opens=java.base/java." + name + "=ALL-UNNAMED"));
    OPENED_INSIDE.forEach(name -> command.add("--add-opens=java.base/" + name + "=ALL-UNNAMED"));
    command.add("-Xmx1g");
    command.add("-XX:+UseSerialGC");
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-cp");
    command.add(
        String.join(
            File.pathSeparator,
            jar,
            onlyStatements(folder).toString(),
            Files.readString(classpath).strip()));
    command.add(SparkStatements.class.getName());
    settings.forEach((key, value) -> command.add(key + "=" + value));
    Path log = folder.resolve("spark.log");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectError(log.toFile())
            .start();
    SparkProcess spark = new SparkProcess(process, log);
    spark.read();
    return spark;
  }

  /** Runs a statement of one line. */
  Answer sql(String statement) {
    try {
      statements.write(statement);
      statements.newLine();
      statements.flush();
      return read();
    } catch (IOException e) {
      throw new UncheckedIOException(told(), e);
    }
  }

  @Override
  public void close() throws IOException {
    statements.close();
    try {
      if (!process.waitFor(1, TimeUnit.MINUTES)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private Answer read() throws IOException {
    List<String> rows = new ArrayList<>();
    for (String line = answers.readLine(); line != null; line = answers.readLine()) {
      if (line.equals(SparkStatements.DONE)) {
        return new Answer(rows, "");
      }
      if (line.startsWith(SparkStatements.FAILED)) {
        return new Answer(rows, line.substring(SparkStatements.FAILED.length()));
      }
      if (line.startsWith(SparkStatements.ROW)) {
        rows.add(line.substring(SparkStatements.ROW.length()));
      }
    }
    throw new IOException(told());
  }

  private String told() {
    try (Stream<String> lines = Files.lines(log)) {
      return "Spark ended; the first lines of its log are\n"
          + String.join("\n", lines.limit(60).toList());
    } catch (IOException e) {
      return "Spark ended, and its log " + log + " cannot be read";
    }
  }

  /** A folder with that one class, for the tests' own folder must not meet Spark. */
  private static Path onlyStatements(Path folder) throws IOException {
    String name = SparkStatements.class.getName().replace('.', '/') + ".class";
    try {
      Path classes =
          Path.of(
              SparkStatements.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      Path copy = folder.resolve("classes");
      Files.createDirectories(copy.resolve(name).getParent());
      Files.copy(classes.resolve(name), copy.resolve(name));
      return copy;
    } catch (URISyntaxException e) {
      throw new IOException("Compiled tests lie at a strange place", e);
    }
  }
}
