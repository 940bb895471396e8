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
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The registry in one SQLite file, for several threads and several processes of one host.
 *
 * <p>One connection writes. A fair lock serializes the threads of this object, SQLite's lock the
 * processes. Readers have their own connections and never wait for a writer.
 */
final class SqliteRegistry implements Registry {
  /** How long a writer waits for other writers. */
  static final Duration BUSY_TIMEOUT = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(SqliteRegistry.class);

  /** The maximum number of pooled connections for readers. */
  private static final int IDLE_READERS = 8;

  private final SqliteFile file;
  private final TurnFile turns;
  private final Duration busyTimeout;
  private final ReentrantLock writeLock = new ReentrantLock(true);
  private final ConcurrentLinkedQueue<SqliteConnection> idleReaders = new ConcurrentLinkedQueue<>();
  private @Nullable SqliteConnection writer;
  private volatile boolean closed;

  private SqliteRegistry(SqliteFile file, Duration busyTimeout) {
    this.file = file;
    this.turns = new TurnFile(file.path());
    this.busyTimeout = busyTimeout;
  }

  /**
   * Opens the registry in this file; creates missing folders and the file.
   *
   * @throws InvalidRequestException CONFIG_INVALID on a network file system, with an SQLite version
   *     that is too old, or if WAL and full sync are not available
   * @throws BackendException REGISTRY_CORRUPT if the file is not a registry or is damaged;
   *     REGISTRY_VERSION if a newer SDK created it; STORAGE_UNWRITABLE
   */
  static SqliteRegistry open(Path file) {
    return open(file, BUSY_TIMEOUT);
  }

  /** Opens the registry in this file; commits wait at most this long for other writers. */
  static SqliteRegistry open(Path file, Duration busyTimeout) {
    SqliteFile registryFile = new SqliteFile(file, busyTimeout);
    registryFile.prepare();
    return new SqliteRegistry(registryFile, busyTimeout);
  }

  /**
   * Opens the existing registry in this file. Creates nothing.
   *
   * @throws InvalidRequestException as {@link #open(Path)}
   * @throws BackendException as {@link #open(Path)}; REGISTRY_CORRUPT also if the file is an empty
   *     database
   */
  static SqliteRegistry openExisting(Path file) {
    SqliteFile registryFile = new SqliteFile(file, BUSY_TIMEOUT);
    registryFile.requireRegistry();
    return new SqliteRegistry(registryFile, BUSY_TIMEOUT);
  }

  /**
   * Checks that a registry can be opened at this path, before anything is created.
   *
   * @throws InvalidRequestException if the path or its file system is not supported
   * @throws BackendException if SQLite's native library cannot be loaded
   */
  static void requireUsable(Path file) {
    new SqliteFile(file, BUSY_TIMEOUT).requireUsable();
  }

  @Override
  public Optional<Document> read(Key key) {
    return read(MeshAction.of(Verb.READ, "a document of"), connection -> connection.find(key));
  }

  @Override
  public Page list(String partition, String sortPrefix, @Nullable String cursor) {
    return read(
        MeshAction.of(Verb.LIST, "documents of"),
        connection -> connection.list(partition, sortPrefix, cursor));
  }

  @Override
  public SortedSet<String> partitions() {
    return Collections.unmodifiableSortedSet(
        read(MeshAction.of(Verb.LIST, "the partitions of"), SqliteConnection::partitions));
  }

  /** Returns the fence of a move; empty if the registry can be written. */
  Optional<SqliteFence> fence() {
    return read(MeshAction.of(Verb.READ, "the state of"), SqliteConnection::fence);
  }

  /**
   * Ends writing for all processes, unless it has ended.
   *
   * @throws BackendException if the fence cannot be written, or it is not known whether it was
   */
  void endWriting(SqliteFence fence) {
    requireCommitted(
        connection -> {
          if (connection.fence().isPresent()) {
            return Decision.keep(Outcome.COMMITTED);
          }
          connection.endWriting(fence);
          return Decision.change(Outcome.COMMITTED);
        });
  }

