package io.meshwork.testkit;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * AWS's DynamoDB Local as a child process, in memory. It keeps the tables of each access key and
 * region separate; access keys must be alphanumeric.
 *
 * <p>It does not run in this process: its 90 jars contain another AWS SDK, which would conflict
 * with the caller's, and its licence forbids bundling it. Thread-safe.
 */
final class DynamoDbLocal implements AutoCloseable {
  private final ServerProcess process;

  private DynamoDbLocal(ServerProcess process) {
    this.process = process;
  }

  /**
   * Starts the server and returns when its port is open, after about two seconds.
   *
   * @param jars a folder with DynamoDB Local's jar and its dependencies, such as {@code mvn
   *     dependency:copy-dependencies} creates
   * @throws IOException if the folder is missing, or if the server did not start within a minute;
   *     the message then contains the end of its output
   */
  static DynamoDbLocal start(Path jars) throws IOException {
    if (!Files.isDirectory(jars)) {
      throw new IOException(
          "Cannot start DynamoDB Local: the folder of its jars '"
              + jars
              + "' does not exist. Copy software.amazon.dynamodb:DynamoDBLocal and its dependencies"
              + " to it.");
    }
    String classPath =
        placeOf(DynamoDbLocalProcess.class)
            + System.getProperty("path.separator")
            + jars.resolve("*");
    return new DynamoDbLocal(
        ServerProcess.start(
            "DynamoDB Local from '" + jars + "'",
            port ->
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx256m",
                    "-XX:+UseSerialGC",
                    "-cp",
                    classPath,
                    DynamoDbLocalProcess.class.getName(),
                    "-inMemory",
                    "-disableTelemetry",
                    "-port",
                    Integer.toString(port))));
  }

  /** Returns the endpoint, such as {@code http://127.0.0.1:40123}. */
  URI endpoint() {
    return process.endpoint();
  }

  /** Returns the process ID. */
  long pid() {
    return process.pid();
  }

  /** Ends the server with all its tables. Calling it twice is harmless. */
  @Override
  public void close() {
    process.close();
  }

  private static Path placeOf(Class<?> type) throws IOException {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IOException("Cannot find the jar of " + type.getName(), e);
    }
  }
}
