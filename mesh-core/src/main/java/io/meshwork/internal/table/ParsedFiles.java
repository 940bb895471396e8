package io.meshwork.internal.table;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.runtime.ThreadInterruption;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.SeekableInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Files for a parser, which throws the same for bad bytes as for a disk that fails while it reads
 * them. The failures of the store pass through here, so that afterwards they can be told apart: a
 * file that is missing, too short or nonsense is damage, and everything else may pass. Read only;
 * one thread.
 */
public final class ParsedFiles implements FileIO {
  private static final long serialVersionUID = 1L;

  private final FileIO files;
  private transient @Nullable Exception failure;

  /** Files behind, which stay the caller's to close. */
  public ParsedFiles(FileIO files) {
    this.files = files;
  }

  /**
   * What to throw if the store failed; empty if what went wrong lies in the files.
   *
   * @param action what was tried, such as {@code open table a.b_v1}
   * @param what what could not be read
   */
  public Optional<BackendException> failure(MeshAction action, String what) {
    Exception cause = failure;
    if (cause == null) {
      return Optional.empty();
    }
    if (ThreadInterruption.isCauseOf(cause)) {
      return Optional.of(ThreadInterruption.ofRead(action, cause));
    }
    Failure failed = Failure.of(action).cause(cause);
    return Optional.of(
        mayNotRead(cause)
            ? failed
                .because(what + " may not be read by this process")
                .fix("Grant this process read permission on the files of the mesh.")
                .lasting(ErrorCode.BACKEND_FAILED)
            : failed
                .because(
                    what
                        + " could not be read, because the store failed with "
                        + cause.getClass().getName())
                .fix("Try again.")
                .passing(ErrorCode.BACKEND_FAILED));
  }

  private static boolean mayNotRead(Throwable failure) {
    for (Throwable each = failure; each != null; each = each.getCause()) {
      if (each instanceof AccessDeniedException) {
        return true;
      }
    }
    return false;
  }

  private void note(Exception thrown) {
    boolean ofTheFile =
        thrown instanceof NotFoundException
            || thrown instanceof EOFException
            || thrown instanceof FileNotFoundException
            || thrown instanceof NoSuchFileException;
    if (failure == null && !ofTheFile) {
      failure = thrown;
    }
  }

  @Override
  public InputFile newInputFile(String location) {
    return new Parsed(files.newInputFile(location));
  }

  @Override
  public InputFile newInputFile(String location, long length) {
    return new Parsed(files.newInputFile(location, length));
  }

  @Override
  public Map<String, String> properties() {
    return files.properties();
  }

  @Override
  public OutputFile newOutputFile(String location) {
    throw new IllegalStateException("a parser writes nothing");
  }

  @Override
  public void deleteFile(String location) {
    throw new IllegalStateException("a parser deletes nothing");
  }

  /** Does nothing: the files belong to somebody else. */
  @Override
  public void close() {}

  private interface Call<T> {
    T call() throws IOException;
  }

  private <T> T noted(Call<T> call) throws IOException {
    try {
      return call.call();
    } catch (IOException | RuntimeException e) {
      note(e);
      throw e;
    }
  }

  private final class Parsed implements InputFile {
    private final InputFile file;

    Parsed(InputFile file) {
      this.file = file;
    }

    @Override
    public long getLength() {
      try {
        return file.getLength();
      } catch (RuntimeException e) {
        note(e);
        throw e;
      }
    }

    @Override
    public SeekableInputStream newStream() {
      try {
        return new ParsedStream(file.newStream());
      } catch (RuntimeException e) {
        note(e);
        throw e;
      }
    }

    @Override
    public String location() {
      return file.location();
    }

    @Override
    public boolean exists() {
      return file.exists();
    }
  }

  private final class ParsedStream extends SeekableInputStream {
    private final SeekableInputStream stream;

    ParsedStream(SeekableInputStream stream) {
      this.stream = stream;
    }

    @Override
    public long getPos() throws IOException {
      return noted(stream::getPos);
    }

    @Override
    public void seek(long position) throws IOException {
      noted(
          () -> {
            stream.seek(position);
            return position;
          });
    }

    @Override
    public int read() throws IOException {
      return noted(stream::read);
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      return noted(() -> stream.read(target, offset, length));
    }

    @Override
    public long skip(long count) throws IOException {
      return noted(() -> stream.skip(count));
    }

    @Override
    public int available() throws IOException {
      return noted(stream::available);
    }

    @Override
    public void close() throws IOException {
      stream.close();
    }
  }
}
