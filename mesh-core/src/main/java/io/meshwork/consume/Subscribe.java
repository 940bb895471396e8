package io.meshwork.consume;

import com.google.errorprone.annotations.CheckReturnValue;
import io.meshwork.operation.Operation;
import io.meshwork.product.ProductName;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;

/**
 * Registers a durable subscription with a name, a purpose and a contact. If a subscription of this
 * name exists, {@link #commit()} amends only what you specify. Not thread-safe. {@code
 * MeshClient.subscribe(..)} creates it.
 *
 * <p>{@code as(..)} and {@code asMaps()} change the row type of this operation: continue with what
 * they return.
 *
 * @param <T> the type of a row
 */
public interface Subscribe<T> extends Operation<Subscription<T>> {
  /** Sets the name, unique for the product in the consuming domain. Required. */
  Subscribe<T> name(String text);

  /** Sets why the product is read. Required for a new subscription. */
  Subscribe<T> purpose(String text);

  /** Sets who receives notices. Default: the owner of the consuming domain. */
  Subscribe<T> contact(String address);

  /**
   * Reads only these columns, as {@link Read#columns}. Default: the columns of the type that {@code
   * as(..)} names, or all.
   */
  Subscribe<T> columns(String... names);

  /**
   * Reads only the rows for which the filter is true, as {@link Read#where}. {@link #commit()}
   * checks it against the contract. Default: the filter of the existing subscription, or all rows.
   */
  Subscribe<T> where(String text);

  /**
   * Reads this major version. Default: the version of the existing subscription; for a new one the
   * link's, if a link was named, otherwise the current one. It stays until you set another. {@link
   * #commit()} rejects a new subscription to a version that is deprecated or retired, and names the
   * version that replaces it.
   *
   * <p>An existing subscription moves with its position: the next batch continues where the last
   * one ended, and the ID of an unacknowledged batch does not change. A position from before the
   * time at which both versions had the same rows cannot continue; the next batch is then a {@link
   * Batch.Kind#RESET}. The subscription can move back to a version that it read before, while that
   * version is readable.
   *
   * @param number 1 or more
   * @throws io.meshwork.error.InvalidRequestException if less than 1
   */
  Subscribe<T> majorVersion(int number);

  /**
   * Reads the major version that is current at {@link #commit()}, also if the subscription exists
   * and reads another. It stays until you set another, or call this again. Cannot be combined with
   * {@link #majorVersion}.
   */
  Subscribe<T> currentMajorVersion();

  /**
   * Follows the current major version: after the owner made another version current, the
   * subscription moves to it with its position at the next poll or read. It does not move while
   * that version breaks a column that it reads, its rights or its row type do not fit, or the
   * version is not open; it then goes on reading its version, and {@link
   * Subscription.Summary#waitsBecause} states why. A new subscription starts with the current
   * version, an existing one with its own. Cannot be combined with {@link #majorVersion} or {@link
   * #currentMajorVersion}.
   */
  Subscribe<T> followRollouts();

  /**
   * Allows a new subscription to a deprecated major version, although a newer one replaces it.
   * Requires {@link #because}.
   */
  Subscribe<T> allowDeprecated();

  /**
   * Sets the reason, which the event and the subscription show. Required by {@link
   * #allowDeprecated}.
   *
   * @param text not blank
   */
  Subscribe<T> because(String text);

  /**
   * Sets how many added rows one batch of {@link Subscription#poll()} contains at most. Snapshots
   * are joined up to this number, and up to 500 files; one is never split. Default: the value of
   * the existing subscription, or 1,000,000.
   *
   * @param rows at least 1
   */
  Subscribe<T> limit(long rows);

  /**
   * Starts polling with all current rows. This is the default. The start applies to a new
   * subscription only; use {@link Subscription#seekToStart()} to move an existing one.
   */
  Subscribe<T> fromStart();

  /** Starts polling with the changes after now; applies to a new subscription only. */
  Subscribe<T> fromNow();

  /** Starts polling with the changes after this snapshot; applies to a new subscription only. */
  Subscribe<T> fromSnapshot(String id);

  /**
   * Starts polling with the changes after the newest snapshot that was committed at this time or
   * earlier; applies to a new subscription only.
   */
  Subscribe<T> fromTime(Instant time);

  /** Gives rows as Java records, as {@link Read#as(Class)}. */
  <R> Subscribe<R> as(Class<R> recordType);

