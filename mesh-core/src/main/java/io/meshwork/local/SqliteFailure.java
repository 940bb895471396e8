package io.meshwork.local;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;

/** Converts an SQLite error into an exception, if it is certain that nothing was committed. */
final class SqliteFailure {
  /** SQLite extends its files by less than this at a time. */
  private static final long MIN_FREE_BYTES = 1 << 20;

  private SqliteFailure() {}

  /** Returns true if a lock was held for longer than the busy timeout. */
  static boolean isBusy(SQLException failure) {
    SQLiteErrorCode code = primary(failure);
    return code == SQLiteErrorCode.SQLITE_BUSY || code == SQLiteErrorCode.SQLITE_LOCKED;
  }

  /**
   * Returns the exception for an SQLite error. Its message has SQLite's code, never a statement.
   *
   * @param action what was attempted, such as {@code read a document of}
   */
  static BackendException of(Path file, MeshAction action, SQLException failure) {
    SQLiteErrorCode reported = primary(failure);
    // Writes to memory-mapped files fail with IOERR.
    SQLiteErrorCode code =
        reported == SQLiteErrorCode.SQLITE_IOERR && isDiskFull(file)
            ? SQLiteErrorCode.SQLITE_FULL
            : reported;
    Failure failed =
        Failure.of(action.on("the registry '" + file + "'"))
            .state("Nothing was committed.")
            .cause(failure);
    return switch (code) {
      case SQLITE_BUSY, SQLITE_LOCKED -> busy(file, action, failure);
      case SQLITE_CORRUPT, SQLITE_NOTADB ->
          failed
              .because("the file is damaged or is not a registry (" + code + ")")
              .state("The file was not changed.")
              .fix("Keep it, and restore the mesh from a backup (docs/operating.md has the steps).")
              .lasting(ErrorCode.REGISTRY_CORRUPT);
      case SQLITE_FULL ->
          failed
              .because("the disk is full (" + code + ")")
              .fix("Free disk space, then run it again.")
              .lasting(ErrorCode.STORAGE_UNWRITABLE);
      case SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_PERM ->
          failed
              .because("the file or its folder cannot be opened for writing (" + code + ")")
              .fix("Grant this process write permission, then run it again.")
              .lasting(ErrorCode.STORAGE_UNWRITABLE);
      case SQLITE_CONSTRAINT ->
          SqliteFence.targetIn(failure)
              .map(
                  target ->
                      failed
                          .because("the mesh was moved to " + target)
                          .fix("Use the mesh there. This folder can only be read.")
                          .lasting(ErrorCode.MESH_MOVED))
              .orElseGet(
                  () ->
                      failed
                          .because("SQLite reported an error (" + code + ")")
                          .fix("Check that this SDK created the file.")
                          .lasting(ErrorCode.BACKEND_FAILED));
      case SQLITE_IOERR, SQLITE_NOMEM, SQLITE_INTERRUPT, SQLITE_PROTOCOL, SQLITE_SCHEMA ->
          failed
              .because("the operating system could not read or write it (" + code + ")")
              .fix("Run it again. If the error persists, check the disk.")
              .passing(ErrorCode.BACKEND_FAILED);
      default ->
          failed
              .because("SQLite reported an error (" + code + ")")
              .fix("Check that this SDK created the file.")
              .lasting(ErrorCode.BACKEND_FAILED);
    };
  }

  /** Returns the exception for a lock that was not acquired in time. */
  static BackendException busy(
      Path file, MeshAction action, @org.jspecify.annotations.Nullable Throwable cause) {
    return Failure.of(action.on("the registry '" + file + "'"))
        .because("another process held its lock for the whole busy timeout")
        .state("Nothing was committed.")
        .fix("Run it again, or look for a process that does not respond.")
        .cause(cause)
        .passing(ErrorCode.BACKEND_FAILED);
  }

  /**
   * Returns true if the disk was full: a COMMIT had no effect, because its last page is missing.
   */
  static boolean isFull(SQLException failure) {
    return primary(failure) == SQLiteErrorCode.SQLITE_FULL;
  }

  private static boolean isDiskFull(Path file) {
    try {
      Path folder = file.toAbsolutePath().getParent();
      return folder != null && Files.getFileStore(folder).getUsableSpace() < MIN_FREE_BYTES;
    } catch (IOException e) {
      return false;
    }
  }

  private static SQLiteErrorCode primary(SQLException failure) {
    return SQLiteErrorCode.getErrorCode(failure.getErrorCode() & 0xff);
  }
}
