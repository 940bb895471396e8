package io.meshwork.cli.internal.file;

import io.meshwork.cli.internal.shell.ProgressLine;
import io.meshwork.cli.internal.shell.StandardInput;
import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.disk.SourceFile;
import io.meshwork.internal.disk.TextFile;
import io.meshwork.local.LocalMesh;
import io.meshwork.operation.Operation;
import io.meshwork.publish.Publish.FileFormat;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A file to read. Standard input and a pipe, which can be read only once, are copied to a temporary
 * file, whose name does not depend on the run: the name is a part of what a key identifies.
 */
public final class InputFile implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 16;

  private final Path path;
  private final @Nullable Path temporary;
  private final String source;

  private InputFile(Path path, @Nullable Path temporary, String source) {
    this.path = path;
    this.temporary = temporary;
    this.source = source;
  }

  /**
   * Opens a file. Waits for the writer of a pipe.
   *
   * @param position its position among the files of the call, which names a pipe without a name,
   *     such as {@code /dev/fd/63}
   * @param in standard input
   * @throws UsageException if it cannot be read
   */
  public static InputFile of(String name, int position, InputStream in) {
    if (StandardInput.isNamed(name)) {
      return copy(in, StandardInput.NAME, "standard-input");
    }
    Path path = path(name);
    if (!Files.isReadable(path)) {
      throw new UsageException("Cannot read " + name + ". Does the file exist?");
    } else if (Files.isRegularFile(path) || Files.isDirectory(path)) {
      return new InputFile(path, null, name);
    }
    String last = String.valueOf(path.getFileName());
    try (InputStream pipe = Files.newInputStream(path)) {
      return copy(pipe, name, last.matches("[0-9]+") ? "pipe-" + position : last);
    } catch (IOException e) {
      throw unreadable(name, e);
    }
  }

  /**
   * Returns the text of what a user names.
   *
   * @param in standard input
   * @throws UsageException if it cannot be read, or is not UTF-8
   */
  public static String text(String name, InputStream in) {
    if (!StandardInput.isNamed(name)) {
      return text(path(name));
    }
    try {
      return TextFile.read(in, TextFile.NO_LIMIT);
    } catch (IOException e) {
      throw noText(name, e);
    }
  }

  /**
   * Returns the text of a file, which may be a pipe.
   *
   * @throws UsageException if it cannot be read, or is not UTF-8
   */
  public static String text(Path file) {
    try {
      return TextFile.read(file, TextFile.NO_LIMIT);
    } catch (IOException e) {
      throw noText(file.toString(), e);
    }
  }

  private static UsageException noText(String source, IOException e) {
    if (e instanceof TextFile.NotUtf8Exception) {
      return new UsageException(
          StandardInput.described(source)
              + " is not UTF-8. Save it as UTF-8; in Windows PowerShell 5, > writes UTF-16.");
    } else if (e instanceof NoSuchFileException) {
      return new UsageException("Cannot read " + source + ". Does the file exist?");
    }
    return unreadable(StandardInput.isNamed(source) ? StandardInput.NAME : source, e);
  }

  private static Path path(String name) {
    if (name.startsWith("file:/")) {
      return LocalMesh.path(name);
    }
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
      InputFile copy = new InputFile(folder.resolve(name), folder, source);
      SourceFile.copied(copy.path, source);
      return copy;
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
    boolean hasNoReason = e instanceof FileSystemException file && file.getReason() == null;
    return new UsageException(
        "Cannot read "
            + source
            + ": "
            + (hasNoReason ? e.getClass().getSimpleName() : e.getMessage())
            + ".");
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
  public Path path() {
    return path;
  }

  /** Returns what was read, as messages name it: the file, the pipe, or standard input. */
  public String source() {
    return source;
  }

  /** Reads the file, and tells how many of its bytes were read where that is text. */
  public <T> T following(Operation.Progress progress, Supplier<T> reading) {
    OptionalLong size = OptionalLong.of(path.toFile().length());
    SourceFile.follow(path, bytes -> progress.at(ProgressLine.BYTES, bytes, size));
    try {
      return reading.get();
    } finally {
      SourceFile.unfollow(path);
    }
  }

  /**
   * Returns the format of standard input, or of a pipe whose name does not state it, by its first
   * bytes; empty for all others.
   *
   * @throws UsageException if it is in no known format
   */
  public Optional<DetectedFormat> detected() {
    return temporary == null || FileFormat.ofExtension(source).isPresent()
        ? Optional.empty()
        : Optional.of(DetectedFormat.of(path, source));
  }

  @Override
  public void close() {
    if (temporary == null) {
      return;
    }
    SourceFile.forget(path);
    try {
      Files.deleteIfExists(path);
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      temporary.toFile().deleteOnExit();
      path.toFile().deleteOnExit();
    }
  }
}
