package io.meshwork.aws;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Moto's server for all tests of this JVM; it ends with the JVM. */
final class LocalMoto {
  private static URI endpoint;

  private LocalMoto() {}

  /** Returns the endpoint; starts the server once. Aborts the test if moto is missing. */
  static synchronized URI endpoint() {
    if (endpoint == null) {
      try {
        endpoint = start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    return endpoint;
  }

  private static URI start() throws IOException, InterruptedException {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    Path log = Files.createTempFile("moto-", ".log");
    log.toFile().deleteOnExit();
    String program =
        "import sys,threading,os\n"
            + "threading.Thread(target=lambda:(sys.stdin.read(),os._exit(0)),daemon=True).start()\n"
            + "from moto.server import main\n"
            + "main(['-H','127.0.0.1','-p','"
            + port
            + "'])";
    Process process =
        new ProcessBuilder("python3", "-c", program)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    for (int i = 0; i < 600 && !process.waitFor(100, TimeUnit.MILLISECONDS); i++) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress("127.0.0.1", port), 100);
        return URI.create("http://127.0.0.1:" + port);
      } catch (IOException notYet) {
        continue;
      }
    }
    if (System.getenv("CI") == null) {
      abort("moto is missing: install it with 'pip install moto[server]==5.2.1'.");
    }
    throw new IOException("moto did not start: " + Files.readString(log));
  }
}
