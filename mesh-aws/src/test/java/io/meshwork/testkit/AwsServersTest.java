package io.meshwork.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Moto never outlives the tests, and a test without it is not passed. */
@Timeout(120)
class AwsServersTest {
  @Test
  void motoEndsWhenItsStarterIsKilled() throws Exception {
    Process parent = java(StarterOfMoto.class, "python3").start();
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

  @Test
  void aTestIsSkippedWithWhatToInstallIfMotoIsMissing() throws Exception {
    ProcessBuilder starter = java(StarterOfEmulator.class, "no-such-python");
    starter.environment().remove("CI");

    assertThat(firstLine(starter))
        .startsWith("org.opentest4j.TestAbortedException")
        .contains("no-such-python -m pip install 'moto[server]==5.2.1'", "mesh.aws.endpoint");
  }

  @Test
  void aTestFailsOnACiServerIfMotoIsMissing() throws Exception {
    ProcessBuilder starter = java(StarterOfEmulator.class, "no-such-python");
    starter.environment().put("CI", "true");

    assertThat(firstLine(starter))
        .startsWith("java.lang.IllegalStateException")
        .contains("no-such-python -m pip install");
  }

  private static String firstLine(ProcessBuilder builder) throws IOException {
    Process process = builder.start();
    try (BufferedReader output = output(process)) {
      return output.readLine();
    } finally {
      process.destroyForcibly();
    }
  }

  private static ProcessBuilder java(Class<?> main, String python) {
    return new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-Dmesh.python=" + python,
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()))
        .redirectError(ProcessBuilder.Redirect.INHERIT);
  }

  private static BufferedReader output(Process process) {
    return new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Starts moto, prints its process ID, and waits to be killed. */
  static final class StarterOfMoto {
    public static void main(String[] arguments) throws Exception {
      try (MotoServer server = MotoServer.start(System.getProperty("mesh.python"))) {
        System.out.println(server.pid());
        System.in.read();
      }
    }
  }

  /** Starts an emulator, and prints why it did not start. */
  static final class StarterOfEmulator {
    public static void main(String[] arguments) {
      try (AwsEmulator aws = AwsEmulator.start()) {
        System.out.println("started " + aws.endpoint());
      } catch (RuntimeException e) {
        System.out.println(e.toString().replace('\n', ' '));
      }
    }
  }
}
