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
 * Files for a parser that throws the same exception for damaged files and failures of the store.
 * Records the failures of the store: a file that is missing, too short, or invalid is damaged; any
 * other failure may be temporary. Read-only. Thread-safe.
 */
public final class ParsedFiles implements FileIO {
  private static final long serialVersionUID = 1L;

  private final FileIO files;
  private transient volatile @Nullable Exception failure;
  private transient volatile String opened = "";

  /** Wraps files, which the caller closes. */
  public ParsedFiles(FileIO files) {
    this.files = files;
  }

  /**
   * The exception for a failure of the store; empty if the file is damaged.
   *
   * @param action the attempted action, such as {@code open table a.b_v1}
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
    Failure storeFailure = Failure.of(action).cause(cause);
    return Optional.of(
        isAccessDenied(cause)
            ? storeFailure
                .because("this process may not read " + what)
                .fix("Grant this process read permission on the files of the mesh.")
                .lasting(ErrorCode.BACKEND_FAILED)
            : storeFailure
                .because(
                    what
                        + " could not be read, because the store failed with "
                        + cause.getClass().getName())
                .fix("Try again.")
                .passing(ErrorCode.BACKEND_FAILED));
  }

  /** As {@link #failure(MeshAction, String)}, for the file that was opened last. */
  public Optional<BackendException> failure(MeshAction action) {
    return failure(action, opened);
  }

  /** True if the store failed. */
  boolean isFailed() {
    return failure != null;
  }

  /** The location of the file that was opened last; empty before the first. */
  String opened() {
    return opened;
  }

  private static boolean isAccessDenied(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof AccessDeniedException) {
        return true;
      }
    }
    return false;
  }

  private void record(Exception thrown) {
    boolean isDamage =
        thrown instanceof NotFoundException
            || thrown instanceof EOFException
            || thrown instanceof FileNotFoundException
            || thrown instanceof NoSuchFileException;
    if (failure == null && !isDamage) {
      failure = thrown;
    }
  }

  @Override
  public InputFile newInputFile(String location) {
    return new ParsedInputFile(files.newInputFile(location));
  }

  @Override
  public InputFile newInputFile(String location, long length) {
    return new ParsedInputFile(files.newInputFile(location, length));
  }

  @Override
  public Map<String, String> properties() {
    return files.properties();
  }

  @Override
  public OutputFile newOutputFile(String location) {
    throw new IllegalStateException("The files are read-only");
  }

  @Override
  public void deleteFile(String location) {
    throw new IllegalStateException("The files are read-only");
  }

  /** Does nothing: the caller closes the files. */
  @Override
  public void close() {}

  private interface Call<T> {
    T call() throws IOException;
  }

  private <T> T recorded(Call<T> call) throws IOException {
    try {
      return call.call();
    } catch (IOException | RuntimeException e) {
      record(e);
      throw e;
    }
  }

  private final class ParsedInputFile implements InputFile {
    private final InputFile file;

    ParsedInputFile(InputFile file) {
      this.file = file;
    }

    @Override
    public long getLength() {
      try {
        return file.getLength();
      } catch (RuntimeException e) {
        record(e);
        throw e;
      }
    }

    @Override
    public SeekableInputStream newStream() {
      opened = file.location();
      try {
        return new ParsedStream(file.newStream());
      } catch (RuntimeException e) {
        record(e);
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
      return recorded(stream::getPos);
    }

    @Override
    public void seek(long position) throws IOException {
      recorded(
          () -> {
            stream.seek(position);
            return position;
          });
    }

    @Override
    public int read() throws IOException {
      return recorded(stream::read);
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      return recorded(() -> stream.read(target, offset, length));
    }

    @Override
    public long skip(long count) throws IOException {
      return recorded(() -> stream.skip(count));
    }

    @Override
    public int available() throws IOException {
      return recorded(stream::available);
    }

    @Override
    public void close() throws IOException {
      stream.close();
    }
  }
}
