package io.meshwork.internal.ingest.file;

import io.meshwork.error.ContractViolationException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.disk.SourceFile;
import io.meshwork.internal.runtime.ThreadInterruption;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of one file as records, in order. Not thread-safe. */
public abstract class FileRows implements AutoCloseable {
  private final String name;
  private final String described;
  private final Path file;
  private final MeshAction action;

  /**
   * Names the file.
   *
   * @param all all files of the call
   */
  FileRows(Path file, List<Path> all, MeshAction action) {
    this.file = file;
    this.name = FileNames.of(file, all);
    this.described = FileNames.described(file, all);
    this.action = action;
  }

  /** The next record; null at the end. */
  public abstract @Nullable Object next();

  /** The number of the line of the record that was returned last, or of the record, from 1. */
  public abstract long position();

  @Override
  public abstract void close();

  /** How the file is read, where that is not the plain form; empty if all is plain. */
  public String readAs() {
    return "";
  }

  /** The name of the file, for messages. */
  public final String name() {
    return name;
  }

  public final MeshAction action() {
    return action.on("from " + described);
  }

  /** Opens a file, which may be compressed by gzip. */
  public final InputStream open(Path file) {
    try {
      return SourceFile.open(file);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  final void close(Closeable content) {
    try {
      content.close();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** The exception if reading fails. */
  public final RuntimeException failed(IOException e) {
    if (ThreadInterruption.isCauseOf(e)) {
      return ThreadInterruption.ofChange(action, e);
    }
    return e instanceof java.util.zip.ZipException || e instanceof java.io.EOFException
        ? malformed("it is not a complete file of its format", "Write the file again.")
        : unreadable(
            SourceFile.unreadable(file) + " (" + e.getClass().getSimpleName() + ")",
            "Check the path and its permissions.");
  }

  /** The exception if the file breaks its format where no later row can be found. */
  final ContractViolationException malformed(String reason, String fix) {
    return Failure.of(action())
        .because(reason)
        .state("Nothing was published.")
        .fix(fix)
        .contractViolation(ErrorCode.FILE_MALFORMED);
  }

  /** The exception if the file cannot be opened. */
  final InvalidRequestException unreadable(String reason, String fix) {
    return Failure.of(action())
        .because(reason)
        .state("Nothing was published.")
        .fix(fix)
        .invalidRequest(ErrorCode.SOURCE_UNREADABLE);
  }
}
