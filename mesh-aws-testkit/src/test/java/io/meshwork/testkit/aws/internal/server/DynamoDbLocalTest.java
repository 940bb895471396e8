package io.meshwork.testkit.aws.internal.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
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
    DynamoDbLocal server = DynamoDbLocal.start(Path.of(JavaProgram.DYNAMO_DB_JARS));
    ProcessHandle process = ProcessHandle.of(server.pid()).orElseThrow();
    assertThat(process.isAlive()).isTrue();

    server.close();
    server.close();

    process.onExit().get(1, TimeUnit.MINUTES);
    assertThat(process.isAlive()).isFalse();
  }

  @Test
  void theServerEndsWhenItsStarterIsKilled() throws Exception {
    JavaProgram.assertServerEndsWith(
        JavaProgram.of(Parent.class, List.of(), JavaProgram.DYNAMO_DB_JARS));
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
