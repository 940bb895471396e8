package io.meshwork.local;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.MeshException;
import io.meshwork.internal.files.AbortableOutput;
import io.meshwork.internal.runtime.PartialChange;
import io.meshwork.internal.table.ParsedFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Set;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;

/** Copies files of a mesh to another store, each once, and counts them. Not thread-safe. */
final class FileCopy {
  private static final MeshAction COPY = MeshAction.of(Verb.COPY, "the files of the mesh");

  private final ParsedFiles from;
  private final FileIO to;
  private final BytesMeter meter;
  private final Set<String> done = new HashSet<>();
  private long files;
  private long bytes;

  FileCopy(FileIO from, FileIO to) {
    this(from, to, BytesMeter.silent());
  }

  FileCopy(FileIO from, FileIO to, BytesMeter meter) {
    this.from = new ParsedFiles(from);
    this.to = to;
    this.meter = meter;
  }

  FileIO from() {
    return from;
  }

  FileIO to() {
    return to;
  }

  /** Returns the exception for a file that could not be read, or not written. */
  MeshException failed(RuntimeException cause) {
    return from.failure(COPY)
        .map(read -> PartialChange.of(read, "The copy is incomplete."))
        .orElseGet(
            () ->
                Failure.of(COPY)
                    .because("a file cannot be written (" + cause.getClass().getSimpleName() + ")")
                    .state("The copy is incomplete.")
                    .fix("Check permissions and the free space.")
                    .cause(cause)
                    .lasting(ErrorCode.STORAGE_UNWRITABLE));
  }

  /** Returns the number of files that were copied. */
  long files() {
    return files;
  }

  /** Returns the total length of the files that were copied, in bytes. */
  long bytes() {
    return bytes;
  }

  /**
   * Copies a file, unless the target exists with the same length.
   *
   * @throws org.apache.iceberg.exceptions.NotFoundException if it does not exist
   */
  void copy(String location, String target) {
    if (!done.contains(target)) {
      copyOnce(location, target);
      done.add(target);
    }
  }

  private void copyOnce(String location, String target) {
    InputFile file = from.newInputFile(location);
    InputFile existing = to.newInputFile(target);
    if (existing.exists()) {
      if (existing.getLength() != file.getLength()) {
        throw differs(target);
      }
      meter.add(existing.getLength());
      return;
    }
    try (InputStream in = file.newStream();
        OutputStream out = to.newOutputFile(target).create()) {
      count(transfer(in, out));
    } catch (AlreadyExistsException e) {
      throw differs(target);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Copies all bytes; creates no file if they cannot be read, because no copy may replace it. */
  private static long transfer(InputStream in, OutputStream out) throws IOException {
    try {
      return in.transferTo(out);
    } catch (IOException | RuntimeException e) {
      if (out instanceof AbortableOutput abortable) {
        abort(abortable, e);
      }
      throw e;
    }
  }

  private static void abort(AbortableOutput out, Exception reason) {
    try {
      out.abort();
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }

  /** Returns true if the target was written or found before, or exists. */
  boolean isDone(String target) {
    if (done.contains(target)) {
      return true;
    }
    if (to.newInputFile(target).exists()) {
      done.add(target);
      return true;
    }
    return false;
  }

  /** Writes a new file, unless {@link #isDone}. */
  void write(String target, byte[] content) {
    if (isDone(target)) {
      return;
    }
    try (OutputStream out = to.newOutputFile(target).create()) {
      out.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    count(content.length);
    done.add(target);
  }

  /** Copies a file that may be replaced, whether the target exists or not. */
  void replace(String location, String target) {
    byte[] content = read(from, location);
    try (OutputStream out = to.newOutputFile(target).createOrOverwrite()) {
      out.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    count(content.length);
  }

  /** Reads a file completely. */
  static byte[] read(FileIO files, String location) {
    try (InputStream in = files.newInputFile(location).newStream()) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void count(long length) {
    files++;
    bytes += length;
    meter.add(length);
  }

  private static RuntimeException differs(String target) {
    return Failure.of(MeshAction.of(Verb.MOVE, "a file to " + target))
        .because("another file with another length exists there")
        .state("The existing file was not changed.")
        .fix("Use an empty place; if another process moves this mesh, wait for it.")
        .lastingConflict(ErrorCode.CONFLICT);
  }
}
