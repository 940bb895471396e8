package io.meshwork.local;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Locale;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteOpenMode;
import org.sqlite.jdbc4.JDBC4Connection;

/**
 * The file of a registry: makes it, recognizes it, and opens connections whose durability was read
 * back. Thread-safe.
 */
final class SqliteFile {
  /** The ASCII letters MESH, in the header of every registry ({@code PRAGMA application_id}). */
  static final int APPLICATION_ID = 0x4d455348;

  /** The layout of the tables ({@code PRAGMA user_version}). */
  static final int LAYOUT = 1;

  /** Older libraries may lose a WAL that is reset while it is read. */
  static final String SQLITE_FLOOR = "3.51.3";

  /** How often the switch to WAL is tried when several processes make one file at once. */
  private static final int WAL_TRIES = 100;

  /** What becomes of a file or of tables that are not there. */
  private enum Absent {
    MADE,
    REFUSED
  }

  private final Path path;
  private final Duration busyTimeout;

  SqliteFile(Path path, Duration busyTimeout) {
    this.path = path.toAbsolutePath().normalize();
    this.busyTimeout = busyTimeout;
    if (this.path.toString().contains("?")) {
      throw Failure.of(MeshAction.of(Verb.OPEN, "the registry '" + this.path + "'"))
          .because("its path holds a question mark, which SQLite's driver takes for settings")
          .fix("Rename the folder.")
          .invalidRequest(ErrorCode.CONFIG_INVALID);
    }
  }

  Path path() {
    return path;
  }

  /** Refuses a file system and a process in which no registry can be opened. */
  void requireUsable() {
    LocalDisk.requireLocal(path);
    SqliteLibrary.requireLoaded(path);
  }

  /** Makes folders and file if they are missing, and checks what is there. */
  void prepare() {
    requireUsable();
    LocalDisk.makeFolders(path);
    requireMoreThanOneByte();
    boolean made = Files.notExists(path);
    try (Connection connection = connect(Absent.MADE)) {
      if (made) {
        LocalDisk.makePrivate(path);
      }
      requireVersion(text(connection, "SELECT sqlite_version()"));
      requireOurs(connection, Absent.MADE);
      switchToWal(connection);
      requireDurable(connection);
      makeTables(connection);
    } catch (SQLException e) {
      throw SqliteFailure.of(path, MeshAction.of(Verb.OPEN), e);
    }
  }

  /** Checks what is there and makes nothing. */
  void requireRegistry() {
    requireUsable();
    requireMoreThanOneByte();
    try (Connection connection = connect(Absent.REFUSED)) {
      requireVersion(text(connection, "SELECT sqlite_version()"));
      requireOurs(connection, Absent.REFUSED);
      switchToWal(connection);
      requireDurable(connection);
    } catch (SQLException e) {
      throw SqliteFailure.of(path, MeshAction.of(Verb.OPEN), e);
    }
  }

  /**
   * Copies the registry as it is now into a file that is not there, while others go on.
   *
   * @throws BackendException if it cannot be read, or the copy cannot be written
   */
  void copyInto(Path copy) {
    try (SqliteConnection connection = open(MeshAction.of(Verb.BACK_UP))) {
      connection.copyInto(copy);
    } catch (SQLException e) {
      throw SqliteFailure.of(path, MeshAction.of(Verb.BACK_UP), e);
    }
  }

  /**
   * Opens one more connection.
   *
   * @param action what it is for, as in {@link SqliteFailure#of}
   */
  SqliteConnection open(MeshAction action) {
    try {
      Connection connection = connect(Absent.REFUSED);
      boolean taken = false;
      try {
        requireOurs(connection, Absent.REFUSED);
        requireDurable(connection);
        SqliteConnection ready = new SqliteConnection(connection);
        taken = true;
        return ready;
      } finally {
        if (!taken) {
          connection.close();
        }
      }
    } catch (SQLException e) {
      throw SqliteFailure.of(path, action, e);
    }
  }

  /** Refuses an SQLite library below the floor. */
  static void requireVersion(String found) {
    String[] parts = found.split("\\.", -1);
    String[] floor = SQLITE_FLOOR.split("\\.", -1);
    for (int i = 0; i < floor.length; i++) {
      int part = i < parts.length ? Integer.parseInt(parts[i]) : 0;
      int least = Integer.parseInt(floor[i]);
      if (part > least) {
        return;
      }
      if (part < least) {
        throw Failure.of(MeshAction.of(Verb.OPEN, "a registry with SQLite " + found))
            .because(
                "it must be " + SQLITE_FLOOR + " or newer, since older ones may damage the file")
            .fix("Put a newer sqlite-jdbc on the class path.")
            .invalidRequest(ErrorCode.CONFIG_INVALID);
      }
    }
  }

