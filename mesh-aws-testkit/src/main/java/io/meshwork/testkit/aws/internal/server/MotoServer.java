package io.meshwork.testkit.aws.internal.server;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Moto, which emulates AWS's services in Python, as a child process. Thread-safe. */
final class MotoServer implements AutoCloseable {
  private static final String PYTHON = "mesh.python";
  private static final String FOLDER = "mesh.moto.dir";
  private static final String DEFAULT_FOLDER = "target/moto";
  private static final String INSTALL = "-m pip install 'moto[server]==5.2.1'";

  /**
   * Ends with its standard input, and logs errors only: a test makes thousands of requests. Lists
   * moto's modules once, because moto lists their folders twice for each request, which takes a
   * third of the time of a request to S3.
   */
  private static final String PROGRAM =
      String.join(
          "\n",
          "import logging, os, sys, threading",
          "from moto import __version__ as version",
          "if tuple(int(part) for part in version.split('.')[:2]) < (5, 2):",
          "    sys.exit('moto ' + version + ' is too old: 5.2 or newer is needed')",
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
   * Starts the server with the Python that {@code -Dmesh.python} names. By default, with {@code
   * python3}, or else with the virtual environment in the folder {@code -Dmesh.moto.dir}, which is
   * {@code target/moto} if it is not set.
   *
   * @throws IOException if moto runs in none of them
   */
  static MotoServer start() throws IOException {
    List<String> reasons = new ArrayList<>();
    for (String python : pythons()) {
      try {
        return start(python);
      } catch (IOException e) {
        reasons.add(e.getMessage());
      }
    }
    throw new IOException(missing() + " The reason: " + String.join(" ", reasons));
  }

  /** Returns the commands of Python that are tried, in this order. */
  static List<String> pythons() {
    String named = System.getProperty(PYTHON);
    if (named != null) {
      return List.of(named);
    }
    List<String> pythons = new ArrayList<>(List.of("python3"));
    Path environment = Path.of(System.getProperty(FOLDER, DEFAULT_FOLDER), "bin", "python");
    if (Files.isExecutable(environment)) {
      pythons.add(environment.toString());
    }
    return pythons;
  }

  private static String missing() {
    return "moto does not run in "
        + pythons().stream().map(python -> "'" + python + "'").collect(Collectors.joining(" or "))
        + ". Install it with: "
        + pythons().get(0)
        + " "
        + INSTALL
        + ", or name another Python with -D"
        + PYTHON
        + ", or a server that runs with -Dmesh.aws.endpoint, or start Docker and set"
        + " -Dmesh.docker=true.";
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
