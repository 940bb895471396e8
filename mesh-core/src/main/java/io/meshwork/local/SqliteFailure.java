package io.meshwork.local;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import java.nio.file.Path;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;

/**
 * Says what an SQLite error means for the caller, when it is certain that nothing was committed.
 */
final class SqliteFailure {
  private SqliteFailure() {}

  /** True if somebody else held a lock for longer than we wait. */
  static boolean isBusy(SQLException failure) {
    SQLiteErrorCode code = primary(failure);
    return code == SQLiteErrorCode.SQLITE_BUSY || code == SQLiteErrorCode.SQLITE_LOCKED;
  }

  /**
   * The exception for the caller. Its message holds SQLite's code and never a statement.
   *
   * @param tried what was tried, such as {@code read a document of}
   */
  static BackendException of(Path file, String tried, SQLException failure) {
    SQLiteErrorCode code = primary(failure);
    String start = "Could not " + tried + " the registry '" + file + "': ";
    return switch (code) {
      case SQLITE_BUSY, SQLITE_LOCKED -> busy(file, tried, failure);
      case SQLITE_CORRUPT, SQLITE_NOTADB ->
          BackendException.lasting(
              ErrorCode.REGISTRY_CORRUPT,
              start
                  + "the file is damaged or is no registry ("
                  + code
                  + "). It was left as it is. Keep it, and restore the mesh from a backup"
                  + " (docs/operating.md has the steps).",
              failure);
      case SQLITE_FULL, SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_PERM ->
          BackendException.lasting(
              ErrorCode.STORAGE_UNWRITABLE,
              start
                  + (code == SQLiteErrorCode.SQLITE_FULL
                      ? "the disk is full ("
                      : "the file or its folder cannot be opened for writing (")
                  + code
                  + "). Nothing was committed. Make room or give the right to write, then run it"
                  + " again.",
              failure);
      case SQLITE_IOERR, SQLITE_NOMEM, SQLITE_INTERRUPT, SQLITE_PROTOCOL, SQLITE_SCHEMA ->
          BackendException.passing(
              ErrorCode.BACKEND_FAILED,
              start
                  + "the system refused to read or write ("
                  + code
                  + "). Nothing was committed. Run it again; if it stays, look at the disk.",
              failure);
      default ->
          BackendException.lasting(
              ErrorCode.BACKEND_FAILED,
              start
                  + "SQLite refused ("
                  + code
                  + "). Nothing was committed. Check that the file was made by this SDK.",
              failure);
    };
  }

  /** The exception for the caller when a lock could not be had in time. */
  static BackendException busy(
      Path file, String tried, @org.jspecify.annotations.Nullable Throwable cause) {
    return BackendException.passing(
        ErrorCode.BACKEND_FAILED,
        "Could not "
            + tried
            + " the registry '"
            + file
            + "': others held its lock for the whole busy time-out. Nothing was committed. Run it"
            + " again, or look for a process that hangs.",
        cause);
  }

  private static SQLiteErrorCode primary(SQLException failure) {
    return SQLiteErrorCode.getErrorCode(failure.getErrorCode() & 0xff);
  }
}