  /** Refuses a journal or a level of sync that would lose commits with the power. */
  static void requireDurable(Path path, String journalMode, int synchronous) {
    if (!journalMode.toLowerCase(Locale.ROOT).equals("wal") || synchronous != 2) {
      throw Failure.of(MeshAction.of(Verb.OPEN, "the registry '" + path + "'"))
          .because(
              "journal_mode is "
                  + journalMode
                  + " and must be wal, synchronous is "
                  + synchronous
                  + " and must be 2 (FULL)")
          .fix("Use a disk with shared memory and locks.")
          .invalidRequest(ErrorCode.CONFIG_INVALID);
    }
  }

  private void requireMoreThanOneByte() {
    if (path.toFile().length() == 1) {
      // SQLite takes a file of one byte for an empty one and would write over it.
      throw notARegistry("is no database");
    }
  }

  private Connection connect(Absent absent) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    if (absent == Absent.REFUSED) {
      config.resetOpenMode(SQLiteOpenMode.CREATE);
    }
    config.setBusyTimeout(Math.toIntExact(Math.max(1, busyTimeout.toMillis())));
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    // What JDBC.createConnection does, without that class: it would register itself with
    // DriverManager, which then holds on to its class loader as long as the process lives.
    Connection connection =
        new JDBC4Connection("jdbc:sqlite:" + path, path.toString(), config.toProperties());
    try (Statement statement = connection.createStatement()) {
      // On macOS a plain sync does not reach the disk; elsewhere this changes nothing.
      statement.execute("PRAGMA fullfsync = ON");
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
    return connection;
  }

  /** A file that others made must not get our tables, and one of a newer SDK is not for us. */
  private void requireOurs(Connection connection, Absent absent) throws SQLException {
    // Tables first: who makes the file meanwhile writes tables and id in one transaction.
    boolean empty = number(connection, "SELECT count(*) FROM sqlite_master") == 0;
    int id = number(connection, "PRAGMA application_id");
    if (id != APPLICATION_ID && (id != 0 || !empty)) {
      throw notARegistry("is a database, but no registry");
    }
    if (empty && absent == Absent.REFUSED) {
      throw notARegistry("is an empty database");
    }
    int layout = number(connection, "PRAGMA user_version");
    if (layout > LAYOUT) {
      throw Failure.of(MeshAction.of(Verb.OPEN, "the registry '" + path + "'"))
          .because("its layout is " + layout + " and this SDK knows " + LAYOUT)
          .state("It was left as it is.")
          .fix("Use a newer SDK.")
          .lasting(ErrorCode.REGISTRY_VERSION);
    }
  }

  private BackendException notARegistry(String what) {
    return Failure.of(MeshAction.of(Verb.OPEN, "the registry '" + path + "'"))
        .because("the file " + what)
        .state("It was left as it is.")
        .fix("Keep it, and restore the mesh from a backup (docs/operating.md has the steps).")
        .lasting(ErrorCode.REGISTRY_CORRUPT);
  }

  private void switchToWal(Connection connection) throws SQLException {
    for (int attempt = 1; ; attempt++) {
      try {
        if (text(connection, "PRAGMA journal_mode").equals("wal")) {
          return;
        }
        text(connection, "PRAGMA journal_mode = WAL");
        return;
      } catch (SQLException e) {
        if (!SqliteFailure.isBusy(e) || attempt == WAL_TRIES) {
          throw e;
        }
        // The switch itself does not wait for others; taking the writer's lock does.
        waitForWriters(connection);
      }
    }
  }

  private static void waitForWriters(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      statement.execute("ROLLBACK");
    }
  }

  private void requireDurable(Connection connection) throws SQLException {
    requireDurable(
        path, text(connection, "PRAGMA journal_mode"), number(connection, "PRAGMA synchronous"));
  }

  private static void makeTables(Connection connection) throws SQLException {
    if (number(connection, "PRAGMA application_id") == APPLICATION_ID) {
      return;
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      // BINARY is memcmp of UTF-8, which for our keys is the order of ASCII.
      statement.execute(
          "CREATE TABLE IF NOT EXISTS document ("
              + "partition TEXT NOT NULL COLLATE BINARY, sort TEXT NOT NULL COLLATE BINARY,"
              + " version TEXT NOT NULL, json TEXT NOT NULL, PRIMARY KEY (partition, sort))"
              + " WITHOUT ROWID");
      statement.execute("PRAGMA application_id = " + APPLICATION_ID);
      statement.execute("PRAGMA user_version = " + LAYOUT);
      statement.execute("COMMIT");
    }
  }

  private static String text(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      return row.next() ? String.valueOf(row.getString(1)) : "";
    }
  }

  private static int number(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      return row.next() ? row.getInt(1) : 0;
    }
  }
}