  /**
   * Allows writing again.
   *
   * @throws BackendException as {@link #endWriting}
   */
  void allowWriting() {
    requireCommitted(
        connection -> {
          connection.allowWriting();
          return Decision.change(Outcome.COMMITTED);
        });
  }

  private void requireCommitted(Step<Decision> step) {
    MeshAction action = MeshAction.of(Verb.MOVE, "the mesh of");
    if (write(action, step).status() != Status.COMMITTED) {
      throw Failure.of(action.on("the registry '" + file.path() + "'"))
          .because("SQLite did not report whether it was written")
          .state("The mesh was not moved completely.")
          .fix("Run it again.")
          .passing(ErrorCode.BACKEND_FAILED);
    }
  }

  @Override
  public Outcome commit(Transaction transaction) {
    Key attempt = attemptKey(transaction.partition(), transaction.attemptId());
    return write(
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
      return write(
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
  public Runnable awaitTurn(String partition, boolean conflicted, Duration atMost)
      throws InterruptedException {
    return turns
        .await(partition, conflicted, atMost)
        .<Runnable>map(lock -> () -> TurnFile.release(lock))
        .orElse(NO_TURN);
  }

  @Override
  public boolean dropReplaced(String partition) {
    MeshAction action = MeshAction.of(Verb.ERASE);
    lock(action);
    try {
      requireOpen(action);
      try (SqliteConnection connection = file.open(action)) {
        return connection.emptyLog();
      } catch (SQLException e) {
        throw SqliteFailure.of(file.path(), action, e);
      }
    } finally {
      writeLock.unlock();
    }
  }

  @Override
  public void close() {
    closed = true;
    writeLock.lock();
    try {
      discardWriter();
    } finally {
      writeLock.unlock();
    }
    for (SqliteConnection reader; (reader = idleReaders.poll()) != null; ) {
      reader.close();
    }
  }

  /** The result of a writing step. */
  private record Decision(Outcome outcome, boolean changes) {
    static Decision keep(Outcome outcome) {
      return new Decision(outcome, false);
    }

    static Decision change(Outcome outcome) {
      return new Decision(outcome, true);
    }
  }

  /** A step that uses a connection. */
  private interface Step<T> {
    T run(SqliteConnection connection) throws SQLException;
  }

  private <T> T read(MeshAction action, Step<T> step) {
    requireOpen(action);
    SqliteConnection idle = idleReaders.poll();
    SqliteConnection connection = idle == null ? file.open(action) : idle;
    boolean intact = false;
    try {
      T result = step.run(connection);
      intact = true;
      return result;
    } catch (SQLException e) {
      throw SqliteFailure.of(file.path(), action, e);
    } finally {
      if (intact && idleReaders.size() < IDLE_READERS) {
        idleReaders.add(connection);
      } else {
        connection.close();
      }
      if (closed) {
        close();
      }
    }
  }

  private Outcome write(MeshAction action, Step<Decision> step) {
    lock(action);
    boolean intact = false;
    try {
      requireOpen(action);
      SqliteConnection connection = writer == null ? file.open(action) : writer;
      writer = connection;
      connection.begin();
      Decision decision = step.run(connection);
      if (decision.changes()) {
        try {
          connection.commit();
        } catch (SQLException e) {
          if (SqliteFailure.isFull(e)) {
            throw e; // rolled back: the page that commits it was not written
          }
          LOG.warn(
              "The outcome of a commit to the registry '{}' is unknown (code {}).",
              file.path(),
              e.getErrorCode());
          return Outcome.UNKNOWN;
        }
      } else {
        connection.rollback();
      }
      intact = true;
      return decision.outcome();
    } catch (SQLException e) {
      // No COMMIT was sent, or the disk was full; closing the connection rolls back.
      throw SqliteFailure.of(file.path(), action, e);
    } finally {
      if (!intact) {
        discardWriter();
      }
      writeLock.unlock();
    }
  }

  private void lock(MeshAction action) {
    try {
      if (!writeLock.tryLock(busyTimeout.toMillis(), TimeUnit.MILLISECONDS)) {
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
