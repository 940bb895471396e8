package io.meshwork.local;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Transaction;
import io.meshwork.registry.Registry.Transaction.Action;
import io.meshwork.registry.Registry.Transaction.Kind;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The registry in one SQLite file, for several threads and several processes of one machine.
 *
 * <p>One connection writes, under a lock that is fair among the threads of this object; SQLite's
 * own lock stands between processes. Readers have their own connections and never wait for a
 * writer.
 */
final class SqliteRegistry implements Registry {
  /** How long a writer waits for others. */
  static final Duration BUSY_TIMEOUT = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(SqliteRegistry.class);

  /** Connections kept for later; more readers than that open and close their own. */
  private static final int IDLE_READERS = 8;

  private final SqliteFile file;
  private final Duration busyTimeout;
  private final ReentrantLock writing = new ReentrantLock(true);
  private final ConcurrentLinkedQueue<SqliteConnection> idleReaders = new ConcurrentLinkedQueue<>();
  private @Nullable SqliteConnection writer;
  private volatile boolean closed;

  private SqliteRegistry(SqliteFile file, Duration busyTimeout) {
    this.file = file;
    this.busyTimeout = busyTimeout;
  }

  /**
   * Opens the registry of this file; makes folders and file if they are missing.
   *
   * @throws InvalidRequestException CONFIG_INVALID on a network file system, with an SQLite that is
   *     too old, or where WAL and full sync are not to be had
   * @throws BackendException REGISTRY_CORRUPT if the file is something else or damaged;
   *     REGISTRY_VERSION if a newer SDK made it; STORAGE_UNWRITABLE
   */
  static SqliteRegistry open(Path file) {
    return open(file, BUSY_TIMEOUT);
  }

  /** The same, waiting at most this long for other writers. */
  static SqliteRegistry open(Path file, Duration busyTimeout) {
    SqliteFile place = new SqliteFile(file, busyTimeout);
    place.prepare();
    return new SqliteRegistry(place, busyTimeout);
  }

  /**
   * Opens the registry of this file and makes nothing.
   *
   * @throws InvalidRequestException as {@link #open(Path)}
   * @throws BackendException as {@link #open(Path)}; REGISTRY_CORRUPT also if the file is an empty
   *     database
   */
  static SqliteRegistry openExisting(Path file) {
    SqliteFile place = new SqliteFile(file, BUSY_TIMEOUT);
    place.requireRegistry();
    return new SqliteRegistry(place, BUSY_TIMEOUT);
  }

  /**
   * Refuses what no registry can be opened under, before anything is made.
   *
   * @throws InvalidRequestException for the path, or the file system that it lies on
   * @throws BackendException if SQLite's native library cannot be loaded
   */
  static void requireUsable(Path file) {
    new SqliteFile(file, BUSY_TIMEOUT).requireUsable();
  }

  @Override
  public Optional<Document> read(Key key) {
    return reading(MeshAction.of(Verb.READ, "a document of"), connection -> connection.find(key));
  }

  @Override
  public Page list(String partition, String sortPrefix, @Nullable String cursor) {
    return reading(
        MeshAction.of(Verb.LIST, "documents of"),
        connection -> connection.list(partition, sortPrefix, cursor));
  }

  @Override
  public Outcome commit(Transaction transaction) {
    Key attempt = attemptKey(transaction.partition(), transaction.attemptId());
    return writing(
        MeshAction.of(Verb.COMMIT),
        connection -> {
          Optional<Document> settled = connection.find(attempt);
          if (settled.isPresent()) {
            return Decision.keep(outcomeOf(settled.get()));
          }
          List<Key> conflicts = conflicts(connection, transaction);
          if (!conflicts.isEmpty()) {
            return Decision.keep(Outcome.conflict(conflicts));
          }
          for (Action action : transaction.actions()) {
            if (action.json() != null) {
              connection.put(new Document(action.key(), action.json(), transaction.attemptId()));
            } else if (action.kind() == Kind.DELETE) {
              connection.delete(action.key());
            }
          }
          connection.put(new Document(attempt, ATTEMPT_COMMITTED, transaction.attemptId()));
          return Decision.change(Outcome.COMMITTED);
        });
  }

