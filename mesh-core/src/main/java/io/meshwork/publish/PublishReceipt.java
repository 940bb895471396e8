package io.meshwork.publish;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.meshwork.contract.QualityReport;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a publish, an erase, or a rollback did. The mesh stores it with the product; {@link
 * PublishHistory#findReceipt} finds it by its key. Immutable and thread-safe.
 */
public interface PublishReceipt {
  /** Returns the ID of the publish, a UUIDv7, which the names of its files contain. */
  String publishId();

  /** Returns the caller's idempotency key; the ID of the publish if none was given. */
  String idempotencyKey();

  /** Returns the product. */
  ProductName product();

  /** Returns the major version. */
  int major();

  /** Returns the version of the contract that the rows were checked against. */
  ContractVersion contractVersion();

  /** Returns the ID of the new Iceberg snapshot; empty if the table did not change. */
  Optional<String> snapshotId();

  /** Returns the sequence number of the new snapshot; empty if the table did not change. */
  OptionalLong sequence();

  /**
   * Returns how the rows met the contract. It has samples only in the process that published them.
   */
  QualityReport quality();

  /** Returns what happened to the existing rows. */
  PublishMode mode();

  /**
   * Returns the filter of a replacement or an erase, or the ID of the snapshot that a rollback
   * restored; otherwise empty. A filter can contain field values; of a list of values, it has the
   * column and their number, such as {@code email IN (2 values)}.
   */
  Optional<String> scope();

  /** Returns the reason, such as an erase's or a rollback's; empty without one. */
  Optional<String> because();

  /** Returns the inputs of the rows, as given by {@link Publish#derivedFrom}. */
  List<Input> derivedFrom();

  /**
   * Returns the event time up to which rows are complete, as this publish stated it with {@link
   * Publish#completeUpTo}; otherwise empty. The freshness of the product has the latest statement,
   * which can be of an earlier publish.
   */
  Optional<Instant> dataTime();

  /**
   * Returns the number of existing rows that were removed. For a rollback, these are the rows of
   * the removed files, even if restored files contain the same rows.
   */
  long rowsRemoved();

  /**
   * Returns the number of rows that an erase, or their publish after a correction, removed from the
   * quarantine of this major version; not part of {@link #rowsRemoved}.
   */
  long quarantineRowsRemoved();

  /** Returns the number of rows in the files that a rollback restored; otherwise 0. */
  long rowsRestored();

  /**
   * Returns a digest of the offered rows, by their values and in any order. Present only with
   * {@link Publish#verifyReplay()}; not part of {@link #toJson()}.
   */
  Optional<String> rowsDigest();

  /**
   * Returns the number of data files written, without the quarantine's, including files with the
   * rows that a filter retained.
   */
  long files();

  /** Returns the size of these files in bytes. */
  long bytes();

  /** Returns when the change became visible, by the mesh's clock. */
  Instant committedAt();

  /** Returns true if this is the receipt of an earlier publish under the same key. */
  boolean replayed();

  /**
   * Returns, for an erase, the branches and tags other than main that still contain erased rows.
   * The owner has to drop them with an engine. Otherwise empty.
   */
  List<String> refsHoldingErased();

  /**
   * Returns, for an erase, the locations of the registered files of other programs that still
   * contain erased rows, at most 1,000 and 128 KiB: no read of the product returns them, but
   * Meshwork never changes such files, so their owner has to erase the rows there too. Otherwise
   * empty.
   */
  List<String> filesHoldingErased();

  /**
   * Returns the receipts of the other major versions that the same commit wrote; empty for a commit
   * to one major version. This receipt is the leading one's. These receipts have no others.
   */
  List<PublishReceipt> otherVersions();

  /**
   * Returns the number of rows that this commit wrote to the leading major version, and not to
   * older ones, because the rollout leaves them out; 0 in the receipts of {@link #otherVersions()}.
   */
  default long rowsLeftOut() {
    long leftOut = 0;
    for (PublishReceipt receipt : otherVersions()) {
      leftOut = Math.max(leftOut, quality().rowsOffered() - receipt.quality().rowsOffered());
    }
    return leftOut;
  }

  /**
   * Returns the number of published rows that were late: their event time is before the newest one
   * of the earlier publishes to this major version, as of the start of this publish. Only rows that
   * are added count, and only if the contract names the column of the event time.
   */
  long lateRows();

  /**
   * Returns how much older than the newest event time the oldest late row is; zero if there are
   * none.
   */
  Duration largestLateness();

  /** Returns the number of published rows. */
  default long rowsAccepted() {
    return quality().rowsAccepted();
  }

  /**
   * Returns the number of quarantined rows that {@link Publish#republish} selected and left in the
   * quarantine, as the correction left them out, or as they cannot be published from there; {@link
   * QualityReport#violations()} says why and what to do. Otherwise 0.
   */
  default long rowsSkipped() {
    return quality().violations().stream()
        .filter(finding -> finding.code() == FindingCode.QUARANTINE_KEPT)
        .mapToLong(Finding::count)
        .sum();
  }

  /** Returns true if the caller gave the idempotency key. */
  default boolean keyWasGiven() {
    return !idempotencyKey().equals(publishId());
  }

  /** Returns the number of failing rows of each rule ID, in the contract's order, including 0. */
  default Map<String, Long> failingRowsByRule() {
    Map<String, Long> failing = new LinkedHashMap<>();
    quality().rules().forEach(rule -> failing.put(rule.ruleId(), rule.failingRows()));
    return failing;
  }

  /**
   * Returns the receipt as one line of JSON. The fields are stable; {@code format} is their
   * version: publishId, idempotencyKey, product, major, contractVersion, mode, reason (absent
   * without one), derivedFrom (absent without inputs), snapshotId and sequence (absent without a
   * snapshot), rows {offered, accepted, quarantined, skipped (absent if 0), removed, restored,
   * byRule, and, if rows were late, late and largestLateness}, files, bytes, qualityScore (null if
   * no row was offered), dataTime (null if not stated), refsHoldingErased and filesHoldingErased
   * (absent if empty), committedAt, replayed, also (absent if empty; receipts of the same form).
   * The filter is missing, because it can contain field values.
   */
  String toJson();

  /** Returns the counts of rows, then the rules that failed, as a small table for people. */
  @Override
  String toString();

  /**
   * An input of published rows: a snapshot of a product, and which column came from which.
   * Immutable.
   *
   * @param product the input
   * @param contract the contract version of the input's snapshot
   * @param snapshotId the ID of the input's snapshot
   * @param columns pairs such as {@code total=amount}, the product's own column first; can be empty
   */
  record Input(
      ProductName product,
      @JsonProperty("contractVersion") ContractVersion contract,
      String snapshotId,
      @JsonInclude(JsonInclude.Include.ALWAYS) List<String> columns) {
    public Input {
      columns = List.copyOf(columns);
    }

    /** Returns the snapshot, such as {@code commerce/orders@4711}. */
    @Override
    public String toString() {
      return product + "@" + snapshotId;
    }
  }

  /** What a commit does with the existing rows. */
  enum PublishMode {
    /** They are retained. */
    APPEND,
    /** All of them are replaced. */
    REPLACE_ALL,
    /** Rows in the partitions of the new rows are replaced. */
    REPLACE_PARTITIONS,
    /** Rows for which a filter is true are replaced. */
    REPLACE_WHERE,
    /** Rows for which a filter is true are erased. */
    ERASE,
    /** They are retained; quarantined rows for which a filter is true are erased. */
    ERASE_QUARANTINE,
    /** They are replaced by the rows of an earlier snapshot. */
    ROLLBACK,
    /** They are retained; an engine rewrote their files. */
    COMPACTION,
    /** They are retained; rows of another major version were copied to this one. */
    BACK_FILL,
    /** They are retained; files of another program were registered where they are. */
    ONBOARD;

    /** Returns the name in receipts, logs, and snapshots, such as {@code replace-where}. */
    public String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Returns the mode with this name.
     *
     * @param text such as {@code replace-where}
     * @throws io.meshwork.error.InvalidRequestException if there is none
     */
    public static PublishMode parse(String text) {
      for (PublishMode mode : values()) {
        if (mode.text().equals(text)) {
          return mode;
        }
      }
      throw Failure.of(MeshAction.of(Verb.READ, "a publish mode"))
          .because("the name is unknown")
          .fix(
              "Use append, replace-all, replace-partitions, replace-where, erase, erase-quarantine,"
                  + " rollback, compaction, back-fill, or onboard. A newer version of the SDK can have other modes.")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
  }
}
