package io.meshwork.testkit.aws.internal.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Programs that tests start in other processes, because they are killed or fail. */
final class JavaProgram {
  /** The folder with the JARs of DynamoDB Local. */
  static final String DYNAMO_DB_JARS =
      System.getProperty("mesh.ddb.dir", "../verification/dynamodb-local/target/ddb");

  private JavaProgram() {}

  /** Returns a process, not started, that runs a class of the tests. */
  static ProcessBuilder of(Class<?> main, List<String> options, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
  }

  /** Starts a program, returns the first line that it prints, and kills it. */
  static String firstLine(ProcessBuilder program) throws IOException {
    Process process = program.start();
    try (BufferedReader output = output(process)) {
      return output.readLine();
    } finally {
      process.destroyForcibly();
    }
  }

  /**
   * Asserts that a server ends when the program that started it is killed.
   *
   * @param starter prints the process ID of the server
   */
  static void assertServerEndsWith(ProcessBuilder starter) throws Exception {
    Process parent = starter.start();
    try (BufferedReader output = output(parent)) {
      ProcessHandle server = ProcessHandle.of(Long.parseLong(output.readLine())).orElseThrow();
      assertThat(server.isAlive()).isTrue();

      parent.destroyForcibly();

      server.onExit().get(1, TimeUnit.MINUTES);
      assertThat(server.isAlive()).isFalse();
    } finally {
      parent.destroyForcibly();
    }
  }

  private static BufferedReader output(Process process) {
    return new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }
}
