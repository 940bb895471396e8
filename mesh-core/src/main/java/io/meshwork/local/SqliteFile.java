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
 * The file of a registry: creates it, recognizes it, and opens connections with checked durability.
 * Thread-safe.
 */
final class SqliteFile {
  /** The ASCII letters MESH, in the header of every registry ({@code PRAGMA application_id}). */
  static final int APPLICATION_ID = 0x4d455348;

  /** The size of the pages of a new registry, which hold most documents; older ones have theirs. */
  private static final int PAGE_BYTES = 16_384;

  /** The layout of the tables ({@code PRAGMA user_version}). */
  static final int LAYOUT = 1;

  /** The oldest supported version: earlier ones may lose a WAL that is reset while it is read. */
  static final String MIN_SQLITE = "3.51.3";

  /** How often to try the switch to WAL when several processes create one file. */
  private static final int MAX_WAL_ATTEMPTS = 100;

  /** How to open a file or tables that may not exist. */
  private enum OpenMode {
    CREATE,
    EXISTING
  }

  private final Path path;
  private final Duration busyTimeout;

  SqliteFile(Path path, Duration busyTimeout) {
    this.path = path.toAbsolutePath().normalize();
    this.busyTimeout = busyTimeout;
    if (this.path.toString().contains("?")) {
      throw Failure.of(MeshAction.of(Verb.OPEN, "the registry '" + this.path + "'"))
          .because(
              "its path contains a question mark, which SQLite's driver interprets as the start of settings")
          .fix("Rename the folder.")
          .invalidRequest(ErrorCode.CONFIG_INVALID);
    }
  }

  Path path() {
    return path;
  }

  /** Rejects file systems and processes in which a registry cannot be opened. */
  void requireUsable() {
    LocalDisk.requireLocal(path);
    SqliteLibrary.requireLoaded(path);
  }

  /** Creates missing folders and the file, and checks an existing one. */
  void prepare() {
    requireUsable();
    LocalDisk.createFolders(path);
    rejectOneByte();
    boolean created = Files.notExists(path);
    try (Connection connection = connect(OpenMode.CREATE)) {
      if (created) {
        LocalDisk.makePrivate(path);
      }
      requireVersion(text(connection, "SELECT sqlite_version()"));
      requireRegistryFile(connection, OpenMode.CREATE);
      switchToWal(connection);
      requireDurable(connection);
      createTables(connection);
    } catch (SQLException e) {
      throw SqliteFailure.of(path, MeshAction.of(Verb.OPEN), e);
    }
  }

  /** Checks an existing registry. Creates nothing. */
  void requireRegistry() {
    requireUsable();
    rejectOneByte();
    try (Connection connection = connect(OpenMode.EXISTING)) {
      requireVersion(text(connection, "SELECT sqlite_version()"));
      requireRegistryFile(connection, OpenMode.EXISTING);
      switchToWal(connection);
      requireDurable(connection);
    } catch (SQLException e) {
      throw SqliteFailure.of(path, MeshAction.of(Verb.OPEN), e);
    }
  }

  /**
   * Copies the current registry into a new file; concurrent use continues.
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
   * @param action its use, as in {@link SqliteFailure#of}
   */
  SqliteConnection open(MeshAction action) {
    try {
      Connection connection = connect(OpenMode.EXISTING);
      boolean ready = false;
      try {
        requireRegistryFile(connection, OpenMode.EXISTING);
        requireDurable(connection);
        SqliteConnection result = new SqliteConnection(connection);
        ready = true;
        return result;
      } finally {
        if (!ready) {
          connection.close();
        }
      }
    } catch (SQLException e) {
      throw SqliteFailure.of(path, action, e);
    }
  }

  /** Rejects SQLite libraries older than {@link #MIN_SQLITE}. */
  static void requireVersion(String version) {
    String[] parts = version.split("\\.", -1);
    String[] minimum = MIN_SQLITE.split("\\.", -1);
    for (int i = 0; i < minimum.length; i++) {
      int part = i < parts.length ? Integer.parseInt(parts[i]) : 0;
      int least = Integer.parseInt(minimum[i]);
      if (part > least) {
        return;
      }
      if (part < least) {
        throw Failure.of(MeshAction.of(Verb.OPEN, "a registry with SQLite " + version))
            .because("versions before " + MIN_SQLITE + " may damage the file")
            .fix("Put a newer sqlite-jdbc on the class path.")
            .invalidRequest(ErrorCode.CONFIG_INVALID);
      }
    }
  }

