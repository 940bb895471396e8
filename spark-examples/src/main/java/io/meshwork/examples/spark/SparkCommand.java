package io.meshwork.examples.spark;

import io.meshwork.Mesh;
import io.meshwork.cli.ExitCode;
import io.meshwork.error.MeshException;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Runs SQL statements of standard input in one session of Spark, over a mesh in a folder. */
public final class SparkCommand {
  private static final String USAGE =
      "Usage: scripts/spark MESH [--version 3.5|4.0|4.1] [--iceberg VERSION] [--tasks N]"
          + " [--executors N] [--as ACCOUNT/ROLE]";
  private static final Set<String> OPTIONS = Set.of("--tasks", "--executors", "--as");

  private SparkCommand() {}

  /** Arguments: the version of Spark, the mesh, and options of {@code scripts/spark}. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    List<String> words = List.of(arguments);
    if (words.size() < 2 || words.size() % 2 == 1 || words.get(1).startsWith("-")) {
      exit(USAGE);
    }
    Map<String, String> options = new HashMap<>();
    for (int i = 2; i < words.size(); i += 2) {
      if (!OPTIONS.contains(words.get(i))) {
        exit(USAGE);
      }
      options.put(words.get(i), words.get(i + 1));
    }
    Path mesh = Path.of(words.get(1).replaceFirst("^file:", "")).toAbsolutePath();
    Path folder = Files.createTempDirectory("meshwork-spark-");
    AtomicReference<@Nullable Process> spark = new AtomicReference<>();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(spark.get(), folder)));
    SparkLaunch launch = launch(words.get(0), mesh, options, folder);
    Process process = launch.process().inheritIO().start();
    spark.set(process);
    System.exit(process.waitFor());
  }

  private static SparkLaunch launch(
      String version, Path mesh, Map<String, String> options, Path folder) throws IOException {
    String as = options.getOrDefault("--as", System.getenv().getOrDefault("MESH_AS", ""));
    int slash = as.indexOf('/');
    if (slash < 0) {
      exit("State who runs the statements: --as ACCOUNT/ROLE, or the variable MESH_AS.");
    }
    SparkLaunch launch = new SparkLaunch(version, folder);
    try (Mesh opened = LocalMesh.openExisting(mesh)) {
      Principal principal = Principal.of(as.substring(0, slash), as.substring(slash + 1));
      launch.mesh(mesh.toString(), principal.toString());
    } catch (MeshException e) {
      System.err.println(e.getMessage());
      System.exit(ExitCode.of(e));
    }
    if (options.containsKey("--executors")) {
      launch.executors(number(options, "--executors"));
    } else {
      launch.threads(options.containsKey("--tasks") ? number(options, "--tasks") : 2);
    }
    if (options.containsKey("--tasks")) {
      launch.settings(Map.of("spark.default.parallelism", "" + number(options, "--tasks")));
    }
    return launch;
  }

  private static int number(Map<String, String> options, String option) {
    String text = String.valueOf(options.get(option));
    if (!text.matches("[1-9][0-9]{0,2}")) {
      exit(option + " is '" + text + "', and must be a number from 1 to 999.");
    }
    return Integer.parseInt(text);
  }

  private static void exit(String message) {
    System.err.println(message);
    System.exit(ExitCode.WRONG_REQUEST);
  }

  private static void stop(@Nullable Process spark, Path folder) {
    if (spark != null) {
      spark.destroy();
      spark.onExit().completeOnTimeout(spark, 10, TimeUnit.SECONDS).join();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      System.err.println("Cannot delete " + folder + ": " + e.getMessage());
    }
  }
}
