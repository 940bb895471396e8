package io.meshwork.publish;

import io.meshwork.operation.Operation.CheckReturnValue;
import java.time.Duration;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;

/**
 * Opens a {@link Feed}, with the limits of its transactions. The limit that is reached first ends a
 * transaction. Each transaction adds a snapshot and at least one file for each partition, so small
 * limits make many small files, which maintenance combines.
 *
 * <p>Created by {@code MeshClient.feed}. Not thread-safe.
 *
 * @param <R> the type of the rows
 */
public interface OpenFeed<R> {
  /**
   * Sets the number of rows of a transaction. Rows wait in memory, and ten times as many while the
   * contract rejects them. Default: 100,000.
   *
   * @param rows 1 to 10,000,000
   */
  OpenFeed<R> rowsPerCommit(int rows);

  /**
   * Limits the size of a transaction. Default: no limit.
   *
   * @param bytes positive
   * @param size returns the size of a row in bytes, such as the length of its message
   */
  OpenFeed<R> bytesPerCommit(long bytes, ToLongFunction<? super R> size);

  /**
   * Sets how long the first row of a transaction waits, by the clock of the mesh. Default: 1
   * minute.
   *
   * @param time positive
   */
  OpenFeed<R> timePerCommit(Duration time);

  /**
   * Sets options of each publish, such as {@code alsoTo(..)}, {@code derivedFrom(..)}, or {@code
   * customRule(..)}. The rows and the idempotency key are the feed's.
   *
   * @param options called for each transaction, again for a repeated one; returns its argument, or
   *     what its methods return
   */
  OpenFeed<R> publishOptions(UnaryOperator<Publish<R>> options);

  /**
   * Opens the feed and reads {@link Feed#lastSequence()}. Writes nothing.
   *
   * @throws io.meshwork.error.AccessDeniedException if the caller does not act for the owner
   * @throws io.meshwork.error.NotFoundException if the product does not exist
   */
  @CheckReturnValue
  Feed<R> open();
}