  @Override
  public Outcome resolve(String partition, String attemptId) {
    Key attempt = attemptKey(partition, attemptId);
    try {
      return writing(
          MeshAction.of(Verb.RESOLVE, "an attempt of"),
          connection -> {
            Optional<Document> settled = connection.find(attempt);
            if (settled.isPresent()) {
              return Decision.keep(outcomeOf(settled.get()));
            }
            connection.put(new Document(attempt, ATTEMPT_ABORTED, attemptId));
            return Decision.change(Outcome.ABORTED);
          });
    } catch (BackendException e) {
      LOG.warn("Attempt {} is still unresolved: {}", attempt, e.getMessage());
      return Outcome.UNKNOWN;
    }
  }

  @Override
  public void close() {
    closed = true;
    writing.lock();
    try {
      discardWriter();
    } finally {
      writing.unlock();
    }
    for (SqliteConnection reader; (reader = idleReaders.poll()) != null; ) {
      reader.close();
    }
  }

  /** What a writing step decided. */
  private record Decision(Outcome outcome, boolean changes) {
    static Decision keep(Outcome outcome) {
      return new Decision(outcome, false);
    }

    static Decision change(Outcome outcome) {
      return new Decision(outcome, true);
    }
  }

  /** What is done with a connection. */
  private interface Step<T> {
    T in(SqliteConnection connection) throws SQLException;
  }

  private <T> T reading(MeshAction action, Step<T> step) {
    requireOpen(action);
    SqliteConnection idle = idleReaders.poll();
    SqliteConnection connection = idle == null ? file.open(action) : idle;
    boolean sound = false;
    try {
      T result = step.in(connection);
      sound = true;
      return result;
    } catch (SQLException e) {
      throw SqliteFailure.of(file.path(), action, e);
    } finally {
      if (sound && idleReaders.size() < IDLE_READERS) {
        idleReaders.add(connection);
      } else {
        connection.close();
      }
      if (closed) {
        close();
      }
    }
  }

  private Outcome writing(MeshAction action, Step<Decision> step) {
    takeTurn(action);
    boolean sound = false;
    try {
      requireOpen(action);
      SqliteConnection connection = writer == null ? file.open(action) : writer;
      writer = connection;
      connection.begin();
      Decision decision = step.in(connection);
      if (decision.changes()) {
        try {
          connection.commit();
        } catch (SQLException e) {
          if (SqliteFailure.isFull(e)) {
            throw e; // it was rolled back: the page that would make it count was not written
          }
          LOG.warn(
              "The end of a commit to the registry '{}' is unknown (code {}).",
              file.path(),
              e.getErrorCode());
          return Outcome.UNKNOWN;
        }
      } else {
        connection.rollback();
      }
      sound = true;
      return decision.outcome();
    } catch (SQLException e) {
      // No COMMIT was sent or had room, and closing the connection rolls back: nothing was done.
      throw SqliteFailure.of(file.path(), action, e);
    } finally {
      if (!sound) {
        discardWriter();
      }
      writing.unlock();
    }
  }

  private void takeTurn(MeshAction action) {
    try {
      if (!writing.tryLock(busyTimeout.toMillis(), TimeUnit.MILLISECONDS)) {
        throw SqliteFailure.busy(file.path(), action, null);
      }
    } catch (InterruptedException e) {
      throw Deadline.interrupted(action.on("the registry '" + file.path() + "'"), e);
    }
  }

  private void discardWriter() {
    if (writer != null) {
      writer.close();
      writer = null;
    }
  }

  private void requireOpen(MeshAction action) {
    if (closed) {
      throw Failure.of(action.on("the registry '" + file.path() + "'"))
          .because("it was closed")
          .fix("Open it again.")
          .invalidRequest(ErrorCode.CLOSED);
    }
  }

  private static List<Key> conflicts(SqliteConnection connection, Transaction transaction)
      throws SQLException {
    List<Key> conflicts = new ArrayList<>();
    for (Action action : transaction.actions()) {
      String version =
          connection.find(action.key()).map(Document::version).orElse(Transaction.ABSENT);
      if (!version.equals(action.expectedVersion())) {
        conflicts.add(action.key());
      }
    }
    return conflicts;
  }

  private static Key attemptKey(String partition, String attemptId) {
    return new Key(partition, ATTEMPT_PREFIX + attemptId);
  }

  private static Outcome outcomeOf(Document attempt) {
    return attempt.json().equals(ATTEMPT_COMMITTED) ? Outcome.COMMITTED : Outcome.ABORTED;
  }
}
