package io.meshwork.cli.program;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.Mesh;
import io.meshwork.aws.AccountSetup;
import io.meshwork.aws.AwsConfig;
import io.meshwork.aws.AwsMesh;
import io.meshwork.aws.AwsRoleKind;
import io.meshwork.contract.Contract;
import io.meshwork.internal.conformance.fixture.SmallOrder;
import io.meshwork.testkit.aws.AwsEmulator;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the line for cron and the command of a container that the guide has. */
class OperatingWaysTest {
  private static final Path GUIDE =
      Path.of("").toAbsolutePath().resolve("../../docs/operating-on-aws.md");
  private static final String MARK = "<!-- drawing: run by OperatingWaysTest -->";
  private static final String ADDRESS = "aws:eu-central-1/111111111111/sales?cloudWatch";
  private static final String SCHEDULE = "*/15 * * * * ";
  private static final String OPERATOR = "mesh-operator";
  private static final String ADMINISTRATOR = "administrator";
  private static final int SIGTERM = 143;

  private final String account =
      "43" + ThreadLocalRandom.current().nextLong(1_000_000_000L, 10_000_000_000L);

  @TempDir private Path folder;

  @AutoClose private final AwsEmulator aws = AwsEmulator.start();

  @SuppressWarnings("NullAway.Init")
  private AwsConfig config;

  @BeforeEach
  void make() {
    config =
        AwsConfig.inRegion(aws.region())
            .endpoint(aws.endpoint())
            .mesh(account, "ways")
            .cloudWatch();
    aws.runAs(account, ADMINISTRATOR);
    AccountSetup.of(config, account)
        .role(OPERATOR, AwsRoleKind.operator(), AwsRoleKind.maintenance("shop"))
        .notices()
        .templates()
        .forEach(template -> aws.deploy(template.stack(), template.body()));
    AwsMesh.make(config);
    try (Mesh mesh = AwsMesh.connect(config)) {
      mesh.client().registerDomain("shop").accounts(account).owner("s@example.org").commit();
    }
  }

  private void define(String product) {
    aws.runAs(account, ADMINISTRATOR);
    try (Mesh mesh = AwsMesh.connect(config)) {
      mesh.client().defineProduct(product).contract(Contract.of(SmallOrder.class)).commit();
    }
    aws.runAs(account, OPERATOR);
    aws.reset();
  }

  /** Returns the lines that the guide marks, with the places of this machine. */
  private List<String> ways() throws IOException {
    List<String> lines = Files.readAllLines(GUIDE);
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String address =
        "aws:%s/%s/ways?cloudWatch&endpoint=%s".formatted(aws.region(), account, aws.endpoint());
    String jar = jar().toString();
    return Stream.iterate(0, i -> i + 1)
        .limit(lines.size())
        .filter(i -> lines.get(i).equals(MARK))
        .map(i -> lines.get(i + 2))
        .map(line -> line.replace(ADDRESS, address).replace("/opt/mesh-cli.jar", jar))
        .map(line -> line.replace("/usr/bin/java ", java + " ").replace("\"java\"", quoted(java)))
        .toList();
  }

  private static String quoted(String text) {
    return '"' + text + '"';
  }

  /** Makes a jar that runs the command with the class path of this process. */
  private Path jar() throws IOException {
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.put(Attributes.Name.MAIN_CLASS, MeshProgram.class.getName());
    attributes.put(
        Attributes.Name.CLASS_PATH,
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .map(entry -> Path.of(entry).toUri().toString())
            .collect(Collectors.joining(" ")));
    Path jar = folder.resolve("mesh-cli.jar");
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream made = new JarOutputStream(out, manifest)) {
      made.finish();
    }
    return jar;
  }

  private Process start(List<String> command, Map<String, String> environment) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(folder.resolve("out.txt").toFile())
            .redirectError(folder.resolve("err.txt").toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder.start();
  }

  /** Asserts that a run did everything, and sent what it had to. */
  private void assertOperated() throws IOException {
    String err = Files.readString(folder.resolve("err.txt"));
    JsonNode run = TestShell.JSON.readTree(Files.readString(folder.resolve("out.txt")));
    assertThat(run.has("skipped")).as(err).isFalse();
    assertThat(run.get("left")).as(err).isEmpty();
    assertThat(aws.calls()).contains("events:PutEvents", "monitoring:PutMetricData");
  }

  @Test
  void theLineForCronAndTheCommandOfAContainerOperateTheMesh() throws Exception {
    List<String> ways = ways();
    assertThat(ways).hasSize(2);
    String line = ways.get(0);
    assertThat(line).startsWith(SCHEDULE).as("cron reads it as a new line").doesNotContain("%");
    Path home = Files.createDirectories(folder.resolve("home/.aws")).getParent();
    aws.runAs(account, OPERATOR);
    Files.writeString(
        home.resolve(".aws/credentials"),
        """
        [default]
        aws_access_key_id = %s
        aws_secret_access_key = %s
        aws_session_token = %s
        """
            .formatted(
                System.getProperty("aws.accessKeyId"),
                System.getProperty("aws.secretAccessKey"),
                System.getProperty("aws.sessionToken")));
    Map<String, String> ofCron = Map.of("HOME", home.toString(), "PATH", "/usr/bin:/bin");
    List<String> cron = List.of("/bin/sh", "-c", line.substring(SCHEDULE.length()));
    assertThat(start(cron, ofCron).waitFor())
        .as(() -> "the first run begins to send: " + read("err.txt"))
        .isZero();
    define("shop/orders");

    assertThat(start(cron, ofCron).waitFor()).as(() -> read("err.txt")).isZero();

    assertOperated();
    define("shop/returns");
    List<String> container = TestShell.JSON.readerForListOf(String.class).readValue(ways.get(1));
    Process process = start(container, new HashMap<>(ofCron));
    try {
      for (int i = 0; Files.size(folder.resolve("out.txt")) == 0 && process.isAlive(); i++) {
        assertThat(i).as(() -> read("err.txt")).isLessThan(12_000);
        process.waitFor(10, TimeUnit.MILLISECONDS);
      }
      assertThat(process.isAlive()).as(() -> read("err.txt")).isTrue();
      process.destroy();
      assertThat(process.waitFor()).as(() -> read("err.txt")).isEqualTo(SIGTERM);
    } finally {
      process.destroyForcibly().waitFor();
    }
    assertOperated();
  }

  private String read(String file) {
    try {
      return Files.readString(folder.resolve(file));
    } catch (IOException e) {
      return e.toString();
    }
  }
}