  /** Rejects a journal mode or sync level that may lose commits when power is lost. */
  static void requireDurable(Path path, String journalMode, int synchronous) {
    if (!journalMode.toLowerCase(Locale.ROOT).equals("wal") || synchronous != 2) {
      throw Failure.of(MeshAction.of(Verb.OPEN, "the registry '" + path + "'"))
          .because(
              "journal_mode is "
                  + journalMode
                  + " and must be wal, synchronous is "
                  + synchronous
                  + " and must be 2 (FULL)")
          .fix("Use a file system that supports shared memory and locks.")
          .invalidRequest(ErrorCode.CONFIG_INVALID);
    }
  }

  private void rejectOneByte() {
    if (path.toFile().length() == 1) {
      // SQLite treats a file of one byte as empty and would overwrite it.
      throw notARegistry("is not a database");
    }
  }

  private Connection connect(OpenMode mode) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    if (mode == OpenMode.EXISTING) {
      config.resetOpenMode(SQLiteOpenMode.CREATE);
    } else {
      config.setPageSize(PAGE_BYTES);
    }
    config.setBusyTimeout(Math.toIntExact(Math.max(1, busyTimeout.toMillis())));
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    // As JDBC.createConnection, but without that class: it would register itself with
    // DriverManager, which would retain its class loader until the process ends.
    Connection connection =
        new JDBC4Connection("jdbc:sqlite:" + path, path.toString(), config.toProperties());
    try (Statement statement = connection.createStatement()) {
      // On macOS a plain sync does not reach the disk; elsewhere this changes nothing.
      statement.execute("PRAGMA fullfsync = ON");
      // Free pages would retain what an erasure removed from documents.
      statement.execute("PRAGMA secure_delete = ON");
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
    return connection;
  }

  /** Rejects databases of other applications and registries of a newer SDK. */
  private void requireRegistryFile(Connection connection, OpenMode mode) throws SQLException {
    // Tables first: a process that creates the file writes tables and ID in one transaction.
    boolean empty = number(connection, "SELECT count(*) FROM sqlite_master") == 0;
    int id = number(connection, "PRAGMA application_id");
    if (id != APPLICATION_ID && (id != 0 || !empty)) {
      throw notARegistry("is a database, but not a registry");
    }
    if (empty && mode == OpenMode.EXISTING) {
      throw notARegistry("is an empty database");
    }
    int layout = number(connection, "PRAGMA user_version");
    if (layout > LAYOUT) {
      throw Failure.of(MeshAction.of(Verb.OPEN, "the registry '" + path + "'"))
          .because("its layout is " + layout + ", but this SDK supports " + LAYOUT)
          .state("The file was not changed.")
          .fix("Use a newer SDK.")
          .lasting(ErrorCode.REGISTRY_VERSION);
    }
  }

  private BackendException notARegistry(String what) {
    return Failure.of(MeshAction.of(Verb.OPEN, "the registry '" + path + "'"))
        .because("the file " + what)
        .state("The file was not changed.")
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
        if (!SqliteFailure.isBusy(e) || attempt == MAX_WAL_ATTEMPTS) {
          throw e;
        }
        // The switch itself does not wait for other writers; acquiring the lock does.
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

  private static void createTables(Connection connection) throws SQLException {
    if (number(connection, "PRAGMA application_id") == APPLICATION_ID) {
      return;
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      // BINARY is memcmp of UTF-8, which for these keys is the order of ASCII. The table has
      // row IDs, because a search in one without them also reads the documents that it passes.
      statement.execute(
          "CREATE TABLE IF NOT EXISTS document ("
              + "partition TEXT NOT NULL COLLATE BINARY, sort TEXT NOT NULL COLLATE BINARY,"
              + " version TEXT NOT NULL, json TEXT NOT NULL, PRIMARY KEY (partition, sort))");
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
