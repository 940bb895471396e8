package io.meshwork.publish;

import io.meshwork.contract.QualityReport.QualityEntry;
import io.meshwork.product.ContractVersion;
import io.meshwork.publish.PublishReceipt.PublishMode;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;

/**
 * What was published to a product. Each method checks the caller's rights and reads the current
 * state. Obtain it with {@code MeshClient.publishHistory(..)}. Thread-safe; nothing to close.
 */
public interface PublishHistory {
  /**
   * Lists the changes of the product's rows, with who made them, when, and the quality of the rows;
   * newest first. A publish to several major versions is one change for each, the leading one
   * first. The list contains the commits of engines and of back-fills, and leaves out publishes and
   * rollbacks that changed no row. Requires access to all of the product; major versions that the
   * caller cannot read completely are left out. Only the owner sees filters and reasons.
   *
   * <p>The list reads older pages of the log when they are needed, so the newest changes of a long
   * history are cheap with {@code changes().stream().limit(10)}; its size needs all of it. Use it
   * while the mesh is open.
   *
   * @throws io.meshwork.error.AccessDeniedException if the caller may not read the product
   * @throws io.meshwork.error.NotFoundException if the product does not exist
   */
  List<RowChange> changes();

  /**
   * Lists the quality and the measures of the last accepted publishes of all major versions, newest
   * first, without publishes of corrected rows while others wait in the quarantine. The mesh stores
   * the last 100 of each major version; fewer if the contract has so many rules that their measures
   * exceed 128 KiB. Requires access to all of the product; major versions that the caller cannot
   * read completely are left out.
   *
   * @throws io.meshwork.error.AccessDeniedException if the caller may not read the product
   * @throws io.meshwork.error.NotFoundException if the product does not exist
   */
  List<QualityEntry> quality();

  /**
   * Lists the stored receipts, oldest first. Only for principals that act for the owner.
   *
   * @throws io.meshwork.error.AccessDeniedException if the caller does not act for the owner
   * @throws io.meshwork.error.NotFoundException if the product does not exist
   */
  List<PublishReceipt> receipts();

  /**
   * Returns the receipt of the publish with an idempotency key; empty if nothing was committed with
   * it yet. After an unknown outcome, run the publish again with the same key instead: that settles
   * the outcome. Only for principals that act for the owner.
   *
   * @throws io.meshwork.error.AccessDeniedException if the caller does not act for the owner
   * @throws io.meshwork.error.NotFoundException if the product does not exist
   */
  Optional<PublishReceipt> findReceipt(String idempotencyKey);

  /**
   * Returns which services of engines show the rows of a receipt, as the mirrors recorded: by name,
   * such as {@code glue in 111111111111}, true if it shows the snapshot of the receipt or the
   * newest one, in each of its major versions. Reads one document for each of these, and a second
   * one where that has another snapshot.
   *
   * @param receipt a receipt of the product; only callers who act for its owner have one
   * @return sorted by name; empty, without a request, on a backend without mirrors; empty if the
   *     mirrors were never run
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  SortedMap<String, Boolean> mirrored(PublishReceipt receipt);

  /**
   * Lists how many rows broke each rule, by day: of accepted publishes whose receipts are stored,
   * the newest day first. Rules that no row broke on a day are left out. Only for principals that
   * act for the owner.
   *
   * @throws io.meshwork.error.AccessDeniedException if the caller does not act for the owner
   * @throws io.meshwork.error.NotFoundException if the product does not exist
   */
  List<RuleFailures> failures();

  /**
   * How many rows broke a rule on one day. Immutable.
   *
   * @param day in UTC
   * @param major the major version whose contract has the rule
   * @param rule the ID of the rule; {@code type:} and a column for values that did not fit
   * @param failingRows the number of rows that broke the rule
   * @param offeredRows the number of rows in the publishes with such a row
   * @param publishes the number of these publishes
   */
  record RuleFailures(
      LocalDate day, int major, String rule, long failingRows, long offeredRows, int publishes) {}

  /** One change of a product's rows. Immutable and thread-safe. */
  interface RowChange {
    /** Returns the ID of the snapshot that the change made. */
    String snapshotId();

    /** Returns the snapshot's sequence number, which orders the snapshots of a major version. */
    long sequence();

    /** Returns when the change became visible, by the mesh's clock. */
    Instant committedAt();

    /** Returns the principal that made the change, as account and role. */
    String by();

    /** Returns what happened to the existing rows. */
    PublishMode mode();

    /**
     * Returns the filter of a replacement or an erase, or the ID of the snapshot that a rollback
     * restored. Empty without one, if it is no longer known, and for principals that do not act for
     * the owner.
     */
    Optional<String> scope();

    /**
     * Returns the reason, if there is one, to principals that act for the owner; otherwise empty.
     */
    Optional<String> because();

    /**
     * Returns the version of the contract that the rows were checked against. Its major version
     * identifies the table.
     */
    ContractVersion contract();

    /** Returns the ID of the publish, which its receipt and its files contain. */
    String publishId();

    /** Returns the number of added rows. */
    long rowsAdded();

    /** Returns the number of removed rows. */
    long rowsRemoved();

    /** Returns the number of rows in the table after the change. */
    long rowsTotal();

    /** Returns the number of data files written. */
    long files();

    /**
     * Returns the share of the offered rows that were accepted, in percent; empty if none was
     * offered, and if the receipt is no longer stored.
     */
    OptionalDouble qualityScore();

    /** Returns the stated inputs of the rows. */
    List<PublishReceipt.Input> derivedFrom();

    /**
     * Returns, for a rollback, the IDs of the current rules that its rows violate, as it allowed.
     */
    List<String> brokenRules();

    /** Returns true if the snapshot still exists, to read it or to roll back to it. */
    boolean readable();
  }
}
