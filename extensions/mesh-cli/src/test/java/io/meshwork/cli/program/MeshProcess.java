package io.meshwork.cli.program;

import io.meshwork.internal.testkit.ClassArchive;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Runs commands as processes, in a mesh in the folder {@code mesh}. */
final class MeshProcess {
  final Map<String, String> variables = new HashMap<>();
  private final Path folder;
  private List<String> classes = CommandClasses.ARCHIVE.options();

  MeshProcess(Path folder) {
    this.folder = folder;
    variables.put("MESH_URL", "file:" + folder.resolve("mesh"));
    variables.put("XDG_CONFIG_HOME", folder.resolve("settings").toString());
    variables.put("MESH_XCOM", folder.resolve("xcom").toString());
  }

  /**
   * What a process did.
   *
   * @param code its exit code
   * @param out its standard output
   * @param err its standard error
   */
  record Ran(int code, String out, String err) {}

  /** Leaves the jar or the folder of classes of a module out of the class path. */
  MeshProcess without(String module) {
    String classPath = System.getProperty("java.class.path");
    classes =
        List.of(
            "-cp",
            Arrays.stream(classPath.split(File.pathSeparator, -1))
                .filter(entry -> !entry.contains(File.separator + module + File.separator))
                .collect(Collectors.joining(File.pathSeparator)));
    return this;
  }

  /** Runs a command until it ends. */
  Ran run(List<String> arguments) throws IOException, InterruptedException {
    Path out = Files.createTempFile(folder, "out", ".txt");
    Path err = Files.createTempFile(folder, "err", ".txt");
    int code = start(arguments, out, err).waitFor();
    TestShell.requireNoCall(Files.readString(err, StandardCharsets.UTF_8));
    return new Ran(
        code,
        Files.readString(out, StandardCharsets.UTF_8),
        Files.readString(err, StandardCharsets.UTF_8));
  }

  /** Runs lines of bash until they end; the function {@code mesh} in them is the command. */
  Ran script(String lines) throws IOException, InterruptedException {
    Path out = Files.createTempFile(folder, "out", ".txt");
    Path err = Files.createTempFile(folder, "err", ".txt");
    List<String> command = new ArrayList<>(List.of("bash", "-c"));
    command.add("program=(\"$@\"); mesh() { \"${program[@]}\" \"$@\"; }; set --\n" + lines);
    command.add("bash");
    command.addAll(program());
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    prepare(builder);
    int code = builder.start().waitFor();
    return new Ran(code, Files.readString(out), Files.readString(err));
  }

  private List<String> program() {
    List<String> program = new ArrayList<>();
    program.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    program.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED"));
    program.addAll(classes);
    program.add(MeshProgram.class.getName());
    return program;
  }

  private void prepare(ProcessBuilder builder) {
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    builder.environment().keySet().removeIf(name -> name.startsWith("MESH_"));
    builder.environment().putAll(variables);
  }

  /** Starts a command. */
  Process start(List<String> arguments, Path out, Path err) throws IOException {
    List<String> command = program();
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    prepare(builder);
    return builder.start();
  }

  /** The classes of the command: it is started hundreds of times. */
  private static final class CommandClasses {
    static final ClassArchive ARCHIVE;

    static {
      try {
        Path folder = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "classes");
        Path mesh = folder.resolve("mesh");
        CommandMesh.in(mesh);
        Path rows =
            Files.writeString(folder.resolve("rows.csv"), "orderId,amount,country\no-3,1,DE\n");
        ARCHIVE =
            ClassArchive.of(
                Files.createDirectory(folder.resolve("archive")),
                MeshProgram.class,
                "--mesh",
                "file:" + mesh,
                "--as",
                "commerce/etl",
                "publish",
                CommandMesh.ORDERS,
                rows.toString(),
                "--key",
                "rehearsal");
      } catch (IOException | InterruptedException e) {
        throw new ExceptionInInitializerError(e);
      }
    }
  }
}
