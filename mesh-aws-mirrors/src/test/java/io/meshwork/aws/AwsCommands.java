package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.testkit.aws.AwsEmulator;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

/**
 * A shell with the command {@code aws}, as {@code aws-command.py} serves it: what is printed for
 * people is run as it is, and the models of AWS check all parameters. Used by one thread.
 */
final class AwsCommands implements AutoCloseable {
  private static final String SERVER = "aws-command.py";
  private static final String COMMAND = "aws.py";

  /** How Lake Formation answers a person who revokes what is revoked. */
  private static final String NOTHING_TO_REVOKE = "No permissions revoked";

  private final AwsEmulator aws;
  private final String role;
  private final Path folder;
  private final Process server;
  private final Map<String, AwsSessionCredentials> sessions = new HashMap<>();

  private AwsCommands(AwsEmulator aws, String role, Path folder, Process server) {
    this.aws = aws;
    this.role = role;
    this.folder = folder;
    this.server = server;
  }

  /** Starts a shell that acts as a role in each account. */
  static AwsCommands as(AwsEmulator aws, String role) throws IOException {
    Path folder = Files.createTempDirectory("aws-commands");
    for (String name : List.of(SERVER, COMMAND)) {
      try (InputStream program = AwsCommands.class.getResourceAsStream(name)) {
        Files.copy(program, folder.resolve(name));
      }
    }
    Path command = folder.resolve("aws");
    Files.writeString(
        command,
        "#!/bin/sh\nexec '" + python() + "' -S '" + folder.resolve(COMMAND) + "' \"$@\"\n");
    assertThat(command.toFile().setExecutable(true)).isTrue();
    Process server =
        new ProcessBuilder(
                python(), folder.resolve(SERVER).toString(), folder.resolve("socket").toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertThat(server.inputReader().readLine()).isEqualTo("ready");
    return new AwsCommands(aws, role, folder, server);
  }

  /** Returns the Python in which moto runs, which has the models of AWS. */
  private static String python() {
    String named = System.getProperty("mesh.python");
    Path environment = Path.of(System.getProperty("mesh.moto.dir", "target/moto"), "bin", "python");
    if (named != null) {
      return named;
    }
    return Files.exists(environment) ? environment.toAbsolutePath().toString() : "python3";
  }

  /** Keeps a session of the role in an account, which outlives a change of its trust policy. */
  void login(String account) {
    sessions.computeIfAbsent(
        account, each -> (AwsSessionCredentials) AwsLocal.role(each, role).resolveCredentials());
  }

  /** Runs a line of the shell in an account, and requires that it succeeds, or has no effect. */
  void run(String account, String line) {
    AwsSessionCredentials session = sessions.get(account);
    ProcessBuilder shell = new ProcessBuilder("bash", "-e", "-c", line);
    Map<String, String> environment = shell.environment();
    environment.put("PATH", folder + ":" + environment.get("PATH"));
    environment.put("AWS_ACCESS_KEY_ID", session.accessKeyId());
    environment.put("AWS_SECRET_ACCESS_KEY", session.secretAccessKey());
    environment.put("AWS_SESSION_TOKEN", session.sessionToken());
    environment.put("AWS_ENDPOINT_URL", aws.endpoint().toString());
    try {
      Process process = shell.redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      boolean isDone = process.waitFor() == 0 || output.contains(NOTHING_TO_REVOKE);
      assertThat(isDone).as(line + "\n" + output).isTrue();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws IOException {
    server.destroy();
    for (String name : List.of(SERVER, COMMAND, "aws", "socket")) {
      Files.deleteIfExists(folder.resolve(name));
    }
    Files.delete(folder);
  }
}
