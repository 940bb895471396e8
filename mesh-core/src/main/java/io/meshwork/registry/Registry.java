package io.meshwork.registry;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Port: a small transactional map of JSON documents, the single source of truth of a mesh. Verify
 * an implementation with {@code RegistryConformance} of mesh-conformance. Thread-safe.
 *
 * <p>The absence of a document proves nothing, because a delayed commit may still arrive. Only
 * {@link #resolve} makes "not committed" final.
 */
public interface Registry extends AutoCloseable {
  /**
   * Prefix of the sort keys of attempts, which only the registry itself writes. A transaction may
   * delete old ones: see {@link Transaction#ATTEMPTS_STAY}.
   */
  String ATTEMPT_PREFIX = "attempt/";

  /** The end of no turn, of a store without an order of processes; see {@link #awaitTurn}. */
  Runnable NO_TURN = () -> {};

  /** The document in an attempt's row after it was committed. */
  String ATTEMPT_COMMITTED = "{\"status\":\"COMMITTED\"}";

  /** The document in an attempt's row after it was fenced. */
  String ATTEMPT_ABORTED = "{\"status\":\"ABORTED\"}";

  /**
   * Reads one document with strong consistency: every commit that ended before the call is visible.
   *
   * @throws io.meshwork.error.BackendException if the store cannot be read
   */
  Optional<Document> read(Key key);

  /**
   * Reads one page of one partition with strong consistency, ordered by sort key as ASCII. Over all
   * pages, a document that exists throughout is returned once; one that is created or deleted
   * meanwhile may be returned or not.
   *
   * @param partition the partition, as in {@link Key}
   * @param sortPrefix only sort keys with this prefix; empty for all
   * @param cursor null for the first page, then {@link Page#nextCursor()} of the previous page
   * @throws io.meshwork.error.BackendException if the store cannot be read
   */
  Page list(String partition, String sortPrefix, @Nullable String cursor);

  /**
   * Returns the names of all partitions that have documents, to copy a whole mesh. It may read the
   * whole store.
   *
   * @return a set that is sorted and does not change
   * @throws io.meshwork.error.BackendException if the store cannot be read
   */
  SortedSet<String> partitions();

  /**
   * Makes all changes of a transaction, or none. The row {@code attempt/<id>} is inserted with
   * them, in the partition of the first put or delete. If that row exists, nothing is changed: a
   * committed attempt returns COMMITTED again, a fenced one ABORTED.
   *
   * <p>If the result is not known, this returns {@link Status#UNKNOWN} and does not throw; the
   * caller resolves the attempt.
   *
   * @return COMMITTED; CONFLICT with the keys whose versions were not as expected; ABORTED if the
   *     attempt was fenced before; or UNKNOWN
   * @throws io.meshwork.error.BackendException if it is certain that nothing was changed
   */
  Outcome commit(Transaction transaction);

  /**
   * Settles an attempt finally: returns COMMITTED if it was committed; otherwise writes ABORTED in
   * its place, so that it can never be committed. Returns UNKNOWN if neither succeeded; call again.
   *
   * @param partition the partition of the transaction's first put or delete
   */
  Outcome resolve(String partition, String attemptId);

  /**
   * Returns the store's own time, to about a second, if the store has a clock other than this
   * host's, such as the date in a service's responses. It uses what is already known and sends no
   * request. Commits and maintenance by a host whose clock differs too much are rejected. Default:
   * empty, as before the first response.
   */
  default Optional<Instant> time() {
    return Optional.empty();
  }

  /**
   * Removes what replaced and deleted documents contained from the store's own files, such as a
   * write-ahead log. An erasure calls it. Default: does nothing, for a store without such files.
   *
   * @param partition the partition of the documents, as in {@link Key}
   * @return false if the files still contain it, because others use them
   * @throws io.meshwork.error.BackendException if the store cannot be written
   */
  default boolean dropReplaced(String partition) {
    return true;
  }

  /**
   * Waits until it is this process's turn to change a partition that others change too: next is the
   * process that has waited longest. No commit depends on the order. Called before each try of a
   * change. Default: returns at once, as of a store without such an order.
   *
   * @param partition the partition, as in {@link Key}
   * @param conflicted true if a try of the change, or of one that waits in this process, lost to
   *     another; if false, a store may return at once unless its processes took turns before
   * @param atMost how long to wait, since the process whose turn it is may hang
   * @return ends the turn, so that the next process can change the partition; run after the try.
   *     {@link #NO_TURN} if there is none to end
   * @throws InterruptedException if the thread is interrupted
   */
  default Runnable awaitTurn(String partition, boolean conflicted, Duration atMost)
      throws InterruptedException {
    return NO_TURN;
  }

  /** Releases resources; the documents remain. Calling it again has no effect. */
  @Override
  void close();

  /**
   * The address of a document.
   *
   * @param partition the domain that writes it, or {@code domain/…}; {@code _mesh} for governance
   * @param sort the sort key of the document in the partition
   */
  record Key(String partition, String sort) implements Comparable<Key> {
    /** Most bytes of partition and sort key together. */
    public static final int MAX_BYTES = 900;

    /** Checks that both parts are printable ASCII, not empty, and short enough together. */
    public Key {
      check("partition", partition);
      check("sort key", sort);
      if (partition.length() + sort.length() >= MAX_BYTES) {
        throw Failure.of(MeshAction.of(Verb.CREATE, "a registry key"))
            .because(
                "partition and sort key have "
                    + (partition.length() + sort.length())
                    + " bytes together; the limit is below "
                    + MAX_BYTES)
            .fix("Shorten the key.")
            .invalidRequest(ErrorCode.LIMIT_EXCEEDED);
      }
    }

    /** Returns the domain that writes it: the partition up to its first slash. */
    public String writingDomain() {
      int slash = partition.indexOf('/');
      return slash < 0 ? partition : partition.substring(0, slash);
    }

    @Override
    public int compareTo(Key other) {
      int byPartition = partition.compareTo(other.partition);
      return byPartition != 0 ? byPartition : sort.compareTo(other.sort);
    }

    @Override
    public String toString() {
      return partition + " · " + sort;
    }

    private static void check(String part, String text) {
      if (text.isEmpty()) {
        throw Failure.of(MeshAction.of(Verb.CREATE, "a registry key"))
            .because("its " + part + " is empty")
            .invalidRequest(ErrorCode.INVALID_ARGUMENT);
      }
      for (int i = 0; i < text.length(); i++) {
        if (text.charAt(i) < 0x20 || text.charAt(i) > 0x7e) {
          throw Failure.of(MeshAction.of(Verb.CREATE, "a registry key"))
              .because("character " + i + " of its " + part + " is not printable ASCII")
              .fix("Hash or escape it.")
              .invalidRequest(ErrorCode.INVALID_ARGUMENT);
        }
      }
    }
  }

  /**
   * A document that was read.
   *
   * @param key its address
   * @param json its content, as written
   * @param version the id of the attempt that wrote it, which is never used again
   */
  record Document(Key key, String json, String version) {}

  /**
   * A page of documents.
   *
   * @param documents in the order of their sort keys
   * @param nextCursor where the next page begins; null if this is the last page
   */
  record Page(List<Document> documents, @Nullable String nextCursor) {
    public Page {
      documents = List.copyOf(documents);
    }
  }

  /**
   * The result of a commit.
   *
   * @param status the status
   * @param conflicts for CONFLICT the keys whose versions were not as expected, at least one;
   *     otherwise empty
   */
  record Outcome(Status status, List<Key> conflicts) {
    /** All changes were made. */
    public static final Outcome COMMITTED = new Outcome(Status.COMMITTED, List.of());

    /** Nothing was changed, and the attempt can never be committed. */
    public static final Outcome ABORTED = new Outcome(Status.ABORTED, List.of());

    /** The result is not known. */
    public static final Outcome UNKNOWN = new Outcome(Status.UNKNOWN, List.of());

    public Outcome {
      conflicts = List.copyOf(conflicts);
    }

    /** Returns the result of a commit that changed nothing because of these keys. */
    public static Outcome conflict(List<Key> keys) {
      return new Outcome(Status.CONFLICT, keys);
    }
  }

  /** The status of a commit. */
  enum Status {
    /** All changes were made. */
    COMMITTED,
    /** Nothing was changed; a version was not as expected. The attempt's id may be used again. */
    CONFLICT,
    /** Nothing was changed; the attempt was fenced. */
    ABORTED,
    /** The changes may have been made; {@link Registry#resolve} settles it. */
    UNKNOWN
  }

  /**
   * Changes that are made together, under the id of an attempt that is never used again. All puts
   * and deletes are in partitions of one writing domain; checks may be anywhere. There is one
   * action for each key, with the version that it expects: there are no blind writes. The
   * constructor checks all of this and the limits below, so all backends enforce the same.
   * Immutable.
   *
   * <p>Rows of attempts belong to the registry, and only it writes them. They may be deleted when
   * they are older than {@link #ATTEMPTS_STAY}, by the times in both ids: before that, a delayed
   * delivery of the attempt could still make changes that were aborted.
   *
   * @param attemptId the id of the attempt, a UUID that begins with its time
   * @param actions at least one put or delete
   */
  record Transaction(String attemptId, List<Action> actions) {
    /** The expected version of a key that must not exist. */
    public static final String ABSENT = "absent";

    /** The maximum number of actions. */
    public static final int MAX_ACTIONS = 90;

    /** The maximum size of all keys and documents together, in bytes as UTF-8. */
    public static final int MAX_BYTES = 3 << 20;

    /** The maximum size of one document, in bytes as UTF-8. */
    public static final int MAX_DOCUMENT_BYTES = 350 * 1024;

    /** How much older an attempt must be than the transaction that deletes its row. */
    public static final Duration ATTEMPTS_STAY = Duration.ofDays(30);

    /** Checks the rules and limits. */
    public Transaction {
      actions = List.copyOf(actions);
      if (attemptId.isBlank()) {
        throw invalid(ErrorCode.INVALID_ARGUMENT, "its attempt id is blank");
      }
      if (actions.size() > MAX_ACTIONS) {
        throw invalid(
            ErrorCode.LIMIT_EXCEEDED,
            "it has " + actions.size() + " actions; the limit is " + MAX_ACTIONS);
      }
      Key first = null;
      long bytes = 0;
      Set<Key> keys = new HashSet<>();
      for (Action action : actions) {
        Key key = action.key();
        if (!keys.add(key)) {
          throw invalid(ErrorCode.INVALID_ARGUMENT, "it has two actions for key '" + key + "'");
        }
        if (key.sort().startsWith(Registry.ATTEMPT_PREFIX)) {
          checkAttempt(action, attemptId);
        }
        bytes += key.partition().length() + key.sort().length();
        if (action.json() != null) {
          int size = utf8Length(action.json());
          if (size > MAX_DOCUMENT_BYTES) {
            throw invalid(
                ErrorCode.LIMIT_EXCEEDED,
                "the document of '"
                    + key
                    + "' has "
                    + size
                    + " bytes; the limit is "
                    + MAX_DOCUMENT_BYTES);
          }
          bytes += size;
        }
        if (action.kind() != Kind.CHECK) {
          if (first == null) {
            first = key;
          } else if (!first.writingDomain().equals(key.writingDomain())) {
            throw invalid(
                ErrorCode.INVALID_ARGUMENT,
                "it writes for two domains, '"
                    + first.writingDomain()
                    + "' and '"
                    + key.writingDomain()
                    + "'; only checks may be in other domains");
          }
        }
      }
      if (first == null) {
        throw invalid(ErrorCode.INVALID_ARGUMENT, "it has no put and no delete");
      }
      if (bytes > MAX_BYTES) {
        throw invalid(
            ErrorCode.LIMIT_EXCEEDED, "it has " + bytes + " bytes; the limit is " + MAX_BYTES);
      }
    }

    /** Returns a builder for a transaction under an attempt's id. */
    public static Builder attempt(String attemptId) {
      return new Builder(attemptId);
    }

    /** Returns the partition of the attempt's row: the one with the first put or delete. */
    public String partition() {
      return actions.stream()
          .filter(action -> action.kind() != Kind.CHECK)
          .findFirst()
          .orElseThrow()
          .key()
          .partition();
    }

    /**
     * A change or a check.
     *
     * @param kind the kind
     * @param key the address
     * @param json the new content of a put; null otherwise
     * @param expectedVersion the version the key must have, or {@link #ABSENT}
     */
    public record Action(Kind kind, Key key, @Nullable String json, String expectedVersion) {
      /** Checks that a put has a document, others have none, and a delete expects a version. */
      public Action {
        if ((kind == Kind.PUT) != (json != null)) {
          throw invalid(
              ErrorCode.INVALID_ARGUMENT,
              kind + " of '" + key + "' " + (json == null ? "has no document" : "has a document"));
        }
        if (kind == Kind.DELETE && expectedVersion.equals(ABSENT)) {
          throw invalid(
              ErrorCode.INVALID_ARGUMENT,
              "it deletes '" + key + "', which it expects to be absent");
        }
      }
    }

    /** The kind of an action. */
    public enum Kind {
      /** Writes a document. */
      PUT,
      /** Removes a document. */
      DELETE,
      /** Only checks the version. */
      CHECK
    }

    /** Collects actions; {@link #build()} checks them. Not thread-safe. */
    public static final class Builder {
      private final String attemptId;
      private final List<Action> actions = new ArrayList<>();

      private Builder(String attemptId) {
        this.attemptId = attemptId;
      }

      /** Inserts a document; the key must not exist. */
      public Builder insert(Key key, String json) {
        actions.add(new Action(Kind.PUT, key, json, ABSENT));
        return this;
      }

      /** Replaces the version that was read. */
      public Builder replace(Key key, String json, String expectedVersion) {
        actions.add(new Action(Kind.PUT, key, json, expectedVersion));
        return this;
      }

      /** Deletes the version that was read. */
      public Builder delete(Key key, String expectedVersion) {
        actions.add(new Action(Kind.DELETE, key, null, expectedVersion));
        return this;
      }

      /** Checks that a document still has the version that was read. */
      public Builder check(Key key, String expectedVersion) {
        actions.add(new Action(Kind.CHECK, key, null, expectedVersion));
        return this;
      }

      /** Checks that a key does not exist. */
      public Builder checkAbsent(Key key) {
        return check(key, ABSENT);
      }

      /** Returns the transaction. */
      public Transaction build() {
        return new Transaction(attemptId, actions);
      }
    }

    private static void checkAttempt(Action action, String attemptId) {
      if (action.kind() == Kind.PUT) {
        throw invalid(
            ErrorCode.INVALID_ARGUMENT,
            "it writes '" + action.key() + "', but only the registry writes rows of attempts");
      }
      String row = action.key().sort().substring(Registry.ATTEMPT_PREFIX.length());
      if (action.kind() == Kind.DELETE
          && millisOf(attemptId) - millisOf(row) < ATTEMPTS_STAY.toMillis()) {
        throw invalid(
            ErrorCode.INVALID_ARGUMENT,
            "it deletes '"
                + action.key()
                + "', but the row of an attempt stays for "
                + ATTEMPTS_STAY.toDays()
                + " days by the times in both ids");
      }
    }

    private static long millisOf(String id) {
      UUID uuid;
      try {
        uuid = UUID.fromString(id);
      } catch (IllegalArgumentException e) {
        throw withoutTime();
      }
      // A marked UUIDv7 has version 8 and the same time.
      if (uuid.version() != 7 && uuid.version() != 8) {
        throw withoutTime();
      }
      return uuid.getMostSignificantBits() >>> 16;
    }

    private static InvalidRequestException withoutTime() {
      return invalid(
          ErrorCode.INVALID_ARGUMENT,
          "it deletes the row of an attempt, but one of the two ids is not a UUIDv7 with its time");
    }

    private static int utf8Length(String text) {
      return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static InvalidRequestException invalid(ErrorCode code, String reason) {
      return Failure.of(MeshAction.of(Verb.CREATE, "a registry transaction"))
          .because(reason)
          .fix("Split or correct the transaction; Transaction documents the limits.")
          .invalidRequest(code);
    }
  }
}
