package io.meshwork.consume;

import com.google.errorprone.annotations.CheckReturnValue;
import io.meshwork.card.Health;
import io.meshwork.card.ProductConsumer;
import io.meshwork.operation.Operation;
import io.meshwork.product.MajorVersion;
import io.meshwork.product.ProductName;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * A consumer's durable, named relation to a product: read its rows, or poll for changes.
 * Thread-safe; the reads and batches that it returns are not.
 *
 * @param <T> the type of a row
 */
public interface Subscription<T> {
  /** Whether a subscription is used, and may be. */
  enum State {
    /** It was used, registered or amended in the last 90 days, and its readers may read. */
    ACTIVE,
    /** It was not read, polled, registered or amended for 90 days. */
    DORMANT,
    /**
     * It can read nothing: the principals who created it and last read with it may no longer read
     * the product, or its major version is retired.
     */
    WITHOUT_ACCESS
  }

  /**
   * The position of a subscription: everything up to it is acknowledged. Immutable.
   *
   * @param major the major version
   * @param snapshotId the id of the snapshot; empty before the first
   * @param sequence the sequence number of the snapshot; 0 before the first
   * @param committedAt when the snapshot was committed, by the mesh's log; empty before the first
   */
  record Position(
      int major, Optional<String> snapshotId, long sequence, Optional<Instant> committedAt) {}

  /** A subscription as it was when you listed it. Immutable. */
  interface Summary {
    /** Returns the consuming domain. */
    String domain();

    /** Returns the name, unique for the product in the consuming domain. */
    String name();

    /** Returns the product. */
    ProductName product();

    /** Returns the major version that is read. */
    int major();

    /** Returns the state of that major version. */
    MajorVersion.State majorState();

    /** Returns how the subscription chose that version. */
    ProductConsumer.MajorMode majorMode();

    /**
     * Returns why the subscription does not move to the current major version that it follows;
     * empty if it does not follow, or nothing prevents it.
     */
    Optional<String> waitsBecause();

    /**
     * Returns why it was registered although a newer major version replaces the version that it
     * reads; empty if it was not.
     */
    Optional<String> deprecatedBecause();

    /**
     * Returns its date in the open rollout: until the end of this day in UTC, it stays on its major
     * version, or the current contract if the rollout amends it. This is the {@code date()} of its
     * track. Empty if it has no track: without a rollout, and before the announcement.
     */
    Optional<LocalDate> rolloutDate();

    /** Returns why the product is read. */
    String purpose();

    /** Returns who receives notices. */
    String contact();

    /** Returns the columns that it names, as paths; empty if it reads all of them. */
    List<String> columns();

    /**
     * Returns the filter; empty if all rows are read. Only the consuming domain sees it, because a
     * filter may contain values.
     */
    Optional<String> where();

    /** Returns the position; empty to all but the consuming domain. */
    Optional<Position> position();

    /** Returns when rows were last read or polled, to the day; empty if never. */
    Optional<Instant> lastUsed();

    /** Returns whether it is used, and may be. */
    State state();
  }

  /** Returns the consuming domain. */
  String domain();

  /** Returns the name, unique for the product in the consuming domain. */
  String name();

  /** Returns the product. */
  ProductName product();

  /**
   * Returns the major version that is read. It stays until the subscription is amended; if it
   * follows the current one, until a poll or a read moves it.
   */
  int major();

  /** Returns why the product is read. */
  String purpose();

  /** Returns who receives notices. */
  String contact();

  /** Returns the columns that are read, as paths; empty if all are read. */
  Optional<List<String>> columns();

  /** Returns the filter in canonical form; empty if all rows are read. */
  Optional<String> where();

  /** Returns how many added rows one batch contains at most; a snapshot is never split. */
  long limit();

  /**
   * Reads the newest snapshot. Close the result.
   *
   * @throws io.meshwork.error.NotFoundException if the subscription was ended
   * @throws io.meshwork.error.AccessDeniedException if the consumer may no longer read the product
   * @throws io.meshwork.error.BackendException if files cannot be read
   */
  Rows<T> rows();

  /**
   * Returns a read of the same columns, rows and type, to which you can add a snapshot, a limit and
   * the like. Another filter replaces the subscription's for this read.
   */
  Read.OfProduct<T> read();

  /**
   * Returns the next changes of one kind since the last acknowledged batch; empty if there are
   * none. Poll until a batch is empty to get all of them: {@link Subscribe#limit} bounds a batch.
   * Until it is acknowledged every poll, from any process, returns the same one, even if more was
   * published. Close it.
   *
   * @throws io.meshwork.error.NotFoundException with {@code SUBSCRIPTION_ENDED} if the subscription
   *     was ended; subscribe again to start over
   * @throws io.meshwork.error.AccessDeniedException if the consumer may no longer read the product
   * @throws io.meshwork.error.InvalidRequestException if a column is no longer in the contract, or
   *     the row type does not fit
   * @throws io.meshwork.error.ConflictException if the subscription moved to another major version
   *     after this object was returned, with {@code STATE_CONFLICT}; or if other processes moved
   *     the position again and again until the deadline
   * @throws io.meshwork.error.BackendException if the registry or files cannot be read
   */
  Batch<T> poll();

