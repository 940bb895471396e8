package io.meshwork.testkit;

import java.io.IOException;
import java.net.URI;
import java.util.List;

/** Moto, which emulates AWS's services in Python, as a child process. Thread-safe. */
final class MotoServer implements AutoCloseable {
  /**
   * Ends with its standard input, and logs errors only: a test makes thousands of requests. Lists
   * moto's modules once, because moto lists their folders twice for each request, which takes a
   * third of the time of a request to S3.
   */
  private static final String PROGRAM =
      String.join(
          "\n",
          "import logging, os, sys, threading",
          "def end_with_input():",
          "    sys.stdin.buffer.read()",
          "    os._exit(0)",
          "threading.Thread(target=end_with_input, daemon=True).start()",
          "logging.getLogger('werkzeug').setLevel(logging.ERROR)",
          "from moto import backends",
          "modules = list(getattr(backends, 'list_of_moto_modules', list)())",
          "backends.list_of_moto_modules = lambda: modules",
          "from moto.server import main",
          "main(sys.argv[1:])");

  private final ServerProcess process;

  private MotoServer(ServerProcess process) {
    this.process = process;
  }

  /**
   * Starts the server and returns when its port is open, after about a second.
   *
   * @param python the command of the Python in which moto[server] is installed
   * @throws IOException if Python or moto is missing, or if the server did not start
   */
  static MotoServer start(String python) throws IOException {
    return new MotoServer(
        ServerProcess.start(
            "moto",
            port ->
                List.of(python, "-c", PROGRAM, "-H", "127.0.0.1", "-p", Integer.toString(port))));
  }

  URI endpoint() {
    return process.endpoint();
  }

  long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.close();
  }
}
