package io.meshwork.spark;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Runs a program with Spark's launcher in a separate process, as spark-submit does. */
final class SparkProcess implements AutoCloseable {
  /** The packages that Spark's scripts open on Java 17, for a session on one machine. */
  private static final List<String> OPEN_PACKAGES =
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

  private static final List<String> OPEN_INTERNAL_PACKAGES =
      List.of("sun.nio.ch", "sun.nio.cs", "sun.security.action", "sun.util.calendar");

  private final Process process;
  private final BufferedWriter statements;
  private final BufferedReader results;
  private final Path log;

  private SparkProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
    this.statements = process.outputWriter(StandardCharsets.UTF_8);
    this.results = process.inputReader(StandardCharsets.UTF_8);
  }

  /**
   * The result of a statement.
   *
   * @param rows the rows as Spark prints them
   * @param failure class and message of the exception; empty if the statement succeeded
   */
  record Result(List<String> rows, String failure) {}

  /**
   * Starts a session with the jars that the build lists for this version of Spark, the jar under
   * test, and Iceberg's runtime.
   */
  static SparkProcess start(String version, Path folder, Map<String, String> settings)
      throws IOException {
    Path list =
        Path.of(System.getProperty("mesh.spark.classpaths"), "spark-" + version + ".classpath");
    String[] listed = Files.readString(list).strip().split(File.pathSeparator, -1);
    Predicate<String> isIceberg = jar -> jar.contains("iceberg-spark-runtime");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    OPEN_PACKAGES.forEach(
        name -> command.add("--add-opens=java.base/java." + name + "=ALL-UNNAMED"));
    OPEN_INTERNAL_PACKAGES.forEach(
        name -> command.add("--add-opens=java.base/" + name + "=ALL-UNNAMED"));
    command.addAll(List.of("-Xmx1g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp"));
    command.add(
        Arrays.stream(listed)
            .filter(isIceberg.negate())
            .collect(Collectors.joining(File.pathSeparator)));
    command.add("org.apache.spark.deploy.SparkSubmit");
    settings.forEach((key, value) -> command.addAll(List.of("--conf", key + "=" + value)));
    command.add("--jars");
    command.add(
        System.getProperty("mesh.spark.jar")
            + ","
            + Arrays.stream(listed).filter(isIceberg).collect(Collectors.joining(",")));
    command.addAll(List.of("--class", SparkStatements.class.getName()));
    command.add(program(folder).toString());
    Path log = folder.resolve("spark.log");
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectError(log.toFile()).start();
    SparkProcess spark = new SparkProcess(process, log);
    try {
      spark.read();
      return spark;
    } catch (IOException e) {
      spark.close();
      throw e;
    }
  }

  /** Runs a one-line statement. */
  Result sql(String statement) {
    try {
      statements.write(statement);
      statements.newLine();
      statements.flush();
      return read();
    } catch (IOException e) {
      throw new UncheckedIOException(logStart(), e);
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

  private Result read() throws IOException {
    List<String> rows = new ArrayList<>();
    for (String line = results.readLine(); line != null; line = results.readLine()) {
      if (line.equals(SparkStatements.DONE)) {
        return new Result(rows, "");
      }
      if (line.startsWith(SparkStatements.FAILED)) {
        return new Result(rows, line.substring(SparkStatements.FAILED.length()));
      }
      if (line.startsWith(SparkStatements.ROW)) {
        rows.add(line.substring(SparkStatements.ROW.length()));
      }
    }
    throw new IOException(logStart());
  }

  private String logStart() {
    try (Stream<String> lines = Files.lines(log)) {
      return "Spark terminated; the first lines of its log are\n"
          + String.join("\n", lines.limit(60).toList());
    } catch (IOException e) {
      return "Spark terminated, and its log " + log + " cannot be read";
    }
  }

  /** A jar with this class only, to keep the other test classes out of Spark. */
  private static Path program(Path folder) throws IOException {
    String name = SparkStatements.class.getName().replace('.', '/') + ".class";
    Path jar = folder.resolve("statements.jar");
    try (InputStream compiled = SparkStatements.class.getResourceAsStream("/" + name);
        JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new JarEntry(name));
      compiled.transferTo(out);
      out.closeEntry();
    }
    return jar;
  }
}
