package io.meshwork.publish;

import com.google.errorprone.annotations.CheckReturnValue;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;

/**
 * Publishes the rows of an endless source, such as one partition of a Kafka topic, in transactions.
 * Each row has a sequence, such as its offset, and is published exactly once: a transaction records
 * its last sequence together with its rows. After a crash, open the feed again and read the source
 * after {@link #lastSequence()}.
 *
 * <p>Rows wait in memory until a limit of {@link Open} is reached. The method that reaches it
 * commits on the calling thread and returns afterwards, so a source that is read by the same thread
 * waits too. The feed has no thread: call {@link #commitIfDue()} while the source has no rows.
 *
 * <p>If two processes open the same feed, the first one that commits continues it. The other one
 * fails at its next commit with {@code FEED_TAKEN_OVER}, without publishing a row.
 *
 * <p>Not thread-safe.
 *
 * @param <R> the type of the rows: Java records, Avro records, or maps
 */
public interface Feed<R> extends AutoCloseable {
  /** Returns the sequence up to which rows are published; empty before the first transaction. */
  OptionalLong lastSequence();

  /** Returns the number of rows that wait for the next transaction. */
  int waitingRows();

  /**
   * Takes a row, and commits if a limit is reached.
   *
   * @param sequence its position in the source; gaps are allowed
   * @param row not null; not changed before it is published
   * @return false if a row with this sequence or a later one was taken or published before: this
   *     one is ignored
   * @throws io.meshwork.error.ConflictException {@code FEED_TAKEN_OVER} if another process
   *     continued the feed; it is closed
   * @throws io.meshwork.error.MeshException as {@link #commit()}; the rows that wait still do.
   *     Offer the row again: it is taken once
   */
  boolean accept(long sequence, R row);

  /**
   * Takes all rows of one position of the source, which are published together; all of them or, if
   * one is null or its size fails, none.
   *
   * @param sequence see {@link #accept}
   * @param rows none to pass over the position
   * @return see {@link #accept}
   * @throws io.meshwork.error.MeshException as {@link #accept}
   */
  boolean acceptAll(long sequence, Collection<? extends R> rows);

  /**
   * Commits if a limit is reached: of rows, of bytes, or of the time since the first row.
   *
   * @return the receipt; empty if nothing was due
   * @throws io.meshwork.error.MeshException as {@link #commit()}
   */
  Optional<PublishReceipt> commitIfDue();

  /**
   * Publishes the waiting rows, for example before a planned stop. If it fails, the rows still
   * wait: call it again, which settles an unknown outcome first, or close the feed and open it
   * again.
   *
   * @return the receipt; empty if no row waits and no position was passed over
   * @throws io.meshwork.error.ContractViolationException if the contract rejects the transaction.
   *     More rows can lower the share of bad ones: the feed takes them, and commits when its limits
   *     are reached again. If ten times its limit of rows or bytes wait, it takes no more; {@link
   *     #skip()} gives the rows up
   * @throws io.meshwork.error.ConflictException {@code FEED_TAKEN_OVER} if another process
   *     continued the feed; it is closed
   * @throws io.meshwork.error.OutcomeUnknownException if the response was lost
   * @throws io.meshwork.error.BackendException if the storage failed; nothing was published
   */
  Optional<PublishReceipt> commit();

  /**
   * Gives up the waiting rows, such as rows that the contract rejects, and records that the feed
   * passed them. They are not published and not quarantined. If the outcome of their transaction is
   * unknown, it is settled instead, and they are published.
   *
   * @return the receipt of a transaction without rows, or of the settled one; empty if nothing
   *     waits
   * @throws io.meshwork.error.MeshException as {@link #commit()}
   */
  @CheckReturnValue
  Optional<PublishReceipt> skip();

  /**
   * Closes the feed without committing: waiting rows are discarded, and the source returns them
   * again after {@link #lastSequence()}.
   */
  @Override
  void close();

  /**
   * Opens a feed, with the limits of its transactions. The limit that is reached first ends a
   * transaction. Each transaction adds a snapshot and at least one file for each partition, so
   * small limits make many small files, which maintenance combines.
   *
   * <p>Created by {@code MeshClient.feed}. Not thread-safe.
   *
   * @param <R> the type of the rows
   */
  interface Open<R> {
    /**
     * Sets the number of rows of a transaction. Rows wait in memory, and ten times as many while
     * the contract rejects them. Default: 100,000.
     *
     * @param rows 1 to 10,000,000
     */
    Open<R> rowsPerCommit(int rows);

    /**
     * Limits the size of a transaction. Default: no limit.
     *
     * @param bytes positive
     * @param size returns the size of a row in bytes, such as the length of its message
     */
    Open<R> bytesPerCommit(long bytes, ToLongFunction<? super R> size);

    /**
     * Sets how long the first row of a transaction waits, by the clock of the mesh. Default: 1
     * minute.
     *
     * @param time positive
     */
    Open<R> timePerCommit(Duration time);

    /**
     * Sets options of each publish, such as {@code alsoTo(..)}, {@code derivedFrom(..)}, or {@code
     * customRule(..)}. The rows and the idempotency key are the feed's.
     *
     * @param options called for each transaction, again for a repeated one; returns its argument,
     *     or what its methods return
     */
    Open<R> publishOptions(UnaryOperator<Publish<R>> options);

    /**
     * Opens the feed and reads {@link Feed#lastSequence()}. Writes nothing.
     *
     * @throws io.meshwork.error.AccessDeniedException if the caller does not act for the owner
     * @throws io.meshwork.error.NotFoundException if the product does not exist
     */
    @CheckReturnValue
    Feed<R> open();
  }
}
