package io.meshwork.registry;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Port: a small transactional map of JSON documents, the one place of truth. An implementation
 * proves itself with {@code RegistryConformance} of mesh-testkit. Thread-safe.
 *
 * <p>An absent document proves nothing, since a delayed commit may still land. Only {@link
 * #resolve} makes "not committed" final.
 */
public interface Registry extends AutoCloseable {
  /**
   * Sort keys of attempts start so; they are written by the registry itself and by nobody else. A
   * transaction may delete old ones: see {@link Transaction#ATTEMPTS_STAY}.
   */
  String ATTEMPT_PREFIX = "attempt/";

  /** The document in an attempt's row after it was committed. */
  String ATTEMPT_COMMITTED = "{\"status\":\"COMMITTED\"}";

  /** The document in an attempt's row after it was fenced. */
  String ATTEMPT_ABORTED = "{\"status\":\"ABORTED\"}";

  /**
   * Reads one document, strongly consistent: it sees every commit that ended before the call.
   *
   * @throws io.meshwork.error.BackendException if the store cannot be read
   */
  Optional<Document> read(Key key);

  /**
   * Reads one page of one partition, ordered by sort key as ASCII, strongly consistent. Documents
   * that are there for the whole of a walk are seen once; those that come and go in between may or
   * may not be.
   *
   * @param partition the partition, as in {@link Key}
   * @param sortPrefix only sort keys that start so; empty for all
   * @param cursor null at the start, then {@link Page#nextCursor()} of the page before
   * @throws io.meshwork.error.BackendException if the store cannot be read
   */
  Page list(String partition, String sortPrefix, @Nullable String cursor);

  /**
   * Makes all changes of a transaction or none. The row {@code attempt/<id>} is inserted with them,
   * in the partition of the first put or delete; if it is there already, nothing else is done: a
   * committed attempt answers COMMITTED again, a fenced one ABORTED.
   *
   * <p>Never throws for a doubtful reply: whatever may have happened without our knowledge is
   * {@link Status#UNKNOWN}, and the caller resolves it.
   *
   * @return COMMITTED; CONFLICT with the keys that were not as expected; ABORTED if the attempt was
   *     fenced before; or UNKNOWN
   * @throws io.meshwork.error.BackendException if it is certain that nothing was done
   */
  Outcome commit(Transaction transaction);

  /**
   * Settles an attempt for good: COMMITTED if it landed, else it writes ABORTED in its place, so
   * that it can never land. UNKNOWN if that could not be had; ask again.
   *
   * @param partition the partition of the transaction's first put or delete
   */
  Outcome resolve(String partition, String attemptId);

  /** Frees what this object holds; the documents stay. Calling it twice is harmless. */
  @Override
  void close();

  /**
   * Where a document lives.
   *
   * @param partition the writing domain, or {@code domain/…}; {@code _mesh} is governance
   * @param sort the document in the partition
   */
  record Key(String partition, String sort) implements Comparable<Key> {
    /** Most bytes of partition and sort key together. */
    public static final int MAX_BYTES = 900;

    /** Checks that both parts are printable ASCII, not empty, and together short enough. */
    public Key {
      check("partition", partition);
      check("sort key", sort);
      if (partition.length() + sort.length() >= MAX_BYTES) {
        throw new InvalidRequestException(
            ErrorCode.LIMIT_EXCEEDED,
            "Cannot make a registry key: partition and sort key have "
                + (partition.length() + sort.length())
                + " bytes together and must stay under "
                + MAX_BYTES
                + ". Shorten the key.");
      }
    }

    /** The domain that writes it: the partition up to its first slash. */
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

    private static void check(String what, String text) {
      if (text.isEmpty()) {
        throw new InvalidRequestException(
            ErrorCode.INVALID_ARGUMENT, "Cannot make a registry key: its " + what + " is empty.");
      }
      for (int i = 0; i < text.length(); i++) {
        if (text.charAt(i) < 0x20 || text.charAt(i) > 0x7e) {
          throw new InvalidRequestException(
              ErrorCode.INVALID_ARGUMENT,
              "Cannot make a registry key: character "
                  + i
                  + " of its "
                  + what
                  + " is not printable ASCII. Hash or escape what callers give.");
        }
      }
    }
  }

  /**
   * A document as it was read.
   *
   * @param key where it lives
   * @param json its content, as it was written
   * @param version the id of the attempt that wrote it, so it never repeats
   */
  record Document(Key key, String json, String version) {}

  /**
   * Some documents and where to go on.
   *
   * @param documents in the order of their sort keys
   * @param nextCursor null when this was the last page
   */
  record Page(List<Document> documents, @Nullable String nextCursor) {
    /** Copies the documents. */
    public Page {
      documents = List.copyOf(documents);
    }
  }

  /**
   * How a commit ended.
   *
   * @param status how
   * @param conflicts with CONFLICT the keys that were not as expected, at least one; else empty
   */
  record Outcome(Status status, List<Key> conflicts) {
    /** Everything was done. */
    public static final Outcome COMMITTED = new Outcome(Status.COMMITTED, List.of());

    /** Nothing was done, and never will be. */
    public static final Outcome ABORTED = new Outcome(Status.ABORTED, List.of());

    /** Nobody can say yet. */
    public static final Outcome UNKNOWN = new Outcome(Status.UNKNOWN, List.of());

    /** Copies the keys. */
    public Outcome {
      conflicts = List.copyOf(conflicts);
    }

    /** Nothing was done, since these keys were not as expected. */
    public static Outcome conflict(List<Key> keys) {
      return new Outcome(Status.CONFLICT, keys);
    }
  }

  /** Ends of a commit. */
  enum Status {
    /** All was done. */
    COMMITTED,
    /** Nothing was done; a key was not as expected. The attempt's id may be used again. */
    CONFLICT,
    /** Nothing was done; the attempt was fenced. */
    ABORTED,
    /** It may have been done; {@link Registry#resolve} settles it. */
    UNKNOWN
  }
}
