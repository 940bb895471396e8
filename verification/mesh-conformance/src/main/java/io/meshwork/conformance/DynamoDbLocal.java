package io.meshwork.conformance;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * AWS's DynamoDB Local as a child process, in memory, on a free port of this machine. It keeps the
 * tables of each access key separate; access keys must be alphanumeric.
 *
 * <p>It does not run in this process: its 90 jars contain another AWS SDK, which would conflict
 * with the caller's, and its licence forbids bundling it. It ends with {@link #close}, with this
 * JVM, and also when this JVM is killed. Thread-safe.
 */
public final class DynamoDbLocal implements AutoCloseable {
  private static final int STARTS = 3;
  private static final int POLLS = 600;
  private static final long POLL_MILLIS = 100;
  private static final long END_SECONDS = 5;

  private final Process process;
  private final int port;
  private final Path log;
  private final Thread endWithUs = new Thread(this::end, "end DynamoDB Local");

  private DynamoDbLocal(Process process, int port, Path log) {
    this.process = process;
    this.port = port;
    this.log = log;
    Runtime.getRuntime().addShutdownHook(endWithUs);
  }

  /**
   * Starts the server and returns when its port is open, after about two seconds.
   *
   * @param jars a folder with DynamoDB Local's jar and its dependencies, such as {@code mvn
   *     dependency:copy-dependencies} creates
   * @throws IOException if the folder is missing, or if the server did not start within a minute;
   *     the message then contains the end of its output
   */
  public static DynamoDbLocal start(Path jars) throws IOException {
    if (!Files.isDirectory(jars)) {
      throw new IOException(
          "Cannot start DynamoDB Local: the folder of its jars '"
              + jars
              + "' is not there. Copy software.amazon.dynamodb:DynamoDBLocal and its dependencies"
              + " to it.");
    }
    Path log = Files.createTempFile("dynamodb-local-", ".log");
    for (int i = 1; ; i++) {
      DynamoDbLocal started = launch(jars, freePort(), log);
      if (started.isOpenInTime()) {
        return started;
      }
      // Another process may take the port before the child opens it.
      started.stop();
      if (i == STARTS) {
        throw new IOException(
            "Could not start DynamoDB Local from '"
                + jars
                + "' in "
                + STARTS
                + " tries. It printed to '"
                + log
                + "':\n"
                + lastLines(log));
      }
    }
  }

  /** Returns the endpoint, such as {@code http://127.0.0.1:40123}. */
  public URI endpoint() {
    return URI.create("http://" + address().getHostAddress() + ":" + port);
  }

  /** Returns the process ID. */
  public long pid() {
    return process.pid();
  }

  /** Ends the server with all its tables. Calling it twice is harmless. */
  @Override
  public void close() {
    stop();
    try {
      Files.deleteIfExists(log);
    } catch (IOException e) {
      log.toFile().deleteOnExit();
    }
  }

  private static DynamoDbLocal launch(Path jars, int port, Path log) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-cp",
                placeOf(DynamoDbLocalProcess.class)
                    + System.getProperty("path.separator")
                    + jars.resolve("*"),
                DynamoDbLocalProcess.class.getName(),
                "-inMemory",
                "-disableTelemetry",
                "-port",
                Integer.toString(port))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    return new DynamoDbLocal(process, port, log);
  }

  private boolean isOpenInTime() {
    try {
      for (int i = 0; i < POLLS; i++) {
        if (process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
          return false;
        }
        if (accepts()) {
          return process.isAlive();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return false;
  }

  private boolean accepts() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address(), port), (int) POLL_MILLIS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private void stop() {
    end();
    try {
      Runtime.getRuntime().removeShutdownHook(endWithUs);
    } catch (IllegalStateException e) {
      // The JVM is shutting down. The hook stops the child again, which is harmless.
      return;
    }
  }

  private void end() {
    try {
      process.getOutputStream().close();
      if (process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      // The child may have ended already. The code below stops it in any case.
      process.destroyForcibly();
    }
    process.destroyForcibly();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, address())) {
      return socket.getLocalPort();
    }
  }

  private static InetAddress address() {
    return InetAddress.getLoopbackAddress();
  }

  private static Path placeOf(Class<?> type) throws IOException {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IOException("Cannot find the jar of " + type.getName(), e);
    }
  }

  private static String lastLines(Path log) throws IOException {
    String text = Files.readString(log, StandardCharsets.UTF_8);
    return text.substring(Math.max(0, text.length() - 2_000));
  }
}