  /**
   * Gives rows as Avro records of this schema, as {@link Read#as(Schema)}; {@link #commit()}
   * rejects a schema that does not fit the contract.
   */
  Subscribe<GenericRecord> as(Schema readerSchema);

  /** Gives rows as maps from column to value. */
  Subscribe<Map<String, Object>> asMaps();

  /**
   * Registers or amends the subscription.
   *
   * @throws io.meshwork.error.InvalidRequestException if name or purpose is missing, a column is
   *     not in the contract, the row type does not fit the columns, the filter is not valid, or the
   *     account acts for no domain; also if the subscription moves to a major version that lacks a
   *     column that it or its filter names
   * @throws io.meshwork.error.ConflictException if the major version accepts no new subscriptions
   * @throws io.meshwork.error.AccessDeniedException if the caller may not read the product, or a
   *     column that it names
   * @throws io.meshwork.error.NotFoundException if the product, major version or snapshot does not
   *     exist
   */
  @Override
  Subscription<T> commit();

  /**
   * Compares what this subscription would read with what it reads: both major versions at one pair
   * of snapshots that have the same publishes, under the rights of the caller. Changes nothing and
   * counts as use of neither version. Reads all rows of both versions, and holds the keys of one of
   * them in memory, about 100 bytes each.
   *
   * <p>The new version is what {@link #majorVersion}, {@link #currentMajorVersion}, or {@link
   * #followRollouts} names. It is compared with the version of the existing subscription, if {@link
   * #name} names one, otherwise with the version that it replaces.
   *
   * @throws io.meshwork.error.InvalidRequestException if there is no other version, a column is not
   *     in the contract, or the row type does not fit
   * @throws io.meshwork.error.NotFoundException if the product or major version does not exist
   * @throws io.meshwork.error.AccessDeniedException if the caller may not read one of them
   * @throws io.meshwork.error.BackendException if files cannot be read
   */
  @CheckReturnValue
  SubscriptionPlan plan();

  /**
   * The comparison of two major versions for one consumer. Unlike a {@link
   * io.meshwork.operation.Plan}, it cannot be committed: {@link #commit()} registers the
   * subscription. Immutable and thread-safe; {@code toString()} is a page for people. It contains
   * keys, so it is for the caller alone.
   */
  interface SubscriptionPlan {
    /** Returns the product. */
    ProductName product();

    /** Returns the major version that is compared with. */
    int from();

    /** Returns the new major version. */
    int to();

    /**
     * Returns true if both were read at snapshots with the same publishes. Otherwise the newest
     * ones were read, and rows may differ because one has more publishes than the other.
     */
    boolean hasSamePublishes();

    /** Returns the number of rows that the consumer reads of the old major version. */
    long rowsBefore();

    /** Returns the number of rows that the consumer would read of the new one. */
    long rowsAfter();

    /** Returns how the columns that the consumer reads differ; empty if they do not. */
    List<ColumnDifference> columns();

    /**
     * Returns the columns of the primary key in the old version, by which rows are compared; empty
     * if the old contract has none, or the caller may not read it in both.
     */
    List<String> keyColumns();

    /** Returns the number of rows whose key only the old version has; 0 without a key. */
    long rowsOnlyBefore();

    /** Returns the number of rows whose key only the new version has; 0 without a key. */
    long rowsOnlyAfter();

    /** Returns up to 10 of the keys that only the old version has. */
    List<String> keysOnlyBefore();

    /** Returns up to 10 of the keys that only the new version has. */
    List<String> keysOnlyAfter();

    /**
     * Returns the sums in the old version of the numeric columns that the consumer reads in both,
     * by their paths in the new version, without nulls and values that are not numbers.
     */
    Map<String, BigDecimal> sumsBefore();

    /** Returns the sums of these columns in the new version. */
    Map<String, BigDecimal> sumsAfter();

    /**
     * Returns true if both have the same publishes and as many rows, with the same keys and sums.
     */
    boolean hasSameRows();
  }

  /**
   * A difference between the columns that a consumer reads of two major versions. A column with two
   * paths that differ was renamed.
   *
   * @param before the path in the old version; empty for a new column
   * @param after the path in the new version; empty if it does not continue the column
   * @param types the types, as {@code before -> after}, or the one type
   */
  record ColumnDifference(Optional<String> before, Optional<String> after, String types) {}
}
