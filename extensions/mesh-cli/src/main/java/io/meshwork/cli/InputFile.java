package io.meshwork.cli;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A file to read. Standard input and a pipe, which can be read only once, are copied to a temporary
 * file, whose name does not depend on the run: the name is a part of what a key identifies.
 */
final class InputFile implements AutoCloseable {
  private static final Set<String> STANDARD_INPUT =
      Set.of("-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0");
  private static final int BUFFER_BYTES = 1 << 16;

  private final Path path;
  private final @Nullable Path temporary;

  private InputFile(Path path, @Nullable Path temporary) {
    this.path = path;
    this.temporary = temporary;
  }

  /** True if the name is that of standard input. */
  static boolean isStandardInput(String name) {
    return STANDARD_INPUT.contains(name);
  }

  /**
   * Opens a file. Waits for the writer of a pipe.
   *
   * @param position its position among the files of the call, which names a pipe without extension
   * @param in standard input
   * @throws UsageException if it cannot be read
   */
  static InputFile of(String name, int position, InputStream in) {
    if (isStandardInput(name)) {
      return copy(in, name, "standard-input");
    }
    Path path = path(name);
    if (!Files.isReadable(path)) {
      throw new UsageException("Cannot read " + name + ". Does the file exist?");
    } else if (Files.isRegularFile(path) || Files.isDirectory(path)) {
      return new InputFile(path, null);
    }
    String last = String.valueOf(path.getFileName());
    try (InputStream pipe = Files.newInputStream(path)) {
      return copy(pipe, name, last.contains(".") ? last : "pipe-" + position);
    } catch (IOException e) {
      throw unreadable(name, e);
    }
  }

  private static Path path(String name) {
    try {
      return Path.of(name);
    } catch (InvalidPathException e) {
      throw new UsageException("'" + name + "' is not a path: " + e.getReason() + ".");
    }
  }

  private static InputFile copy(InputStream in, String source, String name) {
    byte[] buffer = new byte[BUFFER_BYTES];
    InputFile copy = create(source, name);
    boolean complete = false;
    try (OutputStream out = Files.newOutputStream(copy.path)) {
      for (int n = read(in, buffer, source); n >= 0; n = read(in, buffer, source)) {
        out.write(buffer, 0, n);
      }
      complete = true;
      return copy;
    } catch (IOException e) {
      throw uncopied(source, e);
    } finally {
      if (!complete) {
        copy.close();
      }
    }
  }

  private static InputFile create(String source, String name) {
    try {
      Path folder = Files.createTempDirectory("mesh-");
      return new InputFile(folder.resolve(name), folder);
    } catch (IOException e) {
      throw uncopied(source, e);
    }
  }

  private static int read(InputStream in, byte[] buffer, String source) {
    try {
      return in.read(buffer);
    } catch (IOException e) {
      throw unreadable(source, e);
    }
  }

  private static UsageException unreadable(String source, IOException e) {
    return new UsageException("Cannot read " + source + ": " + e.getMessage() + ".");
  }

  private static RuntimeException uncopied(String source, IOException e) {
    return Failure.of(MeshAction.of(Verb.WRITE, "a temporary copy of " + source))
        .because(e.toString())
        .state("Nothing was changed.")
        .fix(
            "Make "
                + System.getProperty("java.io.tmpdir")
                + " writable and free up space in it, or set another temporary folder, such as with"
                + " JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=/data/tmp, and run it again.")
        .cause(e)
        .lasting(ErrorCode.STORAGE_UNWRITABLE);
  }

  /** Returns the path of the file, or of its copy until this is closed. */
  Path path() {
    return path;
  }

  @Override
  public void close() {
    if (temporary == null) {
      return;
    }
    try {
      Files.deleteIfExists(path);
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      temporary.toFile().deleteOnExit();
      path.toFile().deleteOnExit();
    }
  }
}
