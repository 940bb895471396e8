package io.meshwork.local;

import io.meshwork.registry.Registry.Document;
import io.meshwork.registry.Registry.Key;
import io.meshwork.registry.Registry.Page;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A connection with the statements of a registry. Used by one thread at a time. */
final class SqliteConnection implements AutoCloseable {
  /** The maximum number of documents in a page, which also ends after {@link #PAGE_CHARACTERS}. */
  private static final int PAGE_DOCUMENTS = 256;

  private static final int PAGE_CHARACTERS = 1 << 20;

  /** Sorts after every printable character; appended to a prefix, it is the end of its range. */
  private static final String AFTER_ASCII = "\u007f";

  private final Connection connection;
  private final PreparedStatement find;
  private final PreparedStatement list;
  private final PreparedStatement put;
  private final PreparedStatement remove;

  /** Takes over a connection whose pragmas are set and whose tables exist. */
  SqliteConnection(Connection connection) throws SQLException {
    this.connection = connection;
    find =
        connection.prepareStatement(
            "SELECT version, json FROM document WHERE partition = ? AND sort = ?");
    list =
        connection.prepareStatement(
            "SELECT sort, version, json FROM document"
                + " WHERE partition = ? AND sort >= ? AND sort < ? AND sort <> ? ORDER BY sort");
    put =
        connection.prepareStatement(
            "INSERT INTO document (partition, sort, version, json) VALUES (?, ?, ?, ?)"
                + " ON CONFLICT (partition, sort)"
                + " DO UPDATE SET version = excluded.version, json = excluded.json");
    remove = connection.prepareStatement("DELETE FROM document WHERE partition = ? AND sort = ?");
  }

  /** Acquires the writer's lock; waits at most for the busy timeout. */
  void begin() throws SQLException {
    execute("BEGIN IMMEDIATE");
  }

  void commit() throws SQLException {
    execute("COMMIT");
  }

  void rollback() throws SQLException {
    execute("ROLLBACK");
  }

  /** Moves the write-ahead log into the file; returns false if others still use the log. */
  boolean emptyLog() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet busy = statement.executeQuery("PRAGMA wal_checkpoint(TRUNCATE)")) {
      return busy.next() && busy.getInt(1) == 0;
    }
  }

  Optional<Document> find(Key key) throws SQLException {
    find.setString(1, key.partition());
    find.setString(2, key.sort());
    try (ResultSet row = find.executeQuery()) {
      return row.next()
          ? Optional.of(new Document(key, row.getString(2), row.getString(1)))
          : Optional.empty();
    }
  }

  Page list(String partition, String sortPrefix, @Nullable String cursor) throws SQLException {
    list.setString(1, partition);
    // One lower bound: of two, SQLite would search for the first and pass all before the second.
    list.setString(2, cursor == null ? sortPrefix : cursor);
    list.setString(3, sortPrefix + AFTER_ASCII);
    list.setString(4, cursor == null ? "" : cursor);
    List<Document> documents = new ArrayList<>();
    long characters = 0;
    try (ResultSet row = list.executeQuery()) {
      while (row.next()) {
        if (documents.size() == PAGE_DOCUMENTS || characters >= PAGE_CHARACTERS) {
          return new Page(documents, documents.get(documents.size() - 1).key().sort());
        }
        String json = row.getString(3);
        characters += json.length();
        documents.add(new Document(new Key(partition, row.getString(1)), json, row.getString(2)));
      }
    }
    return new Page(documents, null);
  }

  void put(Document document) throws SQLException {
    put.setString(1, document.key().partition());
    put.setString(2, document.key().sort());
    put.setString(3, document.version());
    put.setString(4, document.json());
    put.executeUpdate();
  }

  void delete(Key key) throws SQLException {
    remove.setString(1, key.partition());
    remove.setString(2, key.sort());
    remove.executeUpdate();
  }

  /** Returns the names of all partitions. */
  SortedSet<String> partitions() throws SQLException {
    SortedSet<String> names = new TreeSet<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT DISTINCT partition FROM document")) {
      while (row.next()) {
        names.add(row.getString(1));
      }
    }
    return names;
  }

  /** Returns the fence; empty if the registry can be written. */
  Optional<SqliteFence> fence() throws SQLException {
    String table = SqliteFence.TABLE;
    try (Statement statement = connection.createStatement()) {
      try (ResultSet row =
          statement.executeQuery("SELECT name FROM sqlite_master WHERE name = '" + table + "'")) {
        if (!row.next()) {
          return Optional.empty();
        }
      }
      try (ResultSet row = statement.executeQuery("SELECT target, settings FROM " + table)) {
        return row.next()
            ? Optional.of(new SqliteFence(row.getString(1), row.getString(2)))
            : Optional.empty();
      }
    }
  }

  /** Ends all writing of documents; part of a transaction. */
  void endWriting(SqliteFence fence) throws SQLException {
    execute(
        "CREATE TABLE " + SqliteFence.TABLE + " (target TEXT NOT NULL, settings TEXT NOT NULL)");
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO " + SqliteFence.TABLE + " VALUES (?, ?)")) {
      insert.setString(1, fence.target());
      insert.setString(2, fence.settings());
      insert.executeUpdate();
    }
    for (String kind : SqliteFence.KINDS) {
      execute(fence.trigger(kind));
    }
  }

  /** Allows writing of documents again; part of a transaction. */
  void allowWriting() throws SQLException {
    for (String kind : SqliteFence.KINDS) {
      execute("DROP TRIGGER IF EXISTS " + SqliteFence.TABLE + "_" + kind);
    }
    execute("DROP TABLE IF EXISTS " + SqliteFence.TABLE);
  }

  /** Copies the database, as of one moment, into a new file. */
  void copyInto(Path copy) throws SQLException {
    try (PreparedStatement vacuum = connection.prepareStatement("VACUUM INTO ?")) {
      vacuum.setString(1, copy.toString());
      vacuum.execute();
    }
  }

  /** Closes without throwing: an open transaction is rolled back. */
  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException ignored) {
      // SQLite releases the connection with its last statement; commits are not affected.
    }
  }

  private void execute(String command) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(command);
    }
  }
}
