package io.meshwork.examples.spark;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/**
 * Starts Spark's launcher in a separate process, as spark-submit does, with the jar of mesh-spark
 * and Iceberg's runtime. A folder keeps what the process needs. Not thread-safe.
 */
public final class SparkLaunch {
  /** The packages that Spark's scripts open on Java 17, for a session on one machine. */
  private static final List<String> OPEN_PACKAGES =
      List.of(
          "java.lang",
          "java.lang.invoke",
          "java.lang.reflect",
          "java.io",
          "java.net",
          "java.nio",
          "java.util",
          "java.util.concurrent",
          "java.util.concurrent.atomic",
          "sun.nio.ch",
          "sun.nio.cs",
          "sun.security.action",
          "sun.util.calendar");

  /** A statement that fails says so itself; these would say it once more, with stack traces. */
  private static final List<String> REPEATING =
      List.of(
          "org.apache.spark.executor.Executor",
          "org.apache.spark.scheduler.TaskSetManager",
          "org.apache.spark.sql.execution.datasources.v2",
          "org.apache.spark.util.Utils",
          "org.apache.iceberg");

  private final List<String> sparkJars;
  private final List<String> submittedJars;
  private final Path folder;
  private final Map<String, String> settings = new LinkedHashMap<>();
  private final Map<String, String> environment = new LinkedHashMap<>();
  private final List<String> options = new ArrayList<>();
  private List<Class<?>> program = List.of(SparkStatements.class, SparkStatements.Lines.class);
  private boolean hasExecutors;

  /**
   * Takes the jar that the system property {@code mesh.spark.jar} names, and the jars that {@code
   * spark-VERSION.classpath} lists in the folder that {@code mesh.spark.classpaths} names.
   *
   * @param version such as {@code 4.1}
   * @param folder exists, and belongs to one process
   */
  public SparkLaunch(String version, Path folder) throws IOException {
    Path list =
        Path.of(System.getProperty("mesh.spark.classpaths"), "spark-" + version + ".classpath");
    List<String> listed = List.of(Files.readString(list).strip().split(File.pathSeparator, -1));
    Predicate<String> isIceberg = jar -> jar.contains("iceberg-spark-runtime");
    this.sparkJars = listed.stream().filter(isIceberg.negate()).toList();
    this.submittedJars = new ArrayList<>(listed.stream().filter(isIceberg).toList());
    this.submittedJars.add(0, System.getProperty("mesh.spark.jar"));
    this.folder = folder;
    settings.put("spark.ui.enabled", "false");
    settings.put("spark.driver.host", "127.0.0.1");
    settings.put("spark.driver.bindAddress", "127.0.0.1");
    settings.put("spark.sql.session.timeZone", "UTC");
    settings.put("spark.sql.warehouse.dir", folder.resolve("warehouse").toString());
  }

  /** Submits another jar. */
  public SparkLaunch jar(String jar) {
    submittedJars.add(jar);
    return this;
  }

  /** Sets variables of the environment, which processes with tasks inherit. */
  public SparkLaunch environment(Map<String, String> variables) {
    environment.putAll(variables);
    return this;
  }

  /** Adds settings of Spark. */
  public SparkLaunch settings(Map<String, String> added) {
    settings.putAll(added);
    return this;
  }

  /**
   * Adds a catalog {@code mesh} with the settings of docs/running-under-spark.md.
   *
   * @param location the folder of the mesh, or its address
   * @param principal as account and role
   */
  public SparkLaunch mesh(String location, String principal) {
    return settings(
        Map.of(
            "spark.sql.extensions",
            "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
            "spark.sql.catalog.mesh",
            "io.meshwork.spark.MeshSparkCatalog",
            "spark.sql.catalog.mesh.warehouse",
            location,
            "spark.sql.catalog.mesh.meshwork.principal",
            principal));
  }

  /** Runs tasks in threads of the process. */
  public SparkLaunch threads(int threads) {
    return settings(Map.of("spark.master", "local[" + threads + "]"));
  }

  /** Runs tasks in separate processes, one at a time in each. */
  public SparkLaunch executors(int executors) {
    hasExecutors = true;
    return settings(Map.of("spark.master", "local-cluster[" + executors + ",1,1024]"));
  }

