package io.meshwork.consume;

import io.meshwork.operation.Operation;
import java.time.Instant;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;

/**
 * Registers a durable subscription with a name, a purpose and a contact. If a subscription of this
 * name exists, {@link #commit()} amends what you specify and keeps the rest. Not thread-safe.
 * {@code MeshClient.subscribe(..)} creates it.
 *
 * <p>{@code as(..)} and {@code asMaps()} change the row type of this operation: continue with what
 * they return.
 *
 * @param <T> the type of a row
 */
public interface Subscribe<T> extends Operation<Subscription<T>> {
  /** Sets the name, unique for the product in the consuming domain. Required. */
  Subscribe<T> named(String text);

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
   * Reads this major version. Default: that of the existing subscription; for a new one the link's,
   * if a link was named, otherwise the current one. It stays until you set another. {@link
   * #commit()} rejects a new subscription to a version that is deprecated or retired, and names the
   * version that replaces it.
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
  Subscribe<T> latest();

  /**
   * Sets how many added rows one batch of {@link Subscription#poll()} contains at most; a snapshot
   * is never split. Default: that of the existing subscription, or 1,000,000.
   *
   * @param rows at least 1
   */
  Subscribe<T> atMost(long rows);

  /**
   * Starts polling with all current rows. This is the default. The start applies to a new
   * subscription only; use {@link Subscription#seek()} to move an existing one.
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
   *     account acts for no domain
   * @throws io.meshwork.error.AccessDeniedException if the caller may not read the product, or a
   *     column that it names
   * @throws io.meshwork.error.NotFoundException if the product, major version or snapshot does not
   *     exist
   */
  @Override
  Subscription<T> commit();
}