  /**
   * Polls as {@link #poll()}, and waits for changes if there are none.
   *
   * @param atMost how long to wait; after that the batch is empty
   * @throws io.meshwork.error.BackendException as {@link #poll()}, and if the thread was
   *     interrupted while it waited
   */
  Batch<T> poll(Duration atMost);

  /**
   * Returns the current position.
   *
   * @throws io.meshwork.error.NotFoundException if the subscription was ended
   * @throws io.meshwork.error.AccessDeniedException if the account no longer acts for the domain
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  Position position();

  /**
   * Returns how fresh the product is now.
   *
   * @throws io.meshwork.error.NotFoundException if the subscription was ended
   * @throws io.meshwork.error.AccessDeniedException if the consumer may no longer read the product
   * @throws io.meshwork.error.BackendException if the registry or files cannot be read
   */
  Freshness freshness();

  /**
   * Waits until the product is as fresh as its contract promises; returns immediately if it
   * promises nothing.
   *
   * @param atMost how long to wait
   * @return false if the product is not fresh after that time
   * @throws io.meshwork.error.BackendException as {@link #freshness()}, and if the thread was
   *     interrupted
   */
  boolean awaitFresh(Duration atMost);

  /**
   * Waits until the producer has declared, with {@code completeUpTo}, that all rows with an earlier
   * event time are published.
   *
   * @param atMost how long to wait
   * @return false if the producer has not after that time
   * @throws io.meshwork.error.BackendException as {@link #awaitFresh}
   */
  boolean awaitComplete(Instant upTo, Duration atMost);

  /**
   * Moves the position before the first snapshot: the next poll sends all current rows.
   *
   * <p>A position moves back or forward, for all processes. The batch that is issued and not
   * acknowledged is withdrawn, and the next poll begins at the new position. Batches of the same
   * rows have the same ids as before, so what was published with them as idempotency key is not
   * published twice. The commit returns the new position. It throws {@link
   * io.meshwork.error.NotFoundException} if the snapshot does not exist, or the subscription was
   * ended, {@link io.meshwork.error.AccessDeniedException} if the consumer may no longer read the
   * product, and {@link io.meshwork.error.BackendException} if the registry failed; then nothing
   * was moved.
   */
  @CheckReturnValue
  Operation<Position> seekToStart();

  /**
   * Moves the position to the newest snapshot: the next poll sends the changes after it. See {@link
   * #seekToStart}.
   */
  @CheckReturnValue
  Operation<Position> seekToNow();

  /**
   * Moves the position to a snapshot: the next poll sends the changes after it. See {@link
   * #seekToStart}.
   *
   * @param id the snapshot's
   */
  @CheckReturnValue
  Operation<Position> seekToSnapshot(String id);

  /**
   * Moves the position to the newest snapshot that was committed at this time or earlier: the next
   * poll sends the changes after it. See {@link #seekToStart}.
   *
   * @param time not null
   */
  @CheckReturnValue
  Operation<Position> seekToTime(Instant time);

  /**
   * How fresh a product is compared with its contract, and whom to contact if it is late. The age
   * counts from {@code dataTime} or {@code completeUpTo}, whichever is later, if {@code dataTime}
   * is known, otherwise from {@code lastUpdated}. Immutable: it describes the time of the call.
   *
   * @param status {@code NO_PROMISE} if the contract promises no freshness; otherwise {@code
   *     FRESH}, {@code LATE}, or {@code NEVER_PUBLISHED}
   * @param lastUpdated when rows were last added or replaced, or a publish without rows declared
   *     until when the rows are complete; erasing and compaction do not count, and after a rollback
   *     it is the time of the snapshot that was rolled back to
   * @param dataTime the newest event time of the rows, at most the time of its publish; empty if
   *     the contract names no column of it, nothing was published since it does, or the caller may
   *     not read all rows of the column
   * @param completeUpTo the producer declared that all rows with an earlier event time are
   *     published; empty if nothing was declared
   * @param lateBy how late the product is; zero if it is not, or promises nothing
   * @param contact whom to contact
   */
  record Freshness(
      Health.Status status,
      Optional<Instant> lastUpdated,
      Optional<Instant> dataTime,
      Optional<Instant> completeUpTo,
      Duration lateBy,
      String contact) {
    /** Returns true if no promise is broken. */
    public boolean isFresh() {
      return status.isGood();
    }

    /** Returns true if the producer declared all rows with an earlier event time published. */
    public boolean isCompleteUpTo(Instant eventTime) {
      return completeUpTo.filter(declared -> !declared.isBefore(eventTime)).isPresent();
    }
  }
}
