package io.meshwork.testkit.aws.internal.server;

import static io.meshwork.testkit.aws.internal.server.JavaProgram.DYNAMO_DB_JARS;
import static io.meshwork.testkit.aws.internal.server.JavaProgram.firstLine;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import io.meshwork.testkit.aws.AwsEmulator;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;

/** Where the emulator finds its servers, and that a test without them is not passed. */
@Timeout(180)
class AwsServersTest {
  private static final String SKIPPED = "org.opentest4j.TestAbortedException";
  private static final String FAILED = "java.lang.IllegalStateException";
  private static final String NO_PYTHON = "-Dmesh.python=no-such-python";

  @TempDir private Path folder;

  @Test
  void motoEndsWhenItsStarterIsKilled() throws Exception {
    JavaProgram.assertServerEndsWith(
        JavaProgram.of(StarterOfMoto.class, List.of("-Dmesh.python=python3")));
  }

  @Test
  void aTestIsSkippedWithWhatToInstallIfMotoIsMissing() throws Exception {
    assertThat(firstLine(outsideCi(NO_PYTHON)))
        .startsWith(SKIPPED)
        .contains("no-such-python -m pip install 'moto[server]==5.2.1'", "mesh.aws.endpoint");
  }

  @Test
  void aTestFailsOnACiServerIfMotoIsMissing() throws Exception {
    for (String value : List.of("true", "1", "yes")) {
      ProcessBuilder starter = emulator(NO_PYTHON);
      starter.environment().put("CI", value);

      assertThat(firstLine(starter))
          .as("CI=" + value)
          .startsWith(FAILED)
          .contains("no-such-python -m pip install");
    }
  }

  @Test
  void valuesOfCiThatStateNoServer() {
    assertThat(List.of("", " ", "false", "False", "0")).noneMatch(AwsServers::isOnCiServer);
    assertThat(AwsServers.isOnCiServer(null)).isFalse();
  }

  @Test
  void theReasonOfASkipIsPrintedToStandardErrorOnce() throws Exception {
    ProcessBuilder starter = outsideCi(NO_PYTHON).redirectError(errors().toFile());

    assertThat(firstLine(starter)).startsWith(SKIPPED);

    assertThat(Files.readAllLines(errors()))
        .filteredOn(line -> line.startsWith("Cannot start the AWS emulator: moto does not run"))
        .hasSize(1);
  }

  @Test
  void theEmulatorUsesTheVirtualEnvironmentIfPythonHasNoMoto() throws Exception {
    Path python = program("with/bin/python", "exec '" + python() + "' \"$@\"");
    program("without/python3", "echo 'No module named moto' >&2; exit 1");
    ProcessBuilder starter =
        emulator(
            "-Dmesh.moto.dir=" + python.getParent().getParent(),
            "-Dmesh.ddb.dir=" + DYNAMO_DB_JARS);
    starter.environment().put("PATH", folder.resolve("without") + ":" + System.getenv("PATH"));

    assertThat(firstLine(starter)).startsWith("started http://127.0.0.1:");
  }

  @Test
  void aMotoThatIsTooOldIsNotUsed() throws Exception {
    Path old = Files.createDirectories(folder.resolve("old/moto"));
    Files.writeString(old.resolve("__init__.py"), "__version__ = '4.2.14'\n");
    Path python =
        program("bin/python", "PYTHONPATH=" + old.getParent() + " exec '" + python() + "' \"$@\"");

    assertThat(firstLine(outsideCi("-Dmesh.python=" + python)))
        .startsWith(SKIPPED)
        .contains("moto 4.2.14 is too old");
  }

