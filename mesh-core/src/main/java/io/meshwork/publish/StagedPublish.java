package io.meshwork.publish;

import com.google.errorprone.annotations.CheckReturnValue;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import io.meshwork.publish.Publish.StoredRows;
import io.meshwork.publish.PublishReceipt.PublishMode;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;

/**
 * A publish whose rows are written and not yet published: no consumer and no engine sees them. Only
 * principals that act for the owner do. It outlives the process, until it is promoted or discarded,
 * or maintenance removes it after its retention.
 *
 * <p>Created by {@link Publish#stage()}; {@code MeshClient.stagedPublishes} lists all of a product.
 * Shows the state as of then. Immutable and thread-safe.
 */
public interface StagedPublish {
  /** Returns its ID, a UUIDv7. The publish that promotes it has another one. */
  String id();

  /** Returns the idempotency key under which it is promoted; its ID if none was given. */
  String idempotencyKey();

  /** Returns the product. */
  ProductName product();

  /** Returns the major version whose columns the rows have. */
  int major();

  /**
   * Returns the contract at the time of staging. The rows that fit their columns are checked
   * against the current one.
   */
  ContractVersion contractVersion();

  /** Returns what happens to the existing rows. */
  PublishMode mode();

  /**
   * Returns the filter of the rows that it replaces; otherwise empty. Also empty if an erasure with
   * {@link Erase#withProof()} removed the filter, because both have a constant in common. It cannot
   * be promoted then.
   */
  Optional<String> scope();

  /** Returns when it was staged, by the mesh's clock. */
  Instant stagedAt();

  /** Returns who staged it. */
  Principal stagedBy();

  /** Returns the number of staged rows that fit their columns; {@link #rows()} returns them. */
  long rowCount();

  /**
   * Returns the number of staged rows that do not fit their columns: as for a publish, also rows
   * with a null in a required column, a value that is not a symbol of its enum, or one that no
   * partition takes. When it is promoted, they are quarantined, or reject the publish.
   */
  long invalidRowCount();

  /** Returns the length of its files in bytes. */
  long bytes();

  /**
   * Returns the ID of the erase that removed this staged publish, because a row of it matched, or
   * may have matched, the filter of the erase. It has no rows and can only be discarded then.
   * Otherwise empty.
   */
  Optional<String> erasedBy();

  /**
   * Reads the rows that fit their columns, in the order in which they were offered, with the
   * columns of the current contract. No rule was applied to them.
   *
   * @return to be closed
   * @throws io.meshwork.error.NotFoundException if it was promoted, discarded, or erased
   * @throws io.meshwork.error.AccessDeniedException if the caller does not act for the owner
   * @throws io.meshwork.error.BackendException while it is read, if a file cannot be read
   */
  @CheckReturnValue
  Stream<GenericRecord> rows();

  /**
   * Publishes the rows, as if they were offered now. {@link StoredRows#plan()} shows the difference
   * to the current rows, and the result of each rule.
   */
  @CheckReturnValue
  StoredRows<GenericRecord> promote();

  /**
   * Removes it with its rows. Has no effect if it was discarded before.
   *
   * @throws io.meshwork.error.AlreadyExistsException if it was promoted
   * @throws io.meshwork.error.AccessDeniedException if the caller does not act for the owner
   * @throws io.meshwork.error.OutcomeUnknownException if the response was lost; call it again
   */
  void discard();
}
