package io.meshwork.publish;

import io.meshwork.product.ContractVersion;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** One change of a product's rows. Immutable and thread-safe. */
public interface HistoryEntry {
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

  /** Returns the reason, if there is one, to principals that act for the owner; otherwise empty. */
  Optional<String> reason();

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

  /** Returns the quality score of the added rows, in percent; empty if no rule was evaluated. */
  OptionalDouble qualityScore();

  /** Returns the inputs of the rows, as far as they were stated. */
  List<PublishReceipt.Input> derivedFrom();

  /** Returns, for a rollback, the IDs of the rules in force that its rows violate. */
  List<String> brokenRules();

  /**
   * Returns why rows with violations were restored, to principals that act for the owner; otherwise
   * empty.
   */
  Optional<String> violationsAllowed();

  /** Returns true if the snapshot still exists, to read it or to roll back to it. */
  boolean readable();
}
