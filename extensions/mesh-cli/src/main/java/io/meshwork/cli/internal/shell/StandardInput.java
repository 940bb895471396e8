package io.meshwork.cli.internal.shell;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Set;

/** Standard input, and its names. Stateless. */
public final class StandardInput {
  /** How messages name it. */
  public static final String NAME = "standard input";

  private static final Set<String> NAMES =
      Set.of("-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0");

  private StandardInput() {}

  /** True for a file name that means it. */
  public static boolean isNamed(String name) {
    return NAMES.contains(name);
  }

  /** Returns what a sentence about a file begins with. */
  public static String described(String name) {
    return isNamed(name) ? "Standard input" : "File " + name;
  }

  /** Returns the standard input of this process. Reading it fails if it is closed. */
  static InputStream ofProcess() {
    return isClosed() ? new ClosedInput() : System.in;
  }

  /** Returns true if descriptor 0 belongs to the first file that the JVM opened. */
  private static boolean isClosed() {
    try {
      Path open = Path.of("/proc/self/fd/0").toRealPath();
      if (open.equals(Path.of(System.getProperty("java.home"), "lib", "modules").toRealPath())) {
        return true;
      }
      for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
        if (entry.endsWith(".jar") && open.equals(Path.of(entry).toRealPath())) {
          return true;
        }
      }
      return false;
    } catch (IOException | InvalidPathException e) {
      return false; // the system does not tell, or an entry does not exist
    }
  }

  private static final class ClosedInput extends InputStream {
    @Override
    public int read() throws IOException {
      throw new IOException("it is closed");
    }
  }
}
