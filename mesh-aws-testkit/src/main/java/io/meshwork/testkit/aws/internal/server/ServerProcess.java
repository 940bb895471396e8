package io.meshwork.testkit.aws.internal.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/**
 * A server as a child process, on a free port of this machine. Its output goes to a temporary file.
 *
 * <p>The child has to end at the end of its standard input. The JVM keeps its end of that pipe open
 * while it runs, so the child ends with {@link #close}, with this JVM, and also when this JVM is
 * killed. Thread-safe.
 */
final class ServerProcess implements AutoCloseable {
  private static final int STARTS = 3;
  private static final int POLLS = 600;
  private static final long POLL_MILLIS = 100;
  private static final long END_SECONDS = 5;

  private final Process process;
  private final int port;
  private final Path log;
  private final Thread endWithUs = new Thread(this::endWithLog, "end a server of the tests");

  private ServerProcess(Process process, int port, Path log) {
    this.process = process;
    this.port = port;
    this.log = log;
    Runtime.getRuntime().addShutdownHook(endWithUs);
  }

  /**
   * Starts a server and returns when its port is open.
   *
   * @param name the server's name in messages
   * @param command the command for a port
   * @throws IOException if the command does not exist, or if the server did not start within a
   *     minute; the message then contains the end of its output
   */
  static ServerProcess start(String name, IntFunction<List<String>> command) throws IOException {
    Path log = Files.createTempFile("mesh-server-", ".log");
    for (int i = 1; ; i++) {
      int port = freePort();
      ServerProcess started = new ServerProcess(launch(command.apply(port), log), port, log);
      if (started.isOpenInTime()) {
        return started;
      }
      // Another process may take the port before the child opens it.
      started.stop();
      if (i == STARTS) {
        String output = lastLines(log);
        Files.delete(log);
        throw new IOException(
            "Could not start " + name + " in " + STARTS + " tries. Its output was:\n" + output);
      }
    }
  }

  /** Returns the endpoint, such as {@code http://127.0.0.1:40123}. */
  URI endpoint() {
    return URI.create("http://" + address().getHostAddress() + ":" + port);
  }

  long pid() {
    return process.pid();
  }

  /** Ends the server. Calling it twice is harmless. */
  @Override
  public void close() {
    stop();
    deleteLog();
  }

  private static Process launch(List<String> command, Path log) throws IOException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
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

  private void endWithLog() {
    end();
    deleteLog();
  }

  private void deleteLog() {
    try {
      Files.deleteIfExists(log);
    } catch (IOException e) {
      // A file in the folder of temporary files may stay.
      return;
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, address())) {
      return socket.getLocalPort();
    }
  }

  private static InetAddress address() {
    return InetAddress.getLoopbackAddress();
  }

  private static String lastLines(Path log) throws IOException {
    String text = Files.readString(log, StandardCharsets.UTF_8);
    return text.substring(Math.max(0, text.length() - 2_000));
  }
}
