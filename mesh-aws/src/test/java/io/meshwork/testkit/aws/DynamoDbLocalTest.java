package io.meshwork.testkit.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The server's process never outlives the tests. */
@Timeout(120)
class DynamoDbLocalTest {
  @TempDir private Path folder;

  @Test
  void theServerEndsWhenItIsClosed() throws Exception {
    DynamoDbLocal server = DynamoDbLocal.start(jars());
    ProcessHandle process = ProcessHandle.of(server.pid()).orElseThrow();
    assertThat(process.isAlive()).isTrue();

    server.close();
    server.close();

    process.onExit().get(1, TimeUnit.MINUTES);
    assertThat(process.isAlive()).isFalse();
  }

  @Test
  void theServerEndsWhenItsStarterIsKilled() throws Exception {
    Process parent =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                Parent.class.getName(),
                jars().toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader output =
        new BufferedReader(
            new InputStreamReader(parent.getInputStream(), StandardCharsets.UTF_8))) {
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
  void theErrorNamesAMissingFolder() {
    assertThatThrownBy(() -> DynamoDbLocal.start(folder.resolve("missing")))
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll("missing", "DynamoDBLocal");
  }

  @Test
  void theErrorOfAServerThatDoesNotStartContainsItsOutput() {
    assertThatThrownBy(() -> DynamoDbLocal.start(folder))
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll(folder.toString(), "ClassNotFoundException");
  }

  private static Path jars() {
    return Path.of(System.getProperty("mesh.ddb.dir", "../verification/dynamodb-local/target/ddb"));
  }

  /** Starts a server, prints its process ID, and waits to be killed. */
  static final class Parent {
    public static void main(String[] arguments) throws Exception {
      try (DynamoDbLocal server = DynamoDbLocal.start(Path.of(arguments[0]))) {
        System.out.println(server.pid());
        System.in.read();
      }
    }
  }
}