  /** Runs tasks in the processes of a cluster, such as {@code spark://127.0.0.1:7077}. */
  public SparkLaunch cluster(String master) {
    hasExecutors = true;
    return settings(Map.of("spark.master", master));
  }

  /** Adds options of the JVMs that start them sooner and run long jobs slower. */
  public SparkLaunch forShortJobs() {
    List<String> quickStart = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
    options.addAll(quickStart);
    return settings(Map.of("spark.executor.extraJavaOptions", String.join(" ", quickStart)));
  }

  /** Limits the heap of the driver, which is 1 GiB otherwise. */
  public SparkLaunch heap(int mebibytes) {
    options.add("-Xmx" + mebibytes + "m"); // the last of several counts
    return this;
  }

  /**
   * Runs another program.
   *
   * @param classes its main class, and those that it needs beside {@link SparkStatements}
   */
  public SparkLaunch program(Class<?>... classes) {
    List<Class<?>> all = new ArrayList<>(List.of(classes));
    all.addAll(program);
    program = all;
    return this;
  }

  /** Returns the process, which is not started. */
  public ProcessBuilder process() throws IOException {
    List<String> command = new ArrayList<>();
    command.add("org.apache.spark.deploy.SparkSubmit");
    settings.forEach((key, value) -> command.addAll(List.of("--conf", key + "=" + value)));
    command.addAll(List.of("--jars", String.join(",", submittedJars)));
    command.addAll(List.of("--class", program.get(0).getName(), programJar().toString()));
    return process(command.toArray(String[]::new));
  }

  /**
   * Returns a process with the jars of Spark alone, which is not started, such as one of a cluster.
   *
   * @param program the main class and its arguments
   */
  public ProcessBuilder process(String... program) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    OPEN_PACKAGES.forEach(name -> command.add("--add-opens=java.base/" + name + "=ALL-UNNAMED"));
    command.add("-Dlog4j2.configurationFile=" + logging().toUri());
    command.add("-Xmx1g");
    command.addAll(options);
    command.addAll(List.of("-cp", String.join(File.pathSeparator, sparkJars)));
    command.addAll(List.of(program));
    ProcessBuilder process = new ProcessBuilder(command).directory(folder.toFile());
    process.environment().putAll(environment);
    process.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    process.environment().put("SPARK_HOME", home().toString());
    process.environment().put("SPARK_SCALA_VERSION", scalaVersion());
    return process;
  }

  /** What only executors need: a folder whose jars are those of Spark. */
  private Path home() throws IOException {
    Path home = folder.resolve("spark");
    Path jars = Files.createDirectories(home.resolve("jars"));
    if (hasExecutors) {
      for (String jar : sparkJars) {
        Path link = jars.resolve(Path.of(jar).getFileName());
        if (!Files.exists(link)) {
          Files.createSymbolicLink(link, Path.of(jar));
        }
      }
    }
    return home;
  }

  private String scalaVersion() {
    return sparkJars.stream().anyMatch(jar -> jar.contains("_2.12-")) ? "2.12" : "2.13";
  }

  /** Only errors, to standard error. */
  private Path logging() throws IOException {
    List<String> lines =
        new ArrayList<>(
            List.of(
                "appender.stderr.type = Console",
                "appender.stderr.name = stderr",
                "appender.stderr.target = SYSTEM_ERR",
                "appender.stderr.layout.type = PatternLayout",
                "appender.stderr.layout.pattern = %p %c: %m%n%ex",
                "rootLogger.level = error",
                "rootLogger.appenderRef.stderr.ref = stderr"));
    for (String name : REPEATING) {
      lines.add("logger." + name.replace('.', '_') + ".name = " + name);
      lines.add("logger." + name.replace('.', '_') + ".level = off");
    }
    return Files.write(folder.resolve("log4j2.properties"), lines);
  }

  /** A jar with the classes of the program only, to keep others out of Spark. */
  private Path programJar() throws IOException {
    Path jar = folder.resolve("program.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      for (Class<?> each : program) {
        String name = each.getName().replace('.', '/') + ".class";
        try (InputStream compiled = each.getResourceAsStream("/" + name)) {
          out.putNextEntry(new JarEntry(name));
          compiled.transferTo(out);
          out.closeEntry();
        }
      }
    }
    return jar;
  }
}