  @Test
  void aServerThatTheEndpointNamesIsUsed() throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.start();
    try {
      String endpoint = "http://127.0.0.1:" + server.getAddress().getPort();
      assertThat(
              firstLine(
                  emulator(
                      NO_PYTHON,
                      "-Dmesh.aws.endpoint=" + endpoint + "/",
                      "-Dmesh.ddb.dir=" + DYNAMO_DB_JARS)))
          .startsWith("started");
    } finally {
      server.stop(0);
    }
    assertThat(firstLine(outsideCi("-Dmesh.aws.endpoint=http://127.0.0.1:1")))
        .startsWith(SKIPPED)
        .contains("no server accepts connections", "http://127.0.0.1:1");
  }

  @Test
  void dynamoDbLocalRunsFromTheClassPath() throws Exception {
    List<String> command = emulator().command();
    int classPath = command.indexOf("-cp") + 1;
    command.set(classPath, DYNAMO_DB_JARS + "/*" + File.pathSeparator + command.get(classPath));

    assertThat(firstLine(new ProcessBuilder(command))).startsWith("started");
  }

  @Test
  void dynamoDbLocalRunsFromAFolderBelowTarget() throws Exception {
    Files.createDirectories(folder.resolve("target"));
    Files.createSymbolicLink(
        folder.resolve("target/dynamodb-local"), Path.of(DYNAMO_DB_JARS).toAbsolutePath());

    assertThat(firstLine(emulator().directory(folder.toFile()))).startsWith("started");
  }

  @Test
  void aTestIsSkippedWithWhatToCopyIfDynamoDbLocalIsMissing() throws Exception {
    assertThat(firstLine(outsideCi()))
        .startsWith(SKIPPED)
        .contains("software.amazon.dynamodb:DynamoDBLocal", "target/dynamodb-local");
  }

  @Test
  void motoInPythonIsUsedInsteadOfAContainerIfTestcontainersIsMissing() throws Exception {
    ProcessBuilder starter = container();
    List<String> command = starter.command();
    int classPath = command.indexOf("-cp") + 1;
    command.set(
        classPath,
        Arrays.stream(command.get(classPath).split(File.pathSeparator))
            .filter(entry -> !entry.contains("testcontainers"))
            .collect(Collectors.joining(File.pathSeparator)));

    assertThat(firstLine(starter)).startsWith("started");

    assertThat(replacements())
        .singleElement(STRING)
        .contains(
            "-Dmesh.docker=true asks for the container 'motoserver/moto:5.2.1'",
            "org.testcontainers:testcontainers",
            "uses moto in Python instead, at http://127.0.0.1:");
  }

  @Test
  void motoInPythonIsUsedInsteadOfAContainerIfDockerDoesNotRun() throws Exception {
    assumeFalse(dockerRuns(), "Docker runs here");

    assertThat(firstLine(container("-Dmesh.docker.image=localstack/localstack-pro:4.9")))
        .startsWith("started");

    assertThat(replacements())
        .singleElement(STRING)
        .contains(
            "-Dmesh.docker=true asks for the container 'localstack/localstack-pro:4.9'",
            "Docker does not run",
            "uses moto in Python instead, at http://127.0.0.1:");
  }

  @Test
  void aTestIsSkippedWithBothReasonsIfNeitherDockerNorMotoRuns() throws Exception {
    assumeFalse(dockerRuns(), "Docker runs here");

    assertThat(firstLine(container(NO_PYTHON)))
        .startsWith(SKIPPED)
        .contains("Docker does not run", "no-such-python -m pip install");
  }

  @Test
  void aTestFailsOnACiServerIfNeitherDockerNorMotoRuns() throws Exception {
    assumeFalse(dockerRuns(), "Docker runs here");
    ProcessBuilder starter = container(NO_PYTHON);
    starter.environment().put("CI", "true");

    assertThat(firstLine(starter))
        .startsWith(FAILED)
        .contains("Docker does not run", "no-such-python -m pip install");
  }

  @Test
  void localStackNeedsItsToken() throws Exception {
    String image = "localstack/localstack-pro:4.9";
    for (String token : Arrays.asList(null, "", " ")) {
      assertThatThrownBy(() -> AwsContainer.environment(image, token))
          .isInstanceOf(IOException.class)
          .hasMessageContainingAll("LOCALSTACK_AUTH_TOKEN", image);
    }
    assertThat(AwsContainer.environment(image, "ls-1"))
        .containsExactly(Map.entry("LOCALSTACK_AUTH_TOKEN", "ls-1"));
    assertThat(AwsContainer.environment("motoserver/moto:5.2.1", null)).isEmpty();
  }

  @Test
  void motoRunsInAContainer() throws Exception {
    assumeTrue(dockerRuns(), "Docker does not run here");

    assertThat(firstLine(emulator("-Dmesh.docker=true", "-Dmesh.ddb.dir=" + DYNAMO_DB_JARS)))
        .startsWith("started");
  }

  /** Returns a starter that asks for a container; its errors go to a file. */
  private ProcessBuilder container(String... options) {
    List<String> all = new ArrayList<>(List.of(options));
    all.add("-Dmesh.docker=true");
    all.add("-Dmesh.ddb.dir=" + DYNAMO_DB_JARS);
    return outsideCi(all.toArray(String[]::new)).redirectError(errors().toFile());
  }

  private Path errors() {
    return folder.resolve("errors.txt");
  }

  /** Returns the lines of standard error that name a server in place of a container. */
  private List<String> replacements() throws IOException {
    return Files.readAllLines(errors()).stream()
        .filter(line -> line.contains("asks for the container"))
        .toList();
  }

  private static boolean dockerRuns() {
    return DockerClientFactory.instance().isDockerAvailable();
  }

  /** Creates a shell script. */
  private Path program(String name, String line) throws IOException {
    Path program = folder.resolve(name);
    Files.createDirectories(program.getParent());
    Files.writeString(program, "#!/bin/sh\n" + line + "\n");
    return Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** Returns the path of python3, so that the script of this name can be another. */
  private static Path python() {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
        .map(entry -> Path.of(entry, "python3"))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow();
  }

  private static ProcessBuilder outsideCi(String... options) {
    ProcessBuilder starter = emulator(options);
    starter.environment().remove("CI");
    return starter;
  }

  private static ProcessBuilder emulator(String... options) {
    return JavaProgram.of(StarterOfEmulator.class, List.of(options));
  }

  /** Starts moto, prints its process ID, and waits to be killed. */
  static final class StarterOfMoto {
    public static void main(String[] arguments) throws Exception {
      try (MotoServer server = MotoServer.start()) {
        System.out.println(server.pid());
        System.in.read();
      }
    }
  }

  /** Starts an emulator twice, and prints why it did not start. */
  static final class StarterOfEmulator {
    public static void main(String[] arguments) {
      String first = start();
      String second = start();
      System.out.println(first.startsWith("started") || first.equals(second) ? first : "differs");
    }

    private static String start() {
      try (AwsEmulator aws = AwsEmulator.start()) {
        return "started " + aws.endpoint();
      } catch (RuntimeException e) {
        return e.toString().replace('\n', ' ');
      }
    }
  }
}
