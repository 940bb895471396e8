package io.meshwork.testkit.aws.internal.server;

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
  private static final String JARS = "mesh.ddb.dir";
  private static final Path DEFAULT_JARS = Path.of("target", "dynamodb-local");
  private static final String MAIN_CLASS =
      "software/amazon/dynamodb/services/local/main/ServerRunner.class";

  private final ServerProcess process;

  private DynamoDbLocal(ServerProcess process) {
    this.process = process;
  }

  /**
   * Starts the server from the folder that {@code -Dmesh.ddb.dir} names. By default, from this
   * JVM's class path if DynamoDB Local is on it, or else from the folder {@code
   * target/dynamodb-local}.
   *
   * @throws IOException if there is no DynamoDB Local, or if it did not start
   */
  static DynamoDbLocal start() throws IOException {
    String named = System.getProperty(JARS);
    if (named != null) {
      return start(Path.of(named));
    }
    if (DynamoDbLocal.class.getClassLoader().getResource(MAIN_CLASS) != null) {
      return start("the class path", System.getProperty("java.class.path"));
    }
    if (Files.isDirectory(DEFAULT_JARS)) {
      return start(DEFAULT_JARS);
    }
    throw new IOException(
        "DynamoDB Local is not on the class path, -D"
            + JARS
            + " is not set, and the folder '"
            + DEFAULT_JARS
            + "' does not exist. Copy software.amazon.dynamodb:DynamoDBLocal and its dependencies"
            + " to that folder, as docs/testing-your-pipeline.md shows.");
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
    return start(
        "'" + jars + "'",
        placeOf(DynamoDbLocalProcess.class)
            + System.getProperty("path.separator")
            + jars.resolve("*"));
  }

  private static DynamoDbLocal start(String source, String classPath) throws IOException {
    return new DynamoDbLocal(
        ServerProcess.start(
            "DynamoDB Local from " + source,
            port ->
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx256m",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
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
